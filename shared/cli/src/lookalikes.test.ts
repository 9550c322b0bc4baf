import { join } from "node:path";
import { loadExercise } from "@onramp/exercise/load-exercise";
import { lookalikesOf } from "@onramp/grading/lookalikes";
import type { GradeReport } from "@onramp/grading/report";
import { expect, test } from "vitest";
import { reportWith } from "./fixtures.ts";

const exercise = await loadExercise(join(import.meta.dirname, "../../../exercises/01-docker"));

/** A report in which one check fails with these words. */
function reportThatSays(message: string): GradeReport {
  const report = reportWith({
    "builds-from-a-clean-context": "passed",
    "stops-on-sigterm": "failed",
  });
  const files = [{ path: "Dockerfile", bytes: 1, sha256: "0".repeat(64) }];
  return {
    ...report,
    submission: { ...report.submission, files },
    checks: report.checks.map((check) =>
      check.status === "failed" ? { ...check, message } : check,
    ),
  };
}

test("a known mistake is guessed that fails the same check with the same words", async () => {
  const report = reportThatSays("The container was still running 5 s after SIGTERM.");
  const guesses = (await lookalikesOf(exercise, report)).map(({ mutant }) => mutant);
  expect(guesses).toContain("shell-form-cmd");
});

test("one that fails the same check with other words is not", async () => {
  const report = reportThatSays("The container did not start.");
  expect(await lookalikesOf(exercise, report)).toEqual([]);
});
