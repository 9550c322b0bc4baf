import { join } from "node:path";
import type { Exercise } from "@onramp/exercise/load-exercise";
import { layoutProblems } from "@onramp/exercise/layout-rules";
import type { GradeReport } from "@onramp/grading/report";
import { seedFrom } from "@onramp/grading/seed";
import { renderJson } from "@onramp/reports/json";
import { gradeSubmission } from "../grade-submission.ts";
import { repositoryRoot } from "../repository.ts";
import { writeOutput } from "../write-output.ts";
import { failedChecks, judgeEntry } from "./judge-entry.ts";
import { laySubmission, type MatrixEntry, matrixOf } from "./matrix.ts";
import type { Resume } from "./resume.ts";
import { startSharedServices } from "./shared-services.ts";
import type { VerifiedExercise, VerifiedSubmission } from "./verify-report.ts";

export interface VerifyOptions {
  /** Run all checks of mutants and variants, and demand that those not named pass or are skipped. */
  readonly isFull: boolean;
  /** How often starter and solution are graded (with `isFull`: everything); every outcome that changes is a defect. */
  readonly repeat: number;
  readonly seed: string;
  readonly signal: AbortSignal;
  readonly resume: Resume;
  readonly onProgress: (text: string) => void;
  onVerified(submission: VerifiedSubmission): void;
}

/** Holds an exercise's grader against its starter, solution, variants and mutants. */
export async function verifyExercise(
  exercise: Exercise,
  options: VerifyOptions,
): Promise<VerifiedExercise> {
  const start = Date.now();
  const { matrixMinutes, matrixSides } = exercise.manifest;
  const problems = await layoutProblems(exercise);
  const entries = problems.length > 0 ? [] : await matrixOf(exercise, options.isFull);
  const verified = new Map<MatrixEntry, VerifiedSubmission>();
  // Those with the most checks first, so that no long one is left to run alone at the end.
  const waiting = entries.toSorted((one, other) => weightOf(other) - weightOf(one));
  await using shared =
    entries.length > 0
      ? await startSharedServices(exercise, { ...options, sides: matrixSides })
      : undefined;
  // What breaks on one side ends the others too: they stand on the same services.
  const broken = new AbortController();
  const signal = AbortSignal.any([options.signal, broken.signal]);
  const work = async (side: number): Promise<void> => {
    for (let entry = waiting.shift(); entry && !signal.aborted; entry = waiting.shift()) {
      const known = await options.resume.known(entry);
      const submission =
        known ?? (await verifyEntry(exercise, entry, { ...options, signal }, shared?.sides[side]));
      verified.set(entry, submission);
      if (known === undefined) await options.resume.keep(entry, submission);
      options.onVerified(submission);
    }
  };
  const sides = Array.from({ length: matrixSides }, async (_, side) =>
    work(side).catch((error: unknown) => broken.abort(error)),
  );
  await Promise.all(sides);
  signal.throwIfAborted();

  const submissions = entries.flatMap((entry) => verified.get(entry) ?? []);
  const durationMs = Date.now() - start;
  const checks = exercise.manifest.checks.map(({ id }) => id);
  const kills = killsOf(checks, submissions);
  const unkilled = problems.length > 0 ? [] : checks.filter((id) => kills[id]?.length === 0);
  const isTimed = !options.isFull && options.repeat === 1;
  if (isTimed && durationMs > matrixMinutes * 60_000) {
    problems.push(
      `It took ${(durationMs / 60_000).toFixed(1)} minutes; matrixMinutes allows ${matrixMinutes}.`,
    );
  }
  const isRight =
    problems.length === 0 && unkilled.length === 0 && submissions.every(({ ok }) => ok);
  return {
    id: exercise.id,
    outcome: isRight ? "passed" : "failed",
    durationMs,
    problems,
    checks,
    unkilled,
    submissions,
    kills,
  };
}

function weightOf({ only }: MatrixEntry): number {
  return only?.length ?? 100;
}

/** The mutants that fail each check. */
function killsOf(
  checks: readonly string[],
  submissions: readonly VerifiedSubmission[],
): Record<string, string[]> {
  const mutants = submissions.filter(({ kind, ok }) => kind === "mutant" && ok);
  return Object.fromEntries(
    checks.map((id) => [
      id,
      mutants.filter(({ failed }) => failed.includes(id)).map(({ name }) => name),
    ]),
  );
}

async function verifyEntry(
  exercise: Exercise,
  entry: MatrixEntry,
  options: VerifyOptions,
  sharedServices: Readonly<Record<string, string>> | undefined,
): Promise<VerifiedSubmission> {
  const isRepeated = options.isFull || entry.kind === "starter" || entry.kind === "solution";
  let verified: VerifiedSubmission | undefined;
  let first: GradeReport | undefined;
  for (let run = 0; run < (isRepeated ? options.repeat : 1); run += 1) {
    await using submission = await laySubmission(entry);
    const { signal, onProgress } = options;
    const report = await gradeSubmission({
      exercise,
      ...submission,
      only: entry.only,
      isAlone: true,
      seed: seedOf(options.seed, entry, run),
      sharedServices,
      signal,
      listener: { onProgress },
    });
    first ??= report;
    const judged = await withReport(judgeEntry(entry, report), exercise.id, report);
    const change = changeBetween(first, report);
    const durationMs = (verified?.durationMs ?? 0) + judged.durationMs;
    if (verified?.ok === false) verified = { ...verified, durationMs };
    else if (change === undefined) verified = { ...judged, durationMs };
    else
      verified = {
        ...judged,
        ok: false,
        durationMs,
        problem: `Its outcome changed in run ${run + 1} of ${options.repeat}: ${change}`,
      };
  }
  if (verified === undefined) throw new Error("A submission has to be graded at least once.");
  return verified;
}

/** Keeps the whole report of what was judged wrongly: a second grading may not show it again. */
async function withReport(
  judged: VerifiedSubmission,
  id: string,
  report: GradeReport,
): Promise<VerifiedSubmission> {
  if (judged.ok) return judged;
  const file = join(".results/misjudged", id, `${judged.name}.json`);
  await writeOutput(join(repositoryRoot, file), renderJson(report));
  return { ...judged, problem: `${judged.problem}\nReport: ${file}` };
}

/** Topics and databases are named after the seed, and in shared services no two may have the same name. */
function seedOf(seed: string, { kind, name }: MatrixEntry, run: number): string {
  return seedFrom(seed).hex(`${kind} ${name} ${run}`, 8);
}

function changeBetween(first: GradeReport, later: GradeReport): string | undefined {
  const [before, after] = [
    failedChecks(first).join(", ") || "none",
    failedChecks(later).join(", ") || "none",
  ];
  if (first.outcome === later.outcome && before === after) return undefined;
  return `${first.outcome}, then ${later.outcome}; failed before: ${before}; failed now: ${after}.`;
}
