import type { Exercise } from "@onramp/exercise/load-exercise";
import type { GradeReport } from "@onramp/grading/report";
import { basename } from "node:path";
import type { Submitted } from "./submit-exercise.ts";

/** What the hire tells the mentor: exercise, commit, score, and how to look at it. */
export function mentorMessage(
  exercise: Exercise,
  { commit, submission, branch, kind, place }: Submitted,
  lastReport: GradeReport | undefined,
): string {
  const from = kind === "remote" ? quoted(place) : quoted(basename(place));
  const files = submission.files.map(({ path }) => path).join(", ");
  return [
    `I submit ${exercise.id} (${exercise.manifest.title}), commit ${commit.slice(0, 7)}: ${files}.`,
    scoreSentence(exercise, lastReport, submission.digest),
    kind === "bundle"
      ? `The work is in the file ${basename(place)}, which I send along. Put it into the kit's directory.`
      : "",
    "To review it, in the kit's directory:",
    `  git clone --branch ${branch} ${from} submission-${commit.slice(0, 7)}`,
    `  npx onramp review submission-${commit.slice(0, 7)}/${exercise.id}`,
  ]
    .filter((line) => line !== "")
    .join("\n");
}

function scoreSentence(
  exercise: Exercise,
  report: GradeReport | undefined,
  digest: string,
): string {
  if (report === undefined) return "I have not graded it.";
  const { earned, possible } = report.score;
  const failed = report.checks.filter(({ status }) => status !== "passed").length;
  const what =
    failed === 0
      ? "every check passed"
      : `${failed} of ${report.checks.length} checks did not pass`;
  const note = report.submission.digest === digest ? "" : " That was before my last changes.";
  const all = exercise.manifest.checks.length;
  const part =
    report.checks.length < all ? ` It ran ${report.checks.length} of ${all} checks.` : "";
  return `The last grading earned ${earned} of ${possible} points: ${what}.${part}${note}`;
}

function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
