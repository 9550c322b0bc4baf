import { OnrampError } from "./onramp-error.ts";

/** The error for what could not be read or written: DISK_FULL when that is why, else REPORT_NOT_WRITTEN. */
export function notWrittenError(detail: string, cause: unknown): OnrampError {
  const isFull = cause instanceof Error && "code" in cause && cause.code === "ENOSPC";
  return new OnrampError(isFull ? "DISK_FULL" : "REPORT_NOT_WRITTEN", detail, { cause });
}
