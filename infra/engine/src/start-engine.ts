import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, open, readFile, rename, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { messageOf, OnrampError } from "@onramp/errors/onramp-error";
import { withheldHere } from "./capabilities.ts";
import { clearLeftovers, ownEnginePid } from "./clear-leftovers.ts";
import { daemonConfig } from "./daemon-config.ts";
import { defaultSocket } from "./engine-locations.ts";
import type { Engine, EngineLocation } from "./engine.ts";
import { limitParentGroup, memoryLimitBytes, removeParentGroup } from "./memory.ts";
import { ownEngineFiles, stateFolder } from "./own-engine-files.ts";
import { probeEngine } from "./probe-engine.ts";
import { runtimeWrapper } from "./runtime-wrapper.ts";
import { withLock } from "./with-lock.ts";

const startLimitMs = 60_000;
const searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const machineConfig = "/etc/docker/daemon.json";

const ownLocation: EngineLocation = {
  source: "the default socket",
  host: `unix://${defaultSocket}`,
  isFoundByOthers: true,
};

export interface StartOptions {
  readonly onProgress: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** True when dockerd is installed. */
export function isEngineInstalled(): boolean {
  return findProgram("dockerd") !== undefined;
}

/** True when this kit has started an engine on this machine before. */
export function wasStartedBefore(): boolean {
  return existsSync(ownEngineFiles.config);
}

/**
 * Starts the installed dockerd on the default socket, detached from terminal and session, so that it outlives the
 * command, and waits until it answers. An engine that answers there already is returned as it is. Needs root.
 * @throws OnrampError ENGINE_UNAVAILABLE with the last lines of its log.
 */
export async function startEngine(options: StartOptions): Promise<Engine> {
  const { onProgress, signal } = options;
  return await withLock("engine", async () => await startUnderLock(options), {
    signal,
    onWait: () => onProgress("waiting for another command that starts or stops the engine"),
  });
}

async function startUnderLock({ onProgress, signal }: StartOptions): Promise<Engine> {
  const answering = await probeEngine(ownLocation, 2_000);
  if (answering.status === "answers") return answering.engine;
  onProgress("starting the engine");
  const engine = (await engineUnderWay(signal)) ?? (await newEngine(onProgress, signal));
  onProgress(`the engine runs: ${engine.name} ${engine.version}`);
  return engine;
}

/** Waits for a dockerd of ours that lives and does not answer: it comes up, or it is about to end. */
async function engineUnderWay(signal: AbortSignal | undefined): Promise<Engine | undefined> {
  const isAlive = async (): Promise<boolean> => (await ownEnginePid()) !== undefined;
  return (await isAlive()) ? await waitForEngine(isAlive, signal) : undefined;
}

async function newEngine(
  onProgress: StartOptions["onProgress"],
  signal: AbortSignal | undefined,
): Promise<Engine> {
  await clearLeftovers();
  await writeSettings(onProgress);
  const engine = await waitForEngine(await launch(), signal);
  if (engine !== undefined) return engine;
  await removeParentGroup();
  throw await startFailure("dockerd ended before it answered");
}

async function writeSettings(onProgress: StartOptions["onProgress"]): Promise<void> {
  await mkdir(stateFolder, { recursive: true });
  const withheld = await withheldHere();
  const runc = findProgram("runc");
  const hasRuntimeWrapper = withheld.length > 0 && runc !== undefined;
  if (hasRuntimeWrapper) {
    onProgress(`this machine withholds ${withheld.join(", ")}: privileged containers run without`);
    await writeFile(ownEngineFiles.runtime, runtimeWrapper(runc, withheld), { mode: 0o755 });
  }
  const ofMachine: unknown = existsSync(machineConfig)
    ? JSON.parse(await readFile(machineConfig, "utf8"))
    : {};
  const config = daemonConfig(
    typeof ofMachine === "object" && ofMachine !== null ? { ...ofMachine } : {},
    {
      hasRuntimeWrapper,
    },
  );
  await writeFile(ownEngineFiles.config, `${JSON.stringify(config, undefined, 2)}\n`);
  try {
    await limitParentGroup(memoryLimitBytes());
  } catch (error) {
    // Without the limit a submission's build may use all memory: worth a word, not worth giving up.
    onProgress(`builds run without a memory limit here (${messageOf(error)})`);
  }
}

/** Starts dockerd; the function that it returns tells whether it still lives. */
async function launch(): Promise<() => Promise<boolean>> {
  if (existsSync(ownEngineFiles.log)) await rename(ownEngineFiles.log, `${ownEngineFiles.log}.1`);
  const log = await open(ownEngineFiles.log, "a", 0o600);
  try {
    const dockerd = spawn(
      findProgram("dockerd") ?? "dockerd",
      ["--config-file", ownEngineFiles.config],
      {
        // A session of its own: no ctrl-C, no hang-up reaches it.
        detached: true,
        stdio: ["ignore", log.fd, log.fd],
        cwd: "/",
        env: { ...process.env, PATH: searchPath },
      },
    );
    let isAlive = true;
    dockerd.on("exit", () => (isAlive = false));
    dockerd.on("error", () => (isAlive = false));
    dockerd.unref();
    return async () => await Promise.resolve(isAlive);
  } finally {
    await log.close();
  }
}

/** The engine once it answers; undefined when its process has ended. */
async function waitForEngine(
  isAlive: () => Promise<boolean>,
  signal: AbortSignal | undefined,
): Promise<Engine | undefined> {
  const end = performance.now() + startLimitMs;
  let detail = "";
  while (performance.now() < end) {
    const probe = await probeEngine(ownLocation, 2_000);
    if (probe.status === "answers") return probe.engine;
    detail = "detail" in probe ? probe.detail : "it has made no socket yet";
    if (!(await isAlive())) return undefined;
    await delay(50, undefined, { signal });
  }
  throw await startFailure(`dockerd did not answer within ${startLimitMs / 1000} s: ${detail}`);
}

async function startFailure(what: string): Promise<OnrampError> {
  const log = await readFile(ownEngineFiles.log, "utf8").catch(() => "");
  const tail = log.trimEnd().split("\n").slice(-15).join("\n");
  return new OnrampError(
    "ENGINE_UNAVAILABLE",
    `${what}. The end of its log (${ownEngineFiles.log}):\n${tail}`,
    {
      fix: "Mend what the log names, then run `npx onramp engine start`.",
    },
  );
}

function findProgram(name: string): string | undefined {
  return searchPath
    .split(":")
    .map((folder) => `${folder}/${name}`)
    .find((path) => existsSync(path));
}
