import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { gradeReport, type GradeReport } from "@onramp/grading/report";
import { OnrampError } from "@onramp/errors/onramp-error";
import { loadExercise } from "@onramp/exercise/load-exercise";
import { describe, expect, test } from "vitest";
import { onramp, reportWith, temporaryDirectory } from "./fixtures.ts";
import { exercisesDirectory } from "./repository.ts";
import { exitCodeOf } from "./run-score.ts";
import { scoreSubmissions, type ScoreTask } from "./score-submissions.ts";

const exercise = await loadExercise(`${exercisesDirectory}/01-docker`);
const task = (name: string): ScoreTask => ({ name, directory: `/x/${name}`, exercise });
const passes = reportWith({ a: "passed" });

/** Scores with a grader that returns or throws what is given for a name. */
async function score(
  results: Record<string, GradeReport | Error>,
  options: { out?: string; jobs?: number; signal?: AbortSignal } = {},
) {
  const out = options.out ?? `${await temporaryDirectory()}/out`;
  const seen: string[] = [];
  const rows = await scoreSubmissions(Object.keys(results).map(task), {
    out,
    jobs: options.jobs ?? 1,
    signal: options.signal ?? new AbortController().signal,
    async grade({ name }) {
      const result = results[name];
      if (result instanceof Error) throw result;
      if (result === undefined) throw new Error(`no result for ${name}`);
      return result;
    },
    onScored: ({ name }) => void seen.push(name),
  });
  return { out, rows, seen };
}

describe("scoreSubmissions", () => {
  test("writes a folder for each and the scores of all", async () => {
    const { out, rows } = await score(
      { ada: passes, bob: reportWith({ a: "failed" }) },
      { jobs: 2 },
    );
    expect(rows.map(({ name, outcome, earned }) => [name, outcome, earned])).toEqual([
      ["ada", "passed", 1],
      ["bob", "failed", 0],
    ]);
    expect(await readdir(out)).toEqual(["ada", "bob", "scores.csv", "scores.json"]);
    expect(await readdir(`${out}/bob`)).toEqual(["report.json", "report.md", "report.xml"]);
    const scores = JSON.parse(await readFile(`${out}/scores.json`, "utf8"));
    expect(scores.scores[1]).toMatchObject({ name: "bob", report: "bob/report.json" });
  });

  test("goes on when one breaks, and its report says why", async () => {
    const { out, rows, seen } = await score({
      ada: new OnrampError("ENGINE_DIED", "The engine went away."),
      bob: new TypeError("x is not a function"),
      eve: passes,
    });
    expect(seen).toEqual(["ada", "bob", "eve"]);
    expect(rows.map(({ outcome }) => outcome)).toEqual(["not-graded", "not-graded", "passed"]);
    expect(rows.map(({ problems }) => problems)).toEqual([["ENGINE_DIED"], ["GRADER_BUG"], []]);
    const report = gradeReport.parse(JSON.parse(await readFile(`${out}/ada/report.json`, "utf8")));
    expect(report.checks[0]?.cause).toMatchObject({
      code: "ENGINE_DIED",
      detail: "The engine went away.",
    });
    expect(report.score.possible).toBe(20);
  });

  test("what cannot be written is an error, after the others were", async () => {
    const out = await temporaryDirectory();
    await writeFile(`${out}/ada`, "a file in the folder's place");
    await expect(score({ ada: passes, bob: passes }, { out })).rejects.toMatchObject({
      code: "REPORT_NOT_WRITTEN",
    });
    expect(await readdir(`${out}/bob`)).toContain("report.json");
  });

  test("begins no other when it is interrupted", async () => {
    const { rows, seen } = await score({ ada: passes }, { signal: AbortSignal.abort() });
    expect([rows, seen]).toEqual([[], []]);
  });
});

test.each([
  [["passed"], undefined, 0],
  [["failed"], undefined, 0],
  [["failed"], 50, 1],
  [["passed", "failed"], 100, 1],
  [["passed", "not-graded"], 50, 3],
] as const)("%j under %j ends with %i", async (statuses, failUnder, exitCode) => {
  const { rows } = await score(
    Object.fromEntries(statuses.map((status, index) => [`s${index}`, reportWith({ a: status })])),
  );
  expect(exitCodeOf(rows, failUnder)).toBe(exitCode);
});

describe("onramp score, used wrongly", () => {
  test.each([
    [["score", "01-docker"], "--out"],
    [["score", "missing/01-docker", "--out", "out"], "There is no directory `missing/01-docker`."],
    [["score", "ada", "--out", "out"], "--exercise ID"],
    [["score", "ada", "--out", "out", "--exercise", "01-dokker"], "Did you mean `01-docker`?"],
    [["score", "ada", "--out", "out", "--jobs", "none"], "a number from 1 to 64"],
  ])("%j says %j and writes nothing", async (args, said) => {
    const directory = await temporaryDirectory();
    await mkdir(`${directory}/ada`);
    const { exitCode, stderr } = await onramp(directory, args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(said);
    expect(await readdir(directory)).toEqual(["ada"]);
  });
});
