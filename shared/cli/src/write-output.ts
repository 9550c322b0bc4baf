import { mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { notWrittenError } from "@onramp/errors/not-written";
import { OnrampError, messageOf } from "@onramp/errors/onramp-error";
import writeFileAtomic from "write-file-atomic";

/**
 * Writes a file that the user asked for, whole or not at all.
 * @throws {OnrampError} DISK_FULL or REPORT_NOT_WRITTEN
 */
export async function writeOutput(file: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(resolve(file)), { recursive: true });
    await writeFileAtomic(resolve(file), text);
  } catch (error) {
    throw notWritten(file, error);
  }
}

/** The error for a file or directory that could not be written. */
export function notWritten(path: string, error: unknown): OnrampError {
  return notWrittenError(`${path} could not be written: ${messageOf(error)}`, error);
}
