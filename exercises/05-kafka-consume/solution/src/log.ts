type Level = "debug" | "info" | "warn" | "error";

/** One JSON object a line on stdout: whoever collects the logs need not guess. */
export function log(level: Level, message: string, details: Record<string, unknown> = {}): void {
  const line = { time: new Date().toISOString(), level, message, ...details };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** What there is to say of whatever was thrown. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // A refused connection is an AggregateError without a message of its own.
  return error.message === "" && "code" in error ? String(error.code) : error.message;
}
