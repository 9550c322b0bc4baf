import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Exercise } from "@onramp/exercise/load-exercise";
import type { GradeReport } from "@onramp/grading/report";

/** One section of an exercise's `hints.md`. */
export interface Hint {
  /** The section's heading, `CHECK-ID · LEVEL`: what progress remembers it by. */
  readonly name: string;
  readonly checkId: string;
  readonly level: string;
  readonly text: string;
}

/** The exercise's hints in their order; none when it has no `hints.md`. */
export async function readHints(exercise: Exercise): Promise<Hint[]> {
  try {
    return parseHints(await readFile(join(exercise.directory, "hints.md"), "utf8"));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

/** Reads `## CHECK-ID · LEVEL` sections; a heading within a code block begins none. */
export function parseHints(markdown: string): Hint[] {
  const hints: { name: string; checkId: string; level: string; lines: string[] }[] = [];
  let isCode = false;
  for (const line of markdown.split(/\r?\n/)) {
    if (/^\s*(```|~~~)/.test(line)) isCode = !isCode;
    const heading = isCode ? null : /^## +(\S+) +· +(.+?) *$/.exec(line);
    const [, checkId, level] = heading ?? [];
    if (checkId !== undefined && level !== undefined)
      hints.push({ name: `${checkId} · ${level}`, checkId, level, lines: [] });
    else hints.at(-1)?.lines.push(line);
  }
  return hints.map(({ lines, ...hint }) => ({ ...hint, text: lines.join("\n").trim() }));
}

/**
 * The next hint to give: of the first check that failed in the last grading and has one left, else the first of all
 * that was not given. None when that grading passed every check, or when there is none left to give.
 */
export function nextHint(
  hints: readonly Hint[],
  given: readonly string[],
  lastReport: GradeReport | undefined,
): Hint | undefined {
  const left = hints.filter((hint) => !given.includes(hint.name));
  if (lastReport?.outcome === "passed") return undefined;
  const failed = failedCheckIds(lastReport);
  if (failed.length === 0) return left[0];
  return failed
    .map((id) => left.find((hint) => hint.checkId === id))
    .find((hint) => hint !== undefined);
}

/** The ids of the checks that the report's submission failed, in their order. */
export function failedCheckIds(report: GradeReport | undefined): string[] {
  return (report?.checks ?? [])
    .filter(({ status }) => status === "failed" || status === "timed-out")
    .map(({ id }) => id);
}
