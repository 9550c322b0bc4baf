import { lstat, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { codes } from "@onramp/errors/codes";
import { type Exercise, digestExercise } from "@onramp/exercise/load-exercise";
import { assemble } from "@onramp/submission/assemble";
import { collect, type Submission } from "@onramp/submission/collect";
import { graderIdentity } from "./grader-identity.ts";
import { withPrerequisites } from "./prerequisites.ts";
import { blankOutcome } from "./not-graded.ts";
import type { CheckOutcome, GradeReport } from "./report.ts";
import { type GradeListener, type GraderRun, runGrader } from "./run-grader.ts";
import { outcomeOf, scoreOf } from "./score.ts";

export interface GradeOptions {
  readonly exercise: Exercise;
  /** The submission's directory. */
  readonly directory: string;
  /** Ids of the checks to run, with those that they come after; all of them unless told. */
  readonly only?: readonly string[];
  /** Run those of `only` without the checks that they come after, as if those had passed. */
  readonly isAlone?: boolean;
  readonly seed: string;
  /** Names everything that the grading starts. */
  readonly gradingId: string;
  /** Leave containers, networks and images where they are. */
  readonly keep?: boolean;
  /** The containers of services that serve several gradings, by the service's name. */
  readonly sharedServices?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly listener?: GradeListener;
  /** Makes what the grader needs ready; not called for an invalid submission. */
  readonly prepare: () => Promise<GradeReport["environment"]>;
}

/**
 * Grades a submission once: reads its files, runs the grader over a copy of them, puts the outcomes into a report.
 * Starts nothing for an invalid submission.
 * @throws {OnrampError} USAGE when the directory is missing, CHECK_UNKNOWN for an unknown id in `only`
 * @throws the signal's reason when it is aborted
 */
export async function grade(options: GradeOptions): Promise<GradeReport> {
  const { exercise, signal, listener = {} } = options;
  const declared = withPrerequisites(exercise.manifest.checks, options.only, options.isAlone);
  const startedAt = new Date();
  const submission = await collect(options.directory, exercise.manifest);
  const isInvalid = submission.problems.length > 0;
  const environment = isInvalid ? { engine: null, images: [] } : await options.prepare();
  signal?.throwIfAborted();
  const ids = declared.map(({ id }) => id);
  const run = isInvalid ? undefined : await runOnCopy(submission, options, ids, listener);
  signal?.throwIfAborted();

  const checks = declared.map(
    (check) => run?.outcomes.get(check.id) ?? unjudged(blankOutcome(check), run),
  );
  const durationMs = Date.now() - startedAt.getTime();
  return {
    schema: "onramp/grade@1",
    exercise: {
      id: exercise.id,
      title: exercise.manifest.title,
      digest: await digestExercise(exercise),
    },
    submission: {
      digest: submission.digest,
      files: [...submission.files],
      ignored: await listIgnored(submission, exercise, options.directory),
    },
    grader: await graderIdentity(),
    environment,
    seed: options.seed,
    startedAt: startedAt.toISOString(),
    durationMs,
    setupMs: Math.max(0, Math.round(durationMs - (run?.judgingMs ?? 0))),
    outcome: outcomeOf(checks, isInvalid),
    score: scoreOf(checks),
    checks,
    attempts: 1,
    lookalikes: [],
    problems: [...submission.problems, ...breakageOf(run)],
  };
}

async function runOnCopy(
  submission: Submission,
  options: GradeOptions,
  checks: string[],
  listener: GradeListener,
): Promise<GraderRun> {
  const scratchDirectory = await mkdtemp(join(tmpdir(), "onramp-"));
  try {
    const projectDirectory = join(scratchDirectory, "project");
    await assemble(options.exercise, submission, projectDirectory);
    const { gradingId, seed, keep = false, sharedServices = {}, exercise } = options;
    const job = {
      gradingId,
      exerciseDirectory: exercise.directory,
      projectDirectory,
      scratchDirectory,
      checks,
      seed,
      keep,
      sharedServices: { ...sharedServices },
    };
    return await runGrader(job, listener, options.signal);
  } finally {
    await rm(scratchDirectory, { recursive: true, force: true });
  }
}

/** A check without an outcome: the submission was not taken, or the grader broke before it. */
function unjudged(check: CheckOutcome, run: GraderRun | undefined): CheckOutcome {
  if (run === undefined)
    return { ...check, status: "skipped", message: "The submission could not be taken." };
  const { code, detail } = run.breakage ?? {
    code: "GRADER_BUG" as const,
    detail: "The grader ended without judging this check.",
  };
  return { ...check, message: codes[code].meaning, cause: { code, detail, fix: codes[code].fix } };
}

function breakageOf(run: GraderRun | undefined): GradeReport["problems"] {
  if (run?.breakage === undefined) return [];
  return [{ ...run.breakage, fix: codes[run.breakage.code].fix }];
}

/** What was left out of a submission, apart from the starter's own files that the hire has as they came. */
async function listIgnored(
  { ignored, ignoredCount }: Submission,
  exercise: Exercise,
  directory: string,
): Promise<string[]> {
  const listed: string[] = [];
  for (const path of ignored) {
    const given = await readFile(join(exercise.directory, "starter", path)).catch(() => undefined);
    if (given === undefined || !(await holds(join(directory, path), given))) listed.push(path);
  }
  if (ignoredCount === ignored.length) return listed;
  const shown = listed.slice(0, 99);
  const more = ignoredCount - ignored.length + listed.length - shown.length;
  return [...shown, `… and ${more} more`];
}

/** Whether a file of the submission has this content. Only a regular file of the same size is opened. */
async function holds(file: string, content: Buffer): Promise<boolean> {
  const found = await lstat(file).catch(() => undefined);
  if (found === undefined || !found.isFile() || found.size !== content.length) return false;
  return (await readFile(file)).equals(content);
}
