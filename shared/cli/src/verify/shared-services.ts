import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Exercise } from "@onramp/exercise/load-exercise";
import type { GradingJob } from "@onramp/grading/job";
import type { StartedService } from "@onramp/grading/service";
import { withoutTimerWarnings } from "@onramp/testbed/kept/without-timer-warnings";
import { startWarmAirflow } from "@onramp/testbed/airflow/warm-airflow";
import { startKafka } from "@onramp/testbed/kafka/kafka-service";
import { startKubernetes } from "@onramp/testbed/kubernetes/kubernetes-service";
import { startPostgres } from "@onramp/testbed/postgres/postgres-service";
import { startTripApiCluster } from "@onramp/testbed/trip-api/trip-api-cluster";
import { makeReady } from "../grade-submission.ts";

type Shareable = StartedService & { readonly containerId: string };

type Starter = (job: GradingJob, needs: readonly string[]) => Promise<Shareable>;

/** How the services are started that several gradings can share, by their names in `needs:`. */
const starters: Readonly<Record<string, Starter>> = {
  // Some graders read the broker's own log of requests.
  kafka: (job) => withoutTimerWarnings(async () => startKafka(job, { logsRequests: true })),
  postgres: (job) => startPostgres(job),
  // Exercises about trip-api build its image, and have it in their cluster.
  kubernetes: (job, needs) =>
    needs.includes("docker") ? startTripApiCluster(job) : startKubernetes(job),
};

/** Those of which each side of the matrix has its own: a grading has all of it. They stand on what is shared by all. */
const ownStarters: Readonly<Record<string, (job: GradingJob) => Promise<Shareable>>> = {
  airflow: startWarmAirflow,
};

/** Services that serve all submissions of an exercise. */
export interface SharedServices extends AsyncDisposable {
  /** The containers for each side of the matrix, by the service's name. */
  readonly sides: readonly Readonly<Record<string, string>>[];
}

/**
 * Starts what all submissions of a matrix can share: a grading has topics, databases and namespaces of its own in it,
 * and most of what a small grading costs is the start.
 * @throws {OnrampError} when engine, images or a service cannot be made ready
 */
export async function startSharedServices(
  exercise: Exercise,
  options: {
    readonly seed: string;
    /** How many gradings go on side by side. */
    readonly sides: number;
    readonly signal: AbortSignal;
    readonly onProgress: (text: string) => void;
  },
): Promise<SharedServices> {
  await using resources = new AsyncDisposableStack();
  const { seed, signal, onProgress } = options;
  await makeReady({ exercise, signal, listener: { onProgress } });
  const scratchDirectory = await mkdtemp(join(tmpdir(), "onramp-"));
  resources.defer(async () => rm(scratchDirectory, { recursive: true, force: true }));
  const job: GradingJob = {
    gradingId: newId(),
    exerciseDirectory: exercise.directory,
    projectDirectory: "",
    scratchDirectory,
    checks: [],
    seed,
    keep: false,
    sharedServices: {},
  };
  const { needs } = exercise.manifest;
  const containers: Record<string, string> = {};
  for (const name of needs) {
    signal.throwIfAborted();
    const service = await starters[name]?.(job, needs);
    if (service !== undefined) containers[name] = resources.use(service).containerId;
  }
  const startSide = async (): Promise<Record<string, string>> => {
    const side = { ...containers };
    // On a network of its own: what gradings know by name is on theirs.
    const ownJob = { ...job, gradingId: newId(), sharedServices: containers };
    for (const name of needs) {
      const service = await ownStarters[name]?.(ownJob);
      if (service !== undefined) side[name] = resources.use(service).containerId;
    }
    return side;
  };
  const sides = await Promise.all(Array.from({ length: options.sides }, startSide));
  const held = resources.move();
  return { sides, [Symbol.asyncDispose]: () => held.disposeAsync() };
}

function newId(): string {
  return randomBytes(4).toString("hex");
}
