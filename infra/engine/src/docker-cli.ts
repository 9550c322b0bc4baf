import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { OnrampError } from "@onramp/errors/onramp-error";
import { execa } from "execa";
import type { Engine } from "./engine.ts";

let found: Promise<string> | undefined;

/**
 * The path of a `docker` command that can build with BuildKit on the engine in use: the first such on PATH, then
 * /usr/bin/docker. Found once a process; run it with DOCKER_BUILDKIT=1.
 * @throws OnrampError DOCKER_CLI_MISSING with the reason for each that was refused.
 */
export async function findDockerCli(): Promise<string> {
  found ??= search();
  return await found;
}

async function search(): Promise<string> {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const candidates = [...folders.map((folder) => join(folder, "docker")), "/usr/bin/docker"];
  const refusals: string[] = [];
  for (const path of new Set(candidates)) {
    if (!existsSync(path)) continue;
    const refusal = await refusalOf(path);
    if (refusal === undefined) return path;
    refusals.push(`${path}: ${refusal}`);
  }
  // Not kept: the engine may have been away, or the next call may come after an installation.
  found = undefined;
  throw new OnrampError(
    "DOCKER_CLI_MISSING",
    refusals.length === 0
      ? "There is no `docker` command on PATH."
      : `No \`docker\` command can build here:\n${refusals.join("\n")}`,
  );
}

/** Why a client will not do, or undefined when it will. */
async function refusalOf(path: string): Promise<string | undefined> {
  // Also asks the engine: client and engine may be too far apart in age to talk.
  const version = await execa(path, ["version", "--format", "{{.Client.Version}}"], {
    reject: false,
    timeout: 10_000,
  });
  if (version.failed) return version.stderr.trim() || version.shortMessage;
  if (!needsBuildx(version.stdout)) return undefined;
  const buildx = await execa(path, ["buildx", "version"], { reject: false, timeout: 10_000 });
  return buildx.failed
    ? `version ${version.stdout.trim()} builds with buildx, which is not installed`
    : undefined;
}

/** Clients build with BuildKit by themselves up to 22, and through the buildx plugin from 23 on. */
export function needsBuildx(version: string): boolean {
  return Number.parseInt(version, 10) >= 23;
}

/** The variables that point a `docker` command at this engine and make it build with BuildKit. */
export function dockerCliEnvironment(engine: Engine): Record<string, string> {
  return {
    DOCKER_HOST: engine.host,
    DOCKER_BUILDKIT: "1",
    ...(engine.certPath === undefined
      ? {}
      : { DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: engine.certPath }),
  };
}
