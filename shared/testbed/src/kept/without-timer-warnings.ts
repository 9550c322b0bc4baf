/**
 * Keeps Node's warning of timers in the past off stderr while `work` runs. kafkajs sets such timers whenever a request
 * has to wait; they are harmless, and nothing for a hire to read. Other warnings pass.
 */
export async function withoutTimerWarnings<Result>(work: () => Promise<Result>): Promise<Result> {
  const emit = process.emitWarning.bind(process) as (...given: unknown[]) => void;
  process.emitWarning = (...given: unknown[]) => {
    if (given[1] !== "TimeoutNegativeWarning") emit(...given);
  };
  try {
    return await work();
  } finally {
    process.emitWarning = emit;
  }
}
