import { mkdir, readdir, symlink } from "node:fs/promises";
import { loadExercise, loadMutants, loadVariants } from "@onramp/exercise/load-exercise";
import { grade } from "@onramp/grading/grade";
import type { GradeReport } from "@onramp/grading/report";
import { describe, expect, test } from "vitest";
import { temporaryDirectory } from "./fixtures.ts";
import { readHints } from "./hints.ts";
import { newExercise } from "./new-exercise.ts";
import { repositoryRoot } from "./repository.ts";

const id = "08-driving-score";

/** A kit's directory apart, with the packages of this one. */
async function kit(): Promise<string> {
  const directory = await temporaryDirectory();
  await mkdir(`${directory}/exercises`);
  await symlink(`${repositoryRoot}node_modules`, `${directory}/node_modules`);
  return `${directory}/exercises`;
}

describe("newExercise", () => {
  test("makes an exercise whose grader tells the solution and the variant from starter and mutant", async () => {
    const exercises = await kit();
    const directory = await newExercise(id, exercises);
    expect(await readdir(exercises)).toEqual([id]);
    const exercise = await loadExercise(directory);
    expect(exercise.manifest).toMatchObject({ id, title: "Driving score" });
    const [variant] = await loadVariants(exercise);
    const [mutant] = await loadMutants(exercise);
    const submissions = {
      starter: `${directory}/starter`,
      solution: `${directory}/solution`,
      variant: variant?.directory ?? "",
      mutant: mutant?.directory ?? "",
    };
    const reports = new Map<string, GradeReport>();
    for (const [name, submission] of Object.entries(submissions)) {
      const report = await grade({
        exercise,
        directory: submission,
        seed: "1",
        gradingId: `new-exercise-${process.pid}`,
        prepare: async () => ({ engine: null, images: [] }),
      });
      expect(report.problems).toEqual([]);
      reports.set(name, report);
    }
    expect(Array.from(reports, ([name, { outcome }]) => `${name}: ${outcome}`)).toEqual([
      "starter: failed",
      "solution: passed",
      "variant: passed",
      "mutant: failed",
    ]);
    const failed = reports.get("mutant")?.checks;
    expect(failed?.map((check) => check.id)).toEqual(mutant?.manifest.fails);
    expect(failed?.[0]?.message).toContain(mutant?.manifest.says);
  });

  test("gives hints for checks that there are", async () => {
    const exercise = await loadExercise(await newExercise(id, await kit()));
    const checkIds = exercise.manifest.checks.map((check) => check.id);
    const hints = await readHints(exercise);
    expect(hints.length).toBeGreaterThan(0);
    for (const { checkId } of hints) expect(checkIds).toContain(checkId);
  });

  test("refuses an id that is none, and a number that is taken", async () => {
    const exercises = await kit();
    await expect(newExercise("driving-score", exercises)).rejects.toMatchObject({ code: "USAGE" });
    await expect(newExercise("../08-x", exercises)).rejects.toMatchObject({ code: "USAGE" });
    await newExercise(id, exercises);
    await expect(newExercise("08-other", exercises)).rejects.toMatchObject({
      code: "USAGE",
      message: "The number 08 is taken by `08-driving-score`.",
      fix: "Choose another: `npx onramp new 01-other`.",
    });
    expect(await readdir(exercises)).toEqual([id]);
  });
});
