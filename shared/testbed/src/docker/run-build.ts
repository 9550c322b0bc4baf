import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { proxyVariables } from "@onramp/images/host-settings";
import { findDockerCli } from "@onramp/engine/docker-cli";
import { execa } from "execa";

export interface BuildRequest {
  /** The build context, with the `Dockerfile` in its root; or the text of a Dockerfile that needs no context. */
  readonly context: string | { readonly dockerfile: string };
  readonly tag: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Milliseconds. */
  readonly withinMs: number;
  readonly signal: AbortSignal;
}

/** How `docker build` ended. */
export interface BuildRun {
  readonly ended: "built" | "failed" | "out of time" | "cancelled";
  /** Plain progress; the middle of a very long one is cut out. */
  readonly log: string;
}

const longestLog = 4_000_000;
/** Linux: the build's client must not outlive the grader, however that ends; the engine then ends the build. */
const diesWithParent = ["setpriv", "--pdeathsig", "KILL", "--"];

/** Runs `docker build` with BuildKit, as a hire would, and reads its progress. */
export async function runBuild(request: BuildRequest): Promise<BuildRun> {
  const pairs = (flag: string, values: Readonly<Record<string, string>>): string[] =>
    Object.entries(values).flatMap(([name, value]) => [flag, `${name}=${value}`]);
  const command = [
    ...(existsSync("/usr/bin/setpriv") ? diesWithParent : []),
    await findDockerCli(),
    "build",
    "--progress=plain",
    "--tag",
    request.tag,
    ...pairs("--label", request.labels),
    // Docker passes a proxy to a build without leaving it in the image, and reads its value, with a password perhaps,
    // from its own environment.
    ...proxyVariables().flatMap((name) => ["--build-arg", name]),
    ...pairs("--build-arg", request.buildArgs),
    typeof request.context === "string" ? request.context : "-",
  ];
  const [program = "docker", ...args] = command;
  const timeUp = AbortSignal.timeout(request.withinMs);
  const building = execa(program, args, {
    reject: false,
    all: true,
    buffer: false,
    ...(typeof request.context === "string"
      ? { stdin: "ignore" as const }
      : { input: request.context.dockerfile }),
    env: { DOCKER_BUILDKIT: "1", BUILDKIT_PROGRESS: "plain", BUILDX_NO_DEFAULT_ATTESTATIONS: "1" },
    cancelSignal: AbortSignal.any([request.signal, timeUp]),
    forceKillAfterDelay: 2000,
  });
  let log = "";
  for await (const chunk of building.all.setEncoding("utf8")) {
    log += chunk;
    if (log.length > longestLog)
      log = `${log.slice(0, longestLog / 4)}\n… cut …\n${log.slice(-longestLog / 4)}`;
  }
  const { exitCode } = await building;
  if (exitCode === 0) return { ended: "built", log };
  if (request.signal.aborted) return { ended: "cancelled", log };
  return { ended: timeUp.aborted ? "out of time" : "failed", log };
}

/** The text of a context's Dockerfile, empty when there is none. */
export async function readDockerfile(context: string): Promise<string> {
  return readFile(`${context}/Dockerfile`, "utf8").catch(() => "");
}
