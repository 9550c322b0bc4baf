/** The submission's fault: what a check throws when it has judged against it. Anything else thrown is a bug of ours. */
export class CheckFailure extends Error {
  override readonly name = "CheckFailure";
  readonly expected: string | null;
  readonly actual: string | null;

  constructor(
    message: string,
    options: { expected?: string; actual?: string; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.expected = options.expected ?? null;
    this.actual = options.actual ?? null;
  }
}

/**
 * Ends a check against the submission.
 * @param message what happened, with the values seen, and what to look at
 * @throws {CheckFailure} always
 */
export function fail(
  message: string,
  options: { expected?: string; actual?: string; cause?: unknown } = {},
): never {
  throw new CheckFailure(message, options);
}
