import type { Exercise } from "@onramp/exercise/load-exercise";
import type { GradeReport } from "@onramp/grading/report";

/**
 * What a person can do after a grading, the most useful first.
 * @param submission the directory that was named, where it was not the hire's own work
 */
export function nextSteps(
  exercise: Exercise,
  report: GradeReport,
  submission: string | undefined,
): string[] {
  const { id } = exercise;
  if (submission !== undefined)
    return report.outcome === "failed"
      ? [`Grade again after a change: npx onramp grade ${id} --submission ${submission}`]
      : [];
  switch (report.outcome) {
    case "passed":
      if (report.checks.length < exercise.manifest.checks.length)
        return [
          `That was ${report.checks.length} of ${exercise.manifest.checks.length} checks. All of them: npx onramp grade ${id}`,
        ];
      return [`Hand it in: npx onramp submit ${id}`];
    case "failed":
      return [
        ...(report.submission.files.length === 0
          ? [`Read the brief: exercises/${id}/README.md`]
          : []),
        `Work in work/${id}, then grade again: npx onramp grade ${id}`,
        ...beginWith(report),
        `Grade on every save: npx onramp grade ${id} --watch`,
        `Stuck? One hint at a time: npx onramp hint ${id}`,
      ];
    case "invalid-submission":
      return [`Mend what is listed above in work/${id}, then grade again: npx onramp grade ${id}`];
    case "not-graded":
      return ["Look at the machine: npx onramp doctor", `Then grade again: npx onramp grade ${id}`];
  }
}

/** Of several failures, the first one alone: the others often come from it. */
function beginWith({ exercise, checks }: GradeReport): string[] {
  const failed = checks.filter(({ status }) => status === "failed" || status === "timed-out");
  const [first, second] = failed;
  return first === undefined || second === undefined
    ? []
    : [`Begin with the first: npx onramp grade ${exercise.id} --only ${first.id}`];
}
