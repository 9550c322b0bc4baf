import { relative, resolve } from "node:path";
import { isOnrampError, OnrampError } from "@onramp/errors/onramp-error";
import { codes } from "@onramp/errors/codes";
import type { Exercise } from "@onramp/exercise/load-exercise";
import { withPrerequisites } from "@onramp/grading/prerequisites";
import { exitCodes, type GradeReport } from "@onramp/grading/report";
import { randomSeed } from "@onramp/grading/seed";
import { createTerminalReport } from "@onramp/reports/terminal";
import { brokenReport } from "./broken-report.ts";
import { gradeSubmission } from "./grade-submission.ts";
import { nextSteps } from "./next-steps.ts";
import { recordGrading } from "./progress.ts";
import { workDirectory } from "./repository.ts";
import { writeOutput } from "./write-output.ts";

export interface GradeCommandOptions {
  readonly only?: string[];
  readonly seed?: string;
  readonly keep?: boolean;
  /** A file for the JSON report, or `-` for stdout; then what is for people goes to stderr. */
  readonly json?: string;
  readonly junit?: string;
  /** The directory that is graded; the hire's own unless told. */
  readonly submission?: string;
}

/** The directory that a grading is about. */
export function submissionDirectory(exercise: Exercise, submission?: string): string {
  return submission === undefined ? resolve(workDirectory, exercise.id) : resolve(submission);
}

/**
 * Grades once, shows it as it goes, writes the reports that were asked for, and keeps the hire's progress when it
 * was the hire's own work.
 * @returns the report and the exit code it stands for
 */
export async function runGrade(
  exercise: Exercise,
  options: GradeCommandOptions,
  signal: AbortSignal,
): Promise<{ report: GradeReport; exitCode: number }> {
  const directory = submissionDirectory(exercise, options.submission);
  const stream = options.json === "-" ? process.stderr : process.stdout;
  const seed = options.seed ?? randomSeed();
  const checks = withPrerequisites(exercise.manifest.checks, options.only);
  using terminal = createTerminalReport({
    stream,
    isTerminal: stream.isTTY ?? false,
    title: `${exercise.id}  ${exercise.manifest.title}`,
    checks,
    seed,
    path: relative(process.cwd(), directory) || ".",
  });
  const listener = {
    onProgress: (text: string) => terminal.note(text),
    onCheckStarted: (id: string) => terminal.checkStarted(id),
    onCheckFinished: (outcome: GradeReport["checks"][number]) => terminal.checkFinished(outcome),
  };
  let report: GradeReport;
  try {
    report = await gradeSubmission({ exercise, directory, ...options, seed, signal, listener });
  } catch (error) {
    terminal.stop();
    // Whoever asked for a report gets one, also when nothing could be graded.
    if (isOnrampError(error) && codes[error.code].exitCode === 3)
      await writeReports(brokenReport(exercise, error), options);
    throw error;
  }
  const isOwnWork = options.submission === undefined;
  // A disk that is full must not cost the hire the verdict: it is shown whether or not it can be kept.
  const kept = await Promise.allSettled([
    writeReports(report, options),
    isOwnWork && recordGrading(report, options.only === undefined ? "whole" : "part"),
  ]);
  terminal.finish(report, nextSteps(exercise, report, options.submission));
  for (const result of kept) if (result.status === "rejected") throw result.reason;
  if (options.keep)
    process.stderr.write(
      "What was started is still there, for you to look at (`docker ps -a`). `npx onramp clean` takes it away.\n",
    );
  return { report, exitCode: exitCodes[report.outcome] };
}

async function writeReports(
  report: GradeReport,
  { json, junit }: GradeCommandOptions,
): Promise<void> {
  if (json !== undefined) {
    const { renderJson } = await import("@onramp/reports/json");
    if (json === "-") process.stdout.write(renderJson(report));
    else await writeOutput(json, renderJson(report));
  }
  if (junit !== undefined) {
    const { renderJunit } = await import("@onramp/reports/junit");
    await writeOutput(junit, renderJunit([report]));
  }
}

/** @throws {OnrampError} NOT_STARTED when the hire has no directory for the exercise yet */
export async function ensureStarted(exercise: Exercise): Promise<void> {
  const { existsSync } = await import("node:fs");
  if (existsSync(submissionDirectory(exercise))) return;
  throw new OnrampError("NOT_STARTED", `There is no work/${exercise.id} yet.`, {
    fix: `Run \`npx onramp start ${exercise.id}\` to get the starter.`,
  });
}
