import { execa } from "execa";

const graceMs = 3_000;

/**
 * Runs a program as the head of a process group of its own, and on abort ends the whole group: a program that waits
 * for its children and ignores signals meanwhile (mmdebstrap) would else go on to its end.
 */
export async function runInGroup(
  program: string,
  arguments_: readonly string[],
  env: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<{ failed: boolean; all: string }> {
  signal?.throwIfAborted();
  const running = execa(program, arguments_, {
    env,
    detached: true,
    stdin: "ignore",
    all: true,
    reject: false,
  });
  let timer: NodeJS.Timeout | undefined;
  const end = (): void => {
    signalGroup(running.pid, "SIGTERM");
    timer = setTimeout(() => signalGroup(running.pid, "SIGKILL"), graceMs);
  };
  signal?.addEventListener("abort", end, { once: true });
  try {
    const { failed, all } = await running;
    signal?.throwIfAborted();
    return { failed, all };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", end);
  }
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Gone already.
  }
}
