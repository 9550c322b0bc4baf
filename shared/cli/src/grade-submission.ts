import { randomBytes } from "node:crypto";
import { ensureEngine } from "@onramp/engine/ensure-engine";
import { OnrampError } from "@onramp/errors/onramp-error";
import type { Exercise } from "@onramp/exercise/load-exercise";
import { idsToJudgeAgain, mergeAttempts, withoutSecondAttempt } from "@onramp/grading/attempts";
import { grade } from "@onramp/grading/grade";
import { lookalikesOf } from "@onramp/grading/lookalikes";
import type { GradeReport } from "@onramp/grading/report";
import type { GradeListener } from "@onramp/grading/run-grader";
import { randomSeed } from "@onramp/grading/seed";
import { ensureImages } from "@onramp/images/ensure-images";
import { serviceImages } from "@onramp/testbed/services";
import { askOnTerminal, isAttended } from "./ask-on-terminal.ts";

export interface GradeSubmissionOptions {
  readonly exercise: Exercise;
  readonly directory: string;
  /** Ids of the checks to run, with those that they come after. */
  readonly only?: readonly string[];
  readonly seed?: string;
  readonly keep?: boolean;
  readonly signal?: AbortSignal;
  readonly listener?: GradeListener;
}

/**
 * Makes the machine ready and grades a submission. What a fault of ours kept from being judged is tried a second
 * time, with everything started anew; then the report says not-graded.
 * @throws {OnrampError} for wrong usage, and when engine or images cannot be made ready
 */
export async function gradeSubmission(options: GradeSubmissionOptions): Promise<GradeReport> {
  const { exercise, seed = randomSeed() } = options;
  const attempt = (only: readonly string[] | undefined): Promise<GradeReport> =>
    grade({
      ...options,
      only,
      seed,
      gradingId: randomBytes(4).toString("hex"),
      prepare: () => makeReady(options),
    });
  const first = await attempt(options.only);
  const again = idsToJudgeAgain(first);
  if (again.length === 0) return withLookalikes(exercise, first, options.only);
  options.listener?.onProgress?.(
    "something of ours broke: trying once more, with everything started anew",
  );
  return withLookalikes(exercise, await secondAttempt(first, attempt(again)), options.only);
}

async function secondAttempt(
  first: GradeReport,
  trying: Promise<GradeReport>,
): Promise<GradeReport> {
  try {
    return mergeAttempts(first, await trying);
  } catch (error) {
    // The engine is still away: what the first attempt has judged stands.
    if (error instanceof OnrampError) return withoutSecondAttempt(first, error);
    throw error;
  }
}

/** Has the engine and the images that an exercise needs. */
async function makeReady({
  exercise,
  listener,
  signal,
}: GradeSubmissionOptions): Promise<GradeReport["environment"]> {
  const onProgress = (line: string): void => listener?.onProgress?.(line);
  const consent = isAttended() ? askOnTerminal : undefined;
  const engine = await ensureEngine({ onProgress, isInteractive: isAttended(), consent, signal });
  const names = exercise.manifest.needs.flatMap((service) => serviceImages[service] ?? []);
  const images = await ensureImages([...new Set(names)], { engine, onProgress, consent, signal });
  return {
    engine: { name: engine.name, version: engine.version, api: engine.apiVersion },
    images: images.map(({ ref, id = "", origin = "registry" }) => ({ ref, id, origin })),
  };
}

async function withLookalikes(
  exercise: Exercise,
  report: GradeReport,
  only: readonly string[] | undefined,
): Promise<GradeReport> {
  return only === undefined || only.length === 0
    ? { ...report, lookalikes: await lookalikesOf(exercise, report) }
    : report;
}
