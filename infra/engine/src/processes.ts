import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

/** The process id that a pid file holds, or undefined. */
export async function readPid(file: string): Promise<number | undefined> {
  const text = await readFile(file, "utf8").catch(() => "");
  const pid = Number.parseInt(text, 10);
  return pid > 1 ? pid : undefined;
}

/** The command line of a living process; undefined for one that is gone, or is a zombie. */
export async function commandLine(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  return text === "" ? undefined : text.replaceAll("\0", " ").trim();
}

/** Ends a process: SIGTERM, then SIGKILL when it is still there after `graceMs`. Resolves when it is gone. */
export async function endProcess(pid: number, graceMs: number): Promise<void> {
  const isGone = async (): Promise<boolean> => (await commandLine(pid)) === undefined;
  sendSignal(pid, "SIGTERM");
  if (await waitUntil(isGone, graceMs)) return;
  sendSignal(pid, "SIGKILL");
  await waitUntil(isGone, 10_000);
}

/** Polls until `condition` holds; false after `limitMs`. */
export async function waitUntil(
  condition: () => Promise<boolean>,
  limitMs: number,
  signal?: AbortSignal,
): Promise<boolean> {
  const end = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > end) return false;
    await delay(50, undefined, { signal });
  }
  return true;
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone already.
  }
}
