import { type Exercise, loadMutants } from "@onramp/exercise/load-exercise";
import type { GradeReport } from "./report.ts";
import { isSaid } from "./said.ts";

/**
 * The known mistakes that fail exactly the checks that a report has failed, with the same words: a guess at what went
 * wrong. The checks alone are not enough, since whatever does not work at all fails the same ones.
 */
export async function lookalikesOf(
  exercise: Exercise,
  report: GradeReport,
): Promise<GradeReport["lookalikes"]> {
  const failed = report.checks
    .filter(({ status }) => status === "failed" || status === "timed-out")
    .map(({ id }) => id);
  if (failed.length === 0 || report.submission.files.length === 0) return [];
  const mutants = await loadMutants(exercise);
  return mutants
    .filter(
      ({ manifest: { fails, says } }) =>
        fails.length === failed.length &&
        fails.every((id) => failed.includes(id)) &&
        isSaid(report, says),
    )
    .map(({ name, manifest: { mistake } }) => ({ mutant: name, mistake }));
}
