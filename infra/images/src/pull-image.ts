import { createInterface } from "node:readline";
import { dockerCliEnvironment, findDockerCli } from "@onramp/engine/docker-cli";
import type { Engine } from "@onramp/engine/engine";
import { execa } from "execa";
import {
  isUnreachable,
  registryOf,
  rememberUnreachable,
  unreachableReason,
} from "./registry-reachability.ts";

/** How long a registry may take to say its first word. */
const firstAnswerMs = 5_000;

export interface PullOptions {
  readonly engine: Engine;
  readonly onProgress: (line: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Pulls an image through the team's mirror, where TESTCONTAINERS_HUB_IMAGE_NAME_PREFIX names one, and gives it its
 * plain name too. Returns why it could not be had, or undefined when it is there.
 * The docker CLI does it: it knows the credentials that a company's mirror asks for.
 */
export async function pullImage(
  ref: string,
  { engine, onProgress, signal }: PullOptions,
): Promise<string | undefined> {
  const source = prefixedRef(ref);
  const known = await unreachableReason(engine, source);
  if (known !== undefined) return known;
  const docker = await findDockerCli();
  onProgress("asking the registry");
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), firstAnswerMs);
  const signals = signal === undefined ? [silence.signal] : [silence.signal, signal];
  const pull = execa(docker, ["pull", source], {
    env: dockerCliEnvironment(engine),
    stdin: "ignore",
    reject: false,
    cancelSignal: AbortSignal.any(signals),
  });
  createInterface({ input: pull.stdout }).on("line", (line) => {
    clearTimeout(timer);
    if (/Pull complete|Pulling from/.test(line)) onProgress("pulling");
  });
  const result = await pull;
  clearTimeout(timer);
  signal?.throwIfAborted();
  if (!result.failed) {
    if (source !== ref)
      await execa(docker, ["tag", source, ref], { env: dockerCliEnvironment(engine) });
    return undefined;
  }
  const reason = silence.signal.aborted
    ? `the registry said nothing for ${firstAnswerMs / 1000} s`
    : result.stderr.trim().replace(/^Error response from daemon: /, "");
  if (silence.signal.aborted || isUnreachable(reason))
    await rememberUnreachable(engine, source, reason);
  return reason;
}

/** Read once: a testbed takes it out of the environment, where Testcontainers would find it for a submission's image too. */
const mirrorPrefix = process.env["TESTCONTAINERS_HUB_IMAGE_NAME_PREFIX"];

/** The reference under which Testcontainers looks for an image: with the mirror's prefix, where one is set. */
export function prefixedRef(ref: string, prefix = mirrorPrefix): string {
  return prefix === undefined || prefix === "" || registryOf(ref) !== "docker.io"
    ? ref
    : `${prefix.replace(/\/$/, "")}/${ref}`;
}
