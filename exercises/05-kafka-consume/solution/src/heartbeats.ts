/** Heartbeats under way; `signal` is aborted with the group's answer as soon as it is anything but "go on". */
export type Heartbeats = Disposable & { readonly signal: AbortSignal };

/**
 * Sends heartbeats until it is disposed of. The client sends none while a batch is in hand, and a batch may have to
 * wait for the database for longer than the group waits for a silent member.
 */
export function keepHeartbeating(heartbeat: () => Promise<void>, everyMs: number): Heartbeats {
  const outOfStep = new AbortController();
  const timer = setInterval(() => {
    // Not thrown: a rebalance is no reason to drop a write that is under way, only to wait no longer for the next try.
    heartbeat().catch((error: unknown) => outOfStep.abort(error));
  }, everyMs);
  return { signal: outOfStep.signal, [Symbol.dispose]: () => clearInterval(timer) };
}
