import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { tallyOf } from "./tally.ts";
import { tallyTask, tallyTests, tallyVerify } from "./tally-task.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "onramp-tally-"));
});
afterEach(async () => await rm(directory, { recursive: true }));

async function written(results: unknown): Promise<string> {
  const file = join(directory, "results.json");
  await writeFile(file, typeof results === "string" ? results : JSON.stringify(results));
  return file;
}

test("a static task counts as one", () => {
  expect(
    tallyOf([tallyTask("lint", 0), tallyTask("types", 2), tallyTask("arrows", undefined)]),
  ).toEqual({
    passed: 1,
    failures: ["types: ended with exit code 2", "arrows: did not run to its end"],
  });
});

describe("tallyTests", () => {
  const file = (status: string, ...statuses: string[]) => ({
    name: join(process.cwd(), "shared/a.test.ts"),
    status,
    assertionResults: statuses.map((each) => ({
      status: each,
      fullName: `test that ${each}`,
      failureMessages:
        each === "failed" ? ["\u001b[31mError: 1 is not 2\u001b[39m\n    at it"] : [],
    })),
  });

  test("counts each test, and not those that were skipped", async () => {
    const results = { testResults: [file("passed", "passed", "passed", "skipped", "todo")] };
    expect(await tallyTests("test:unit", 0, await written(results))).toEqual({
      passed: 2,
      failures: [],
    });
  });

  test("names what failed, and a file that has no failed test to show", async () => {
    const results = { testResults: [file("failed", "passed", "failed"), file("failed")] };
    expect(await tallyTests("test:unit", 1, await written(results))).toEqual({
      passed: 1,
      failures: [
        "test:unit: shared/a.test.ts: test that failed: Error: 1 is not 2",
        "test:unit: shared/a.test.ts: the file failed",
      ],
    });
  });

  test("an exit code that no result explains is a failure", async () => {
    const results = { testResults: [file("passed", "passed")] };
    expect(await tallyTests("test:unit", 1, await written(results))).toEqual({
      passed: 1,
      failures: ["test:unit: ended with exit code 1, and its results name no failure"],
    });
  });

  test("a run without results is one failure", async () => {
    const nowhere = join(directory, "none.json");
    expect((await tallyTests("test:engine", 137, nowhere)).failures).toEqual([
      "test:engine: ended with exit code 137, no results",
    ]);
    expect((await tallyTests("test:engine", undefined, nowhere)).failures).toEqual([
      "test:engine: did not run to its end",
    ]);
    expect((await tallyTests("test:engine", 0, await written('{"tes'))).failures).toEqual([
      "test:engine: ended with exit code 0, results that cannot be read",
    ]);
  });
});

describe("tallyVerify", () => {
  const solution = { kind: "solution", name: "solution", ok: true, problem: null };
  const report = (exercise: object, outcome: string) => ({
    schema: "onramp/verify@1",
    outcome,
    exercises: [{ outcome, problems: [], unkilled: [], submissions: [solution], ...exercise }],
  });

  test("counts each submission", async () => {
    const file = await written(report({ submissions: [solution, solution] }, "passed"));
    expect(await tallyVerify("01-docker", 0, file)).toEqual({ passed: 2, failures: [] });
  });

  test("names wrong submissions and checks that no mutant fails", async () => {
    const problem = "It has to fail runs-as-user, and did not.\nSeed: 00000001";
    const mutant = { kind: "mutant", name: "stays-root", ok: false, problem };
    const exercise = { submissions: [solution, mutant], unkilled: ["has-labels"] };
    const file = await written(report(exercise, "failed"));
    expect(await tallyVerify("01-docker", 1, file)).toEqual({
      passed: 1,
      failures: [
        "verify 01-docker: mutant stays-root: It has to fail runs-as-user, and did not.\n    Seed: 00000001",
        "verify 01-docker: no mutant fails the check has-labels",
      ],
    });
  });

  test("tells what is wrong with the exercise as a whole", async () => {
    const file = await written(report({ problems: ["It took 7.0 minutes."] }, "failed"));
    expect((await tallyVerify("01-docker", 1, file)).failures).toEqual([
      "verify 01-docker: It took 7.0 minutes.",
    ]);
  });

  test("an outcome that no submission explains is a failure, and so is a run that judged nothing", async () => {
    const unexplained = await tallyVerify("01-docker", 1, await written(report({}, "failed")));
    expect(unexplained).toEqual({ passed: 1, failures: ["verify 01-docker: failed as a whole"] });
    const empty = await written({ schema: "onramp/verify@1", outcome: "passed", exercises: [] });
    expect((await tallyVerify("01-docker", 0, empty)).failures).toEqual([
      "verify 01-docker: judged nothing",
    ]);
  });
});
