import { setTimeout as pause } from "node:timers/promises";
import { fail } from "./check-failure.ts";

/** What a probe says: `done` ends the wait; `seen` is what stands in the failure. */
export interface Observation<Value> {
  readonly done: boolean;
  readonly seen: string;
  readonly value?: Value;
}

export interface EventuallyOptions {
  /** How long to go on asking, in milliseconds. */
  readonly withinMs: number;
  /** How long to wait between two tries, in milliseconds. */
  readonly everyMs?: number;
  readonly signal?: AbortSignal;
  /** Ends the wait early: returns why it can no longer succeed, such as "the container exited with code 1". */
  readonly hasDied?: () => Promise<string | undefined>;
}

/**
 * Asks again and again until a probe is done.
 * @param what the awaited condition, as it stands in the failure: "`/healthz` answers 200"
 * @returns the value of the observation that was done
 * @throws {CheckFailure} with the last value seen and for how long it was asked
 */
export async function eventually<Value>(
  what: string,
  probe: () => Promise<Observation<Value>>,
  { withinMs, everyMs = 50, signal, hasDied }: EventuallyOptions,
): Promise<Value> {
  const start = performance.now();
  for (;;) {
    const observation = await probe();
    if (observation.done) return observation.value as Value;
    const elapsedMs = performance.now() - start;
    const death = await hasDied?.();
    if (death !== undefined) {
      fail(`${what}: not so, because ${death}.`, {
        expected: what,
        actual: `${death}; before that: ${observation.seen}`,
      });
    }
    if (elapsedMs >= withinMs) {
      fail(
        `${what}: not so within ${withinMs / 1000} s. Last seen: ${observation.seen.replace(/\.$/, "")}.`,
        {
          expected: `${what} within ${withinMs / 1000} s`,
          actual: observation.seen,
        },
      );
    }
    await pause(everyMs, undefined, { signal });
  }
}
