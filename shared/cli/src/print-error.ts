import { styleText } from "node:util";
import { codes, type Fault } from "@onramp/errors/codes";
import { isOnrampError, messageOf } from "@onramp/errors/onramp-error";

const whose: Readonly<Record<Fault, string>> = {
  user: "",
  author: "",
  submission: "",
  ours: "This is not your work's fault, and it costs you nothing.",
};

/**
 * Writes an error to stderr: its code, what happened, what to do next.
 * @returns the exit code that the command should end with.
 */
export function printError(error: unknown): number {
  if (isOnrampError(error)) {
    const { fault, exitCode } = codes[error.code];
    const lines = [
      `${styleText("red", error.code, { stream: process.stderr })}  ${error.message}`,
      whose[fault],
      `→ ${error.fix}`,
    ];
    process.stderr.write(`${lines.filter((line) => line !== "").join("\n")}\n`);
    return exitCode;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : messageOf(error);
  process.stderr.write(
    `Something in Onramp itself broke. Please report it to its authors with these lines:\n${stack}\n`,
  );
  return 3;
}
