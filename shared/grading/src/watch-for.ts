import { setTimeout as pause } from "node:timers/promises";
import type { Observation } from "./eventually.ts";

export interface WatchOptions {
  /** How long to look, in milliseconds. */
  readonly forMs: number;
  /** How long to wait between two looks, in milliseconds. */
  readonly everyMs?: number;
  readonly signal: AbortSignal;
}

/**
 * Looks for something that must not happen, for as long as it might: the counterpart of `eventually`.
 * @returns the observation in which it happened, as soon as it has; undefined when it has not
 */
export async function watchFor<Value>(
  probe: () => Promise<Observation<Value>>,
  { forMs, everyMs = 100, signal }: WatchOptions,
): Promise<Observation<Value> | undefined> {
  const end = performance.now() + forMs;
  for (;;) {
    const observation = await probe();
    if (observation.done) return observation;
    if (performance.now() >= end) return undefined;
    await pause(everyMs, undefined, { signal });
  }
}
