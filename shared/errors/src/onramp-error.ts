import { codes, type ErrorCode } from "./codes.ts";

/**
 * An error with a code from the table in `codes.ts`: what happened (with the values seen) and what to do next.
 * Everything that is not a check's verdict is reported with one of these.
 */
export class OnrampError extends Error {
  override readonly name = "OnrampError";
  readonly code: ErrorCode;
  /** What to do next: a sentence, usually with a command to type. */
  readonly fix: string;

  constructor(code: ErrorCode, detail: string, options: { fix?: string; cause?: unknown } = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.fix = options.fix ?? codes[code].fix;
  }

  /** The exit code of a command that ends with this error. */
  get exitCode(): number {
    return codes[this.code].exitCode;
  }
}

/** True for an {@link OnrampError}, also for one that crossed a thread or a process and lost its class. */
export function isOnrampError(
  error: unknown,
): error is Pick<OnrampError, "code" | "message" | "fix"> {
  return (
    typeof error === "object" &&
    error !== null &&
    "code" in error &&
    typeof error.code === "string" &&
    Object.hasOwn(codes, error.code) &&
    "fix" in error
  );
}

/** The text of any thrown value, and of its cause where that says more: `fetch failed: connect ECONNREFUSED 127.0.0.1:8474`. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // What Node throws where none of a name's addresses answers has no text of its own.
  if (error instanceof AggregateError && error.message === "")
    return error.errors.map(messageOf).join(", ");
  if (!(error.cause instanceof Error)) return error.message;
  const cause = messageOf(error.cause);
  return error.message.includes(cause) ? error.message : `${error.message}: ${cause}`;
}
