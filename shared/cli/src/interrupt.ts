/**
 * Runs a task that ctrl-C and SIGTERM cancel through its signal.
 * @returns what the task returned, or "interrupted" when it was cancelled, whatever it then did
 */
export async function withInterrupt<Result>(
  task: (signal: AbortSignal) => Promise<Result>,
): Promise<Result | "interrupted"> {
  const controller = new AbortController();
  const abort = () => {
    process.stderr.write("\nStopping, and taking away what was started …\n");
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
    process.off("SIGINT", abort);
    process.off("SIGTERM", abort);
  }
}
