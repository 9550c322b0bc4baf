import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { wholeProgram } from "@onramp/cli/program";
import { loadExercise } from "@onramp/exercise/load-exercise";
import { describe, expect, test } from "vitest";
import {
  headingFragments,
  proseOf,
  relativeLinks,
  repositoryDocuments,
  repositoryRoot,
  shownCommands,
} from "./repository-documents.ts";

const documents = repositoryDocuments();
const { program } = await wholeProgram();

describe.each(documents)("$path", ({ path, text }) => {
  test("links to what is there", () => {
    const broken = relativeLinks(text).filter(({ target, fragment }) => {
      const file = target === "" ? path : join(dirname(path), target);
      if (!existsSync(join(repositoryRoot, file))) return true;
      return fragment !== "" && !headingFragments(read(file)).includes(fragment);
    });
    expect(broken).toEqual([]);
  });

  test("shows commands and options that exist", () => {
    expect(shownCommands(text).flatMap((words) => faultOf(words) ?? [])).toEqual([]);
  });

  test("has no word that makes a reader feel slow", () => {
    const words = /\b(just|simply|easy|easily|obviously|of course)\b/gi;
    expect(proseOf(text).match(words) ?? []).toEqual([]);
  });
});

const exercises = readdirSync(join(repositoryRoot, "exercises"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && /^\d\d-/.test(entry.name))
  .map(({ name }) => name);

describe.each(exercises)("the brief of %s", (id) => {
  test("has the checks of exercise.yaml in its table: id, title, points", async () => {
    const { manifest } = await loadExercise(join(repositoryRoot, "exercises", id));
    const rows = read(`exercises/${id}/README.md`).matchAll(
      /^\| *`([a-z0-9-]+)` *\*? *\| *(.+?) *\| *(\d+) *\|$/gm,
    );
    expect(Array.from(rows, ([, check, title, points]) => [check, title, Number(points)])).toEqual(
      manifest.checks.map(({ id: check, title, points }) => [check, title, points]),
    );
  });

  test("has the title and the limits of exercise.yaml", async () => {
    const { manifest } = await loadExercise(join(repositoryRoot, "exercises", id));
    const { title, limits } = manifest;
    const brief = read(`exercises/${id}/README.md`);
    expect(brief.split("\n")[0]?.replaceAll("`", "")).toBe(`# ${id.slice(0, 2)} · ${title}`);
    expect(brief).toContain(`${limits.bytes.toLocaleString("en")} bytes`);
    // Where the editable files have names, their number says nothing.
    const isCounted = manifest.editable.some((glob) => glob.includes("*"));
    const count = new RegExp(`(at most|may be) ${limits.files}\\b`);
    expect(brief).toMatch(isCounted ? count : "");
  });
});

/** `14 checks, 42 known mistakes and 12 other right answers`, of these exercises together. */
async function countsOf(ids: readonly string[]): Promise<string> {
  const sum = { checks: 0, mutants: 0, variants: 0 };
  for (const id of ids) {
    const directory = join(repositoryRoot, "exercises", id);
    sum.checks += (await loadExercise(directory)).manifest.checks.length;
    for (const kind of ["mutants", "variants"] as const) {
      const entries = readdirSync(join(directory, kind), { withFileTypes: true });
      sum[kind] += entries.filter((entry) => entry.isDirectory()).length;
    }
  }
  return `${sum.checks} checks, ${sum.mutants} known mistakes and ${sum.variants} other right answers`;
}

test("README and the author's guide count checks, mutants and variants", async () => {
  expect(proseOf(read("README.md"))).toContain(`The stages have ${await countsOf(exercises)}`);
  const ofStage01 = (await countsOf(["01-docker"])).replace(", ", ", and ");
  expect(proseOf(read("docs/guides/author.md"))).toContain(ofStage01);
});

test("a command that is not there, or takes no such option, is found", () => {
  const shown = "`npx onramp grade 01-docker --frobnicate` and `npx --no onramp frobnicate`";
  expect(shownCommands(shown).map(faultOf)).toEqual([
    "grade has no option --frobnicate",
    "there is no command frobnicate",
  ]);
  expect(shownCommands("`npx onramp images frobnicate`").map(faultOf)).toEqual([
    "images has no command frobnicate",
  ]);
});

test("what stands in a block of code is neither a link nor prose", () => {
  const text =
    "A [link](a.md#b).\n\n```sh\n[no](c.md) just\n```\n\n`just` [web](https://a.example)";
  expect(relativeLinks(text)).toEqual([{ target: "a.md", fragment: "b" }]);
  expect(proseOf(text)).not.toContain("just");
  expect(headingFragments("# Who is process 1, and `who`?")).toEqual(["who-is-process-1-and-who"]);
});

/** What is wrong with a command that a page shows; words in capitals stand for what a reader puts there. */
function faultOf(words: readonly string[]): string | undefined {
  const [name = "", second = ""] = words;
  if (!/^[a-z]/.test(name)) return undefined;
  const command = program.commands.find((candidate) => candidate.name() === name);
  if (command === undefined) return `there is no command ${name}`;
  const subcommand = command.commands.find((candidate) => candidate.name() === second);
  if (command.commands.length > 0 && subcommand === undefined && /^[a-z]/.test(second))
    return `${name} has no command ${second}`;
  const known = [command, subcommand].flatMap((owner) => optionsOf(owner));
  const unknown = words.find((word) => word.startsWith("--") && !known.includes(word));
  return unknown === undefined ? undefined : `${name} has no option ${unknown}`;
}

function optionsOf(command: typeof program | undefined): string[] {
  return ["--help", ...(command?.options ?? []).map(({ long }) => long ?? "")];
}

function read(path: string): string {
  return readFileSync(join(repositoryRoot, path), "utf8");
}
