import { OnrampError } from "@onramp/errors/onramp-error";
import { aptInstall } from "./apt-install.ts";
import type { Engine } from "./engine.ts";
import { searchEngine } from "./find-engine.ts";
import { isEngineInstalled, startEngine, wasStartedBefore } from "./start-engine.ts";
import { engineInstructions, thisSystem } from "./system.ts";

export interface EnsureEngineOptions {
  /** Short lines that tell a person what goes on. */
  readonly onProgress: (line: string) => void;
  /** True when a person sits at a terminal: then nothing is installed or started for the first time without `consent`. */
  readonly isInteractive: boolean;
  /** Asks a yes-or-no question. */
  readonly consent?: (question: string) => Promise<boolean>;
  readonly signal?: AbortSignal;
}

/**
 * An engine that answers: the one that is there, else one of ours, started and, where need be, installed.
 * Afterwards this process and its children (Testcontainers, the docker CLI) use the same one.
 * @throws OnrampError ENGINE_FORBIDDEN, or ENGINE_UNAVAILABLE with what to type on this system.
 */
export async function ensureEngine(options: EnsureEngineOptions): Promise<Engine> {
  const engine = (await usableEngine()) ?? (await ownEngine(options));
  useEngine(engine);
  return engine;
}

async function usableEngine(): Promise<Engine | undefined> {
  const { engine, places } = await searchEngine();
  if (engine !== undefined) return engine;
  const forbidden = places.find(({ probe }) => probe.status === "forbidden");
  if (forbidden?.probe.status === "forbidden") {
    throw new OnrampError("ENGINE_FORBIDDEN", `The engine's socket ${forbidden.probe.detail}.`);
  }
  const [only, second] = places;
  const isNamed =
    only !== undefined && second === undefined && only.location.source !== "the default pipe";
  if (isNamed && only.location.host !== "unix:///var/run/docker.sock") {
    const detail =
      "detail" in only.probe ? only.probe.detail : `there is no socket at ${only.location.host}`;
    throw new OnrampError(
      "ENGINE_UNAVAILABLE",
      `${only.location.source} names an engine, but ${detail}.`,
      {
        fix: `Start that engine, or take ${only.location.source} away, then run \`npx onramp doctor\`.`,
      },
    );
  }
  return undefined;
}

async function ownEngine({
  onProgress,
  isInteractive,
  consent,
  signal,
}: EnsureEngineOptions): Promise<Engine> {
  const system = thisSystem();
  const unavailable = (detail: string): OnrampError =>
    new OnrampError("ENGINE_UNAVAILABLE", detail, { fix: engineInstructions(system) });
  if (process.env["ONRAMP_ENGINE"] === "never") {
    throw new OnrampError(
      "ENGINE_UNAVAILABLE",
      "No container engine answers, and ONRAMP_ENGINE=never forbids to start one.",
      {
        fix: "Start your engine, or unset ONRAMP_ENGINE, then run `npx onramp doctor`.",
      },
    );
  }
  if (!system.isDebianLike || !system.isRoot)
    throw unavailable(`No container engine answers on this ${system.title}.`);

  const isInstalled = isEngineInstalled();
  if (!isInstalled || !wasStartedBefore()) {
    const plan = isInstalled
      ? "start the installed container engine (dockerd)"
      : "install the distribution's container engine (docker.io, about 300 MB) and start it";
    if (
      isInteractive &&
      consent !== undefined &&
      !(await consent(`No container engine answers. Shall I ${plan}?`))
    ) {
      throw unavailable("No container engine answers, and you chose not to have one started.");
    }
    onProgress(`no container engine answers: Onramp will ${plan} (ONRAMP_ENGINE=never forbids it)`);
  }
  if (!isInstalled) {
    await aptInstall(["docker.io", "iptables"], {
      onProgress,
      signal,
      errorCode: "ENGINE_UNAVAILABLE",
      // Newer distributions ship the client and its builder apart.
      optional: ["docker-cli", "docker-buildx"],
    });
  }
  return await startEngine({ onProgress, signal });
}

/** Makes Testcontainers and the docker CLI of this process and its children use this engine. */
export function useEngine(engine: Engine): void {
  if (!engine.isFoundByOthers) {
    process.env["DOCKER_HOST"] = engine.host;
    if (engine.certPath !== undefined) {
      process.env["DOCKER_TLS_VERIFY"] = "1";
      process.env["DOCKER_CERT_PATH"] = engine.certPath;
    }
  }
  // Each grading has a reaper of its own: Testcontainers' shared one frees nothing while any other grading lives.
  process.env["TESTCONTAINERS_RYUK_DISABLED"] = "true";
  // Hires write for BuildKit; clients older than 23 build without it unless told.
  process.env["DOCKER_BUILDKIT"] = "1";
  // Ours publishes ports on the loopback address alone.
  if (engine.isOurs) process.env["TESTCONTAINERS_HOST_OVERRIDE"] ??= "127.0.0.1";
}
