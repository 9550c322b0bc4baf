import { styleText } from "node:util";
import { createTerminalReport } from "@onramp/reports/terminal";
import type { GradeReport } from "@onramp/grading/report";
import { randomSeed } from "@onramp/grading/seed";
import { withInterrupt } from "./interrupt.ts";
import { changedList } from "./review-markdown.ts";
import {
  nameOf,
  readSubject,
  type Review,
  reviewOf,
  type ReviewSubject,
} from "./review-submissions.ts";
import { paintedDiff } from "./submission-diff.ts";
import { terminalMarkdown, textWidth } from "./terminal-markdown.ts";
import { writeOutput } from "./write-output.ts";

/**
 * Reviews one submission or two attempts: the diff, the outcomes with their evidence, the rubric.
 * @returns the exit code: 3 when it could not be graded, else 0, whatever the score is
 */
export async function runReview(
  directories: readonly string[],
  options: { markdown?: string; exercise?: string },
): Promise<number> {
  const subject = await readSubject(directories, options.exercise);
  heading(subject.diffTitle);
  print(
    subject.diff === ""
      ? "Nothing changed in the files that are taken."
      : paintedDiff(subject.diff),
  );
  const review = await withInterrupt((signal) => gradeAll(subject, signal));
  if (review === "interrupted") return 130;
  if (review.changed) {
    heading("Outcomes that changed");
    print(terminalMarkdown(changedList(review.changed), textWidth()));
  }
  if (review.rubric !== "") {
    heading("Rubric");
    print(terminalMarkdown(review.rubric.replace(/^# .*\n/, ""), textWidth()));
  }
  if (options.markdown !== undefined) {
    const { reviewMarkdown } = await import("./review-markdown.ts");
    await writeOutput(options.markdown, reviewMarkdown(review));
    process.stderr.write(`Written to ${options.markdown}\n`);
  }
  return review.report.outcome === "not-graded" ? 3 : 0;
}

async function gradeAll(subject: ReviewSubject, signal: AbortSignal): Promise<Review> {
  const { gradeSubmission } = await import("./grade-submission.ts");
  const { exercise, directory, before } = subject;
  let beforeReport: GradeReport | undefined;
  if (before !== undefined) {
    process.stderr.write(`Grading the last attempt, ${nameOf(before)} …\n`);
    beforeReport = await gradeSubmission({ exercise, directory: before, signal });
  }
  heading("Outcomes");
  const seed = randomSeed();
  using terminal = createTerminalReport({
    stream: process.stdout,
    isTerminal: process.stdout.isTTY,
    title: `${exercise.id}  ${exercise.manifest.title}`,
    checks: exercise.manifest.checks,
    seed,
    path: nameOf(directory),
  });
  const report = await gradeSubmission({
    exercise,
    directory,
    seed,
    signal,
    listener: {
      onProgress: (text) => terminal.note(text),
      onCheckStarted: (id) => terminal.checkStarted(id),
      onCheckFinished: (outcome) => terminal.checkFinished(outcome),
    },
  });
  terminal.finish(report, []);
  return reviewOf(subject, report, beforeReport);
}

function heading(text: string): void {
  print(`\n${styleText("bold", text, { stream: process.stdout })}\n`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
