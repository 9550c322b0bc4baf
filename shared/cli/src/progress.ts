import { createHash } from "node:crypto";
import { mkdir, readFile, realpath, rename } from "node:fs/promises";
import { join } from "node:path";
import { notWrittenError } from "@onramp/errors/not-written";
import { OnrampError, messageOf } from "@onramp/errors/onramp-error";
import type { GradeReport } from "@onramp/grading/report";
import { z } from "zod";
import { workDirectory } from "./repository.ts";

const score = z.object({ earned: z.int().nonnegative(), possible: z.int().positive() });

const exerciseProgress = z.object({
  /** Of whole gradings only: one with `--only` never sets, raises or lowers it. */
  best: z.object({ score, outcome: z.string(), at: z.iso.datetime() }).nullable(),
  /** The last grading, whole or in part. */
  last: z
    .object({ score, outcome: z.string(), at: z.iso.datetime(), scope: z.enum(["whole", "part"]) })
    .nullable(),
  /** The hints that were given, as `CHECK-ID · LEVEL`, in their order. */
  hints: z.array(z.string()),
  submitted: z.object({ at: z.iso.datetime(), commit: z.string() }).nullable(),
});

const progressFile = z.object({
  version: z.literal(1),
  exercises: z.record(z.string(), exerciseProgress),
});

/** What the hire has done in one exercise. */
export type ExerciseProgress = z.output<typeof exerciseProgress>;
/** The hire's progress, as `work/.onramp/progress.json` holds it. */
export type Progress = z.output<typeof progressFile>;
/** `whole`: every check was asked for. `part`: a grading with `--only`, which never touches the best score. */
export type GradingScope = "whole" | "part";

const nothingDone: ExerciseProgress = { best: null, last: null, hints: [], submitted: null };

/** Where the kit keeps what it knows of the hire, inside the work directory. */
export function stateDirectory(work = workDirectory): string {
  return join(work, ".onramp");
}

/** The progress of one exercise, also of one that was never graded. */
export function progressOf(progress: Progress, id: string): ExerciseProgress {
  return Object.hasOwn(progress.exercises, id)
    ? (progress.exercises[id] ?? nothingDone)
    : nothingDone;
}

/** True when a whole grading passed every check once. */
export function isPassed(progress: ExerciseProgress): boolean {
  return progress.best?.outcome === "passed";
}

/** The hire's progress. A damaged file is kept beside as `progress.json.damaged`, said on stderr, and begun anew. */
export async function readProgress(work = workDirectory): Promise<Progress> {
  return (await read(work)) ?? locked(work, async () => begun(work));
}

/**
 * Keeps a grading's report as the exercise's last one, and its score.
 * A report with `scope: "part"` (a grading with `--only`) becomes the last one but never the best.
 */
export async function recordGrading(
  report: GradeReport,
  scope: GradingScope,
  work = workDirectory,
): Promise<void> {
  const entry = { score: report.score, outcome: report.outcome, at: new Date().toISOString() };
  await change(
    work,
    report.exercise.id,
    (before) => ({
      ...before,
      last: { ...entry, scope },
      best: scope === "whole" && isBetter(entry, before.best) ? entry : before.best,
    }),
    async () => writeState(work, lastReportName(report.exercise.id), report),
  );
}

/** Notes that a hint was given. */
export async function recordHint(id: string, hint: string, work = workDirectory): Promise<void> {
  await change(work, id, (before) =>
    before.hints.includes(hint) ? before : { ...before, hints: [...before.hints, hint] },
  );
}

/** Notes that this commit was submitted. */
export async function recordSubmission(
  id: string,
  commit: string,
  work = workDirectory,
): Promise<void> {
  const submitted = { at: new Date().toISOString(), commit };
  await change(work, id, (before) => ({ ...before, submitted }));
}

/** The report of the exercise's last grading, if there is one that can be read. */
export async function readLastReport(
  id: string,
  work = workDirectory,
): Promise<GradeReport | undefined> {
  const text = await readFile(join(stateDirectory(work), lastReportName(id)), "utf8").catch(
    () => undefined,
  );
  if (text === undefined) return undefined;
  const { gradeReport } = await import("@onramp/grading/report");
  const result = gradeReport.safeParse(parseJson(text));
  return result.success ? result.data : undefined;
}

function lastReportName(id: string): string {
  return `last-report-${id}.json`;
}

function isBetter(
  entry: NonNullable<ExerciseProgress["best"]>,
  best: ExerciseProgress["best"],
): boolean {
  if (best === null) return true;
  const [now, before] = [entry, best].map(({ score: { earned, possible } }) => earned / possible);
  if (now === before) return entry.outcome === "passed" && best.outcome !== "passed";
  return (now ?? 0) > (before ?? 0);
}

async function change(
  work: string,
  id: string,
  edit: (before: ExerciseProgress) => ExerciseProgress,
  alongside: () => Promise<void> = async () => {},
): Promise<void> {
  await locked(work, async () => {
    const progress = (await read(work)) ?? (await begun(work));
    const exercises = { ...progress.exercises, [id]: edit(progress.exercises[id] ?? nothingDone) };
    await alongside();
    await writeState(work, "progress.json", { ...progress, exercises });
  });
}

/** @returns undefined for a file that is damaged */
async function read(work: string): Promise<Progress | undefined> {
  let text: string;
  try {
    text = await readFile(join(stateDirectory(work), "progress.json"), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT")
      return { version: 1, exercises: {} };
    throw notWritten("read", error);
  }
  return progressFile.safeParse(parseJson(text)).data;
}

/** Puts a damaged file aside; to be called under the lock, and another process may have been faster. */
async function begun(work: string): Promise<Progress> {
  const progress = await read(work);
  if (progress !== undefined) return progress;
  const file = join(stateDirectory(work), "progress.json");
  await rename(file, `${file}.damaged`);
  process.stderr.write(
    `The progress file was damaged. It is kept as ${file}.damaged, and a new one begins.\n`,
  );
  return { version: 1, exercises: {} };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function writeState(work: string, name: string, data: unknown): Promise<void> {
  const { default: writeFileAtomic } = await import("write-file-atomic");
  try {
    await writeFileAtomic(join(stateDirectory(work), name), `${JSON.stringify(data, null, 2)}\n`);
  } catch (error) {
    throw notWritten("written", error);
  }
}

function notWritten(what: "read" | "written", error: unknown): OnrampError {
  return notWrittenError(`The progress could not be ${what}: ${messageOf(error)}`, error);
}

/** One process at a time. The lock is the kernel's, so that none is left over when its holder is killed. */
async function locked<Result>(work: string, task: () => Promise<Result>): Promise<Result> {
  const { withLock } = await import("@onramp/engine/with-lock");
  try {
    await mkdir(stateDirectory(work), { recursive: true });
  } catch (error) {
    throw notWritten("written", error);
  }
  const name = createHash("sha256")
    .update(await realpath(work))
    .digest("hex")
    .slice(0, 16);
  return withLock(`progress-${name}`, task);
}
