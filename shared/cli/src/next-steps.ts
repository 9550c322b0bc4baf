import type { Exercise } from "@onramp/exercise/load-exercise";
import type { GradeReport } from "@onramp/grading/report";

/** What a person can do after a grading, the most useful first. */
export async function nextSteps(
  exercise: Exercise,
  report: GradeReport,
  isOwnWork: boolean,
): Promise<string[]> {
  const { id } = exercise;
  if (!isOwnWork)
    return report.outcome === "failed"
      ? [`Grade again after a change: npx onramp grade ${id} --submission DIR`]
      : [];
  switch (report.outcome) {
    case "passed":
      return [`Hand it in: npx onramp submit ${id}`];
    case "failed":
      return [
        ...(report.submission.files.length === 0
          ? [`Read the brief: exercises/${id}/README.md`]
          : []),
        `Work in work/${id}, then grade again: npx onramp grade ${id}`,
        `Grade on every save: npx onramp grade ${id} --watch`,
        `Stuck? One hint at a time: npx onramp hint ${id}`,
      ];
    case "invalid-submission":
      return [`Mend what is listed above in work/${id}, then grade again: npx onramp grade ${id}`];
    case "not-graded":
      return ["Look at the machine: npx onramp doctor", `Then grade again: npx onramp grade ${id}`];
  }
}
