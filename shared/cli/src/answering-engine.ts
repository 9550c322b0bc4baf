import type { Engine } from "@onramp/engine/engine";
import { ensureEngine, useEngine } from "@onramp/engine/ensure-engine";
import { findEngine } from "@onramp/engine/find-engine";
import { OnrampError } from "@onramp/errors/onramp-error";
import { askOnTerminal, isAttended } from "./ask-on-terminal.ts";

/** The engine of this machine, started when there is none (and the user agrees). Progress goes to stderr. */
export async function startedEngine(signal?: AbortSignal): Promise<Engine> {
  const consent = isAttended() ? askOnTerminal : undefined;
  return ensureEngine({ onProgress: printProgress, isInteractive: isAttended(), consent, signal });
}

/**
 * The engine that answers; none is started.
 * @throws {OnrampError} ENGINE_UNAVAILABLE, ENGINE_FORBIDDEN
 */
export async function answeringEngine(): Promise<Engine> {
  const engine = await findEngine();
  if (engine === undefined)
    throw new OnrampError("ENGINE_UNAVAILABLE", "No container engine answers on this machine.");
  useEngine(engine);
  return engine;
}

/** `Docker 20.10.24 at unix:///var/run/docker.sock (started by Onramp)`. */
export function engineText({ name, version, host, isOurs }: Engine): string {
  return `${name} ${version} at ${host}${isOurs ? " (started by Onramp)" : ""}`;
}

/** One line of progress. */
export function printProgress(line: string): void {
  process.stderr.write(`${line}\n`);
}
