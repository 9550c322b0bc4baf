import { resolve } from "node:path";
import { formatDuration } from "@onramp/reports/format-duration";
import type { ScoreRow } from "@onramp/reports/scores";
import { withInterrupt } from "./interrupt.ts";
import { scoreSubmissions, type ScoreTask } from "./score-submissions.ts";
import { exerciseOfSubmission } from "./submission-exercise.ts";
import { submissionNames } from "./submission-names.ts";

/**
 * Scores the directories, with a row on stdout for each as soon as it is graded.
 * @returns the exit code
 */
export async function runScore(
  directories: readonly string[],
  options: { out: string; jobs: number; failUnder?: number; exercise?: string },
): Promise<number> {
  const names = submissionNames(directories);
  // A directory that is not there or belongs to no exercise is found before an hour of grading, not after.
  const tasks: ScoreTask[] = [];
  for (const [index, directory] of directories.entries()) {
    const exercise = await exerciseOfSubmission(directory, options.exercise);
    tasks.push({ name: names[index] ?? directory, directory: resolve(directory), exercise });
  }
  const { gradeSubmission } = await import("./grade-submission.ts");
  const rows = await withInterrupt((signal) =>
    scoreSubmissions(tasks, {
      out: resolve(options.out),
      jobs: Math.floor(options.jobs),
      signal,
      grade({ name, exercise, directory }) {
        process.stderr.write(`Grading ${name} (${names.indexOf(name) + 1} of ${names.length}) …\n`);
        return gradeSubmission({ exercise, directory, signal });
      },
      onScored: (row) => void process.stdout.write(`${rowText(row)}\n`),
    }),
  );
  if (rows === "interrupted") return 130;
  return exitCodeOf(rows, options.failUnder);
}

/** 3 when something could not be graded, 1 when a score is under the wanted percentage, else 0. */
export function exitCodeOf(rows: readonly ScoreRow[], failUnder?: number): number {
  if (rows.some(({ outcome }) => outcome === "not-graded")) return 3;
  const isUnder = ({ earned, possible }: ScoreRow) => (earned / possible) * 100 < (failUnder ?? 0);
  return rows.some(isUnder) ? 1 : 0;
}

function rowText({ name, exercise, outcome, earned, possible, durationMs }: ScoreRow): string {
  return `${name}  ${exercise}  ${outcome}  ${earned}/${possible}  ${formatDuration(durationMs)}`;
}
