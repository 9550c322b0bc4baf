import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Exercise } from "@onramp/exercise/load-exercise";
import { startTripApiCluster } from "@onramp/testbed/trip-api/trip-api-cluster";
import { makeReady } from "../grade-submission.ts";

/** A cluster that serves all submissions of an exercise. */
export interface SharedCluster extends AsyncDisposable {
  readonly clusterId: string;
}

/**
 * Starts one cluster for a whole matrix: a grading has namespaces of its own in it, and most of what a small grading
 * costs is the start. Starts nothing for an exercise that needs none.
 * @throws {OnrampError} when engine, images or cluster cannot be made ready
 */
export async function startSharedCluster(
  exercise: Exercise,
  options: {
    readonly seed: string;
    readonly signal: AbortSignal;
    readonly onProgress: (text: string) => void;
  },
): Promise<SharedCluster | undefined> {
  if (!exercise.manifest.needs.includes("kubernetes")) return undefined;
  await using resources = new AsyncDisposableStack();
  const { seed, signal, onProgress } = options;
  await makeReady({ exercise, signal, listener: { onProgress } });
  const scratchDirectory = await mkdtemp(join(tmpdir(), "onramp-"));
  resources.defer(async () => rm(scratchDirectory, { recursive: true, force: true }));
  const cluster = await startTripApiCluster({
    gradingId: randomBytes(4).toString("hex"),
    exerciseDirectory: exercise.directory,
    projectDirectory: "",
    scratchDirectory,
    checks: [],
    seed,
    keep: false,
  });
  resources.use(cluster);
  const held = resources.move();
  return {
    clusterId: cluster.kubernetes.node.id,
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}
