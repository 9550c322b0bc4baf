import { createInterface } from "node:readline/promises";
import { isatty } from "node:tty";

/** True when somebody sits at the keyboard and reads what is written. */
export function isAttended(): boolean {
  return isatty(0) && isatty(2) && process.env["CI"] === undefined;
}

/** Asks a yes-or-no question; Enter alone means yes. */
export async function askOnTerminal(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // It takes ctrl-C for itself; who listens for the signal has to hear of it.
  terminal.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  try {
    const answer = await terminal.question(`${question} [Y/n] `);
    return /^(y(es)?)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
