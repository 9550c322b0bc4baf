import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { ensureEngine } from "@onramp/engine/ensure-engine";
import { OnrampError } from "@onramp/errors/onramp-error";
import type { Exercise } from "@onramp/exercise/load-exercise";
import {
  blameForService,
  idsThatKilledTwice,
  idsToJudgeAgain,
  mergeAttempts,
  withoutSecondAttempt,
} from "@onramp/grading/attempts";
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
  /** Run those of `only` without the checks that they come after, as if those had passed. */
  readonly isAlone?: boolean;
  /** The same for both attempts; a random one unless told. */
  readonly seed?: string;
  readonly keep?: boolean;
  /** The containers of services that serve several gradings; a second attempt starts its own. */
  readonly sharedServices?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly listener?: GradeListener;
}

/**
 * Makes the machine ready and grades a submission. What a fault of ours kept from being judged is tried a second
 * time, with everything started anew; then the report says not-graded.
 * @throws {OnrampError} for wrong usage, and when engine or images cannot be made ready
 */
export async function gradeSubmission(given: GradeSubmissionOptions): Promise<GradeReport> {
  const { sharedServices, ...alone } = given;
  const options = { ...alone, seed: given.seed ?? randomSeed() };
  const first = await attempt({ ...options, sharedServices }, options.only);
  const again = idsToJudgeAgain(first);
  if (again.length === 0) return withLookalikes(options, first);
  const { listener } = options;
  listener?.onProgress?.(
    `something of ours broke: trying once more, with everything started anew (${firstCause(first)})`,
  );
  try {
    const second = await attempt(options, again);
    const report = mergeAttempts(first, second);
    return await withLookalikes(options, await judgeSuspects(options, report, first, second));
  } catch (error) {
    // The engine is still away: what the first attempt has judged stands.
    if (error instanceof OnrampError)
      return withLookalikes(options, withoutSecondAttempt(first, error));
    throw error;
  }
}

/** The first thing that broke, in the report's own words. */
function firstCause({ checks, problems }: GradeReport): string {
  const cause = checks.find((check) => check.cause !== null)?.cause ?? problems[0];
  const [detail = ""] = cause?.detail.split("\n") ?? [];
  return `${cause?.code}: ${detail}`;
}

/** Where a service died under the submission in both attempts, the solution shows whether a fresh one lives. */
async function judgeSuspects(
  options: GradeSubmissionOptions & { readonly seed: string },
  report: GradeReport,
  first: GradeReport,
  second: GradeReport,
): Promise<GradeReport> {
  const suspects = idsThatKilledTwice(first, second);
  if (suspects.length === 0) return report;
  const { exercise, listener } = options;
  listener?.onProgress?.("a service died twice: trying the reference answer on a fresh one");
  const directory = join(exercise.directory, "solution");
  const quiet = { onProgress: (text: string) => listener?.onProgress?.(text) };
  return blameForService(
    report,
    await attempt({ ...options, directory, listener: quiet }, suspects),
  );
}

async function attempt(
  options: GradeSubmissionOptions & { readonly seed: string },
  only: readonly string[] | undefined,
): Promise<GradeReport> {
  return grade({
    ...options,
    only,
    gradingId: randomBytes(4).toString("hex"),
    prepare: () => makeReady(options),
  });
}

/** Has the engine and the images that an exercise needs. */
export async function makeReady({
  exercise,
  listener,
  signal,
}: Pick<GradeSubmissionOptions, "exercise" | "listener" | "signal">): Promise<
  GradeReport["environment"]
> {
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
  { exercise, only }: GradeSubmissionOptions,
  report: GradeReport,
): Promise<GradeReport> {
  return only === undefined || only.length === 0
    ? { ...report, lookalikes: await lookalikesOf(exercise, report) }
    : report;
}
