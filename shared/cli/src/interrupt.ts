/**
 * Runs a task that ctrl-C and SIGTERM cancel through its signal.
 * @returns what the task returned, or "interrupted" when it was cancelled, whatever it then did
 */
export async function withInterrupt<Result>(
  task: (signal: AbortSignal) => Promise<Result>,
): Promise<Result | "interrupted"> {
  const controller = new AbortController();
  const abort = () => {
    controller.abort();
  };
  process.once("SIGINT", abort);
  process.once("SIGTERM", abort);
  try {
    const result = await task(controller.signal);
    return controller.signal.aborted ? "interrupted" : result;
  } catch (error) {
    if (controller.signal.aborted) return "interrupted";
    throw error;
  } finally {
    // At the end: while the task runs, a live report would wipe the line out again.
    if (controller.signal.aborted)
      process.stderr.write("\nStopped. What was started is taken away within half a minute.\n");
    process.off("SIGINT", abort);
    process.off("SIGTERM", abort);
  }
}
