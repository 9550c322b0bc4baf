/**
 * Keeps Node's warning of timers in the past off stderr until the end of the scope. kafkajs sets such timers whenever a
 * request has to wait; they are harmless, and nothing for a hire to read. Other warnings pass.
 */
export function withoutTimerWarnings(): Disposable {
  const { emitWarning } = process;
  const emit = emitWarning as (...given: unknown[]) => void;
  process.emitWarning = (...given: unknown[]) => {
    if (given[1] !== "TimeoutNegativeWarning") emit.apply(process, given);
  };
  return {
    [Symbol.dispose]() {
      process.emitWarning = emitWarning;
    },
  };
}
