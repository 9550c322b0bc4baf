import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { styleText } from "node:util";
import { OnrampError } from "@onramp/errors/onramp-error";
import { visibleText } from "@onramp/reports/visible-text";
import type { Submission } from "@onramp/submission/collect";
import { tryGit } from "./git.ts";

/**
 * What changed from one submission to another, as `git diff` shows it, of the files that are taken.
 * Control characters are replaced by ones that can be seen: a submission may not write to a mentor's terminal.
 */
export async function diffSubmissions(before: Submission, after: Submission): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "onramp-diff-"));
  try {
    for (const [name, submission] of [
      ["a", before],
      ["b", after],
    ] as const) {
      await mkdir(join(directory, name));
      await submission.copyTo(join(directory, name));
    }
    const safe = ["--no-ext-diff", "--no-textconv", "--no-color"];
    const args = [
      "-c",
      "core.quotePath=false",
      "diff",
      "--no-index",
      "--no-prefix",
      ...safe,
      "a",
      "b",
    ];
    const { exitCode, stdout, stderr } = await tryGit(directory, args);
    if (exitCode > 1)
      throw new OnrampError("TOOL_MISSING", `Git could not compare: ${stderr.trim()}`);
    return visibleText(stdout)
      .trimEnd()
      .replaceAll(/^diff --git .*$/gm, withBothSides);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Without an index Git names the one side twice where a file is new or gone; it is shown as everywhere else. */
function withBothSides(header: string): string {
  const names = header.slice("diff --git ".length);
  const [first, second] = [
    names.slice(0, (names.length - 1) / 2),
    names.slice((names.length + 1) / 2),
  ];
  if (first !== second) return header;
  const side = (letter: string) => first.replace(/^("?)[ab]\//, `$1${letter}/`);
  return `diff --git ${side("a")} ${side("b")}`;
}

/** The diff in the colours that Git uses, where stdout is a terminal that wants them. */
export function paintedDiff(diff: string): string {
  const style = (line: string) => {
    if (/^(diff|index|---|\+\+\+|new file|deleted file) ?/.test(line)) return "bold";
    if (line.startsWith("@@")) return "cyan";
    if (line.startsWith("+")) return "green";
    return line.startsWith("-") ? "red" : undefined;
  };
  return diff
    .split("\n")
    .map((line) => {
      const found = style(line);
      return found === undefined ? line : styleText(found, line, { stream: process.stdout });
    })
    .join("\n");
}
