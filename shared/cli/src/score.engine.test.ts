import { cp, mkdir, readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { gradeReport } from "@onramp/grading/report";
import { onramp, temporaryDirectory } from "./fixtures.ts";
import { exercisesDirectory } from "./repository.ts";

/** A submission whose only check to run says at once that there is no Dockerfile. */
async function emptySubmission(parent: string, hire: string): Promise<string> {
  const directory = `${parent}/${hire}/01-docker`;
  await mkdir(directory, { recursive: true });
  await cp(`${exercisesDirectory}/01-docker/README.md`, `${directory}/README.md`);
  return directory;
}

test("onramp score grades each on the real engine, and a low score is no error", async () => {
  const directory = await temporaryDirectory();
  const submissions = [
    await emptySubmission(directory, "ada"),
    await emptySubmission(directory, "bob"),
  ];
  const { exitCode, stdout } = await onramp(directory, [
    "score",
    ...submissions,
    "--out",
    "scores",
  ]);
  expect(stdout).toMatch(/^ada-01-docker {2}01-docker {2}failed {2}0\/20 /m);
  expect(exitCode).toBe(0);
  const text = await readFile(`${directory}/scores/bob-01-docker/report.json`, "utf8");
  const report = gradeReport.parse(JSON.parse(text));
  expect(report.checks[0]?.message).toContain("There is no Dockerfile");
});

test("onramp review shows diff, outcomes and rubric, and writes them as a page", async () => {
  const directory = await temporaryDirectory();
  const submission = await emptySubmission(directory, "ada");
  const args = ["review", submission, "--markdown", "review.md"];
  const { exitCode, stdout } = await onramp(directory, args);
  expect(exitCode).toBe(0);
  expect(stdout).toContain("Nothing changed in the files that are taken.");
  expect(stdout).toContain("There is no Dockerfile");
  expect(stdout).toContain("Rubric");
  expect(await readFile(`${directory}/review.md`, "utf8")).toContain("# Rubric");
});
