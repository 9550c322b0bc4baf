import { createInterface } from "node:readline";
import { execa } from "execa";
import { startedTask } from "./started-task.ts";

/** How long nothing may be seen before a line says what runs. */
const silenceMs = 45_000;

/**
 * Runs these tasks, all of them also when one fails, and passes on what they print. Says what runs when nothing else
 * is printed for a while, so that whoever watches knows that it is alive.
 * @returns Turbo's exit code.
 */
export async function runTurbo(tasks: readonly string[], root: string): Promise<number> {
  const turbo = execa("turbo", ["run", ...tasks, "--continue=always", "--summarize"], {
    cwd: root,
    preferLocal: true,
    reject: false,
    buffer: false,
    stdin: "ignore",
    all: true,
    env: { TURBO_TELEMETRY_DISABLED: "1", ...(process.stdout.isTTY ? { FORCE_COLOR: "1" } : {}) },
  });
  // Ctrl-C reaches Turbo by itself; what was added up until then is still told.
  process.once("SIGINT", () => {});
  process.once("SIGTERM", () => turbo.kill("SIGTERM"));

  let running = "Turbo";
  let since = new Date();
  const ticker = setInterval(() => {
    const minutes = Math.round((Date.now() - since.getTime()) / 60_000);
    const began = since.toTimeString().slice(0, 8);
    process.stdout.write(`… ${running} runs since ${began} (${minutes} min)\n`);
  }, silenceMs);
  for await (const line of createInterface({ input: turbo.all })) {
    process.stdout.write(`${line}\n`);
    ticker.refresh();
    const task = startedTask(line);
    if (task === undefined) continue;
    running = task;
    since = new Date();
    process.stdout.write(`… ${task} began at ${since.toTimeString().slice(0, 8)}\n`);
  }
  clearInterval(ticker);
  const { exitCode, signal } = await turbo;
  return exitCode ?? (signal === "SIGINT" ? 130 : 1);
}
