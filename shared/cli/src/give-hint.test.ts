import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadExercise } from "@onramp/exercise/load-exercise";
import { onramp, reportWith, temporaryDirectory } from "./fixtures.ts";
import { readHints } from "./hints.ts";
import { progressOf, readProgress, recordGrading } from "./progress.ts";
import { exercisesDirectory } from "./repository.ts";

const id = "01-docker";
const exercise = await loadExercise(`${exercisesDirectory}/${id}`);
const hints = await readHints(exercise);

test("every hint of the exercise belongs to a check of its manifest", () => {
  const checkIds = exercise.manifest.checks.map((check) => check.id);
  expect(hints.filter(({ checkId }) => !checkIds.includes(checkId))).toEqual([]);
});

test("onramp hint gives one more for the first check that failed, and remembers it", async () => {
  const work = await temporaryDirectory();
  await recordGrading(
    reportWith({ "builds-from-a-clean-context": "passed", "keeps-the-lock": "failed" }),
    "whole",
    work,
  );
  const ofCheck = hints.filter(({ checkId }) => checkId === "keeps-the-lock");
  const first = await onramp(work, ["hint"]);
  expect(first.exitCode).toBe(0);
  expect(first.stdout).toContain(`(${ofCheck[0]?.name})`);
  expect(first.stdout).toContain(
    `${ofCheck.length - 1} more for this check, ${hints.length - 1} more in ${id}.`,
  );
  for (const line of first.stdout.split("\n").slice(1, -2))
    expect(line.length).toBeLessThanOrEqual(80);
  expect((await onramp(work, ["hint", id])).stdout).toContain(`(${ofCheck[1]?.name})`);
  const used = ofCheck.slice(0, 2).map(({ name }) => name);
  expect(progressOf(await readProgress(work), id).hints).toEqual(used);

  const list = await onramp(work, ["hint", id, "--list"]);
  for (const name of used) expect(list.stdout).toContain(`(${name})`);
  expect(progressOf(await readProgress(work), id).hints).toEqual(used);
});

test("onramp hint is for the exercise that was graded last, of those that have not passed", async () => {
  const work = await temporaryDirectory();
  const other = { id: "03-helm", title: "Pack trip-api as a Helm chart" };
  for (const each of [id, "02-kubernetes", other.id]) await mkdir(join(work, each));
  await recordGrading(reportWith({ "keeps-the-lock": "failed" }), "whole", work);
  await recordGrading(reportWith({ "lints-strictly": "failed" }, other), "whole", work);
  expect((await onramp(work, ["hint"])).stdout).toContain("more in 03-helm.");
});

test("onramp hint has none to give when the last grading passed", async () => {
  const work = await temporaryDirectory();
  await recordGrading(reportWith({ "keeps-the-lock": "passed" }), "whole", work);
  const { stdout } = await onramp(work, ["hint", id]);
  expect(stdout).toContain("Next: npx onramp submit 01-docker");
  expect(progressOf(await readProgress(work), id).hints).toEqual([]);
});
