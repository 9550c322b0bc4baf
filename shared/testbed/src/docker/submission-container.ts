import type { Duplex } from "node:stream";
import { messageOf } from "@onramp/errors/onramp-error";
import { CheckFailure } from "@onramp/grading/check-failure";
import type Dockerode from "dockerode";
import { GenericContainer, PullPolicy, type WaitStrategy } from "testcontainers";
import { watchDisk } from "./disk-watch.ts";
import { gradingLabel } from "./labels.ts";
import { RunningContainer } from "./running-container.ts";
import { hostLimits } from "./resource-limits.ts";
import type { Testbed } from "./testbed.ts";

/** How a submission's container is run. Everything else is as the image says. */
export interface ContainerOptions {
  readonly image: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** A read-only root file system with `/tmp` in memory, no capabilities, no new privileges. */
  readonly isHardened?: boolean;
  /** Timing for the image's own HEALTHCHECK command, in milliseconds; off unless given. */
  readonly healthcheck?: {
    readonly intervalMs: number;
    readonly timeoutMs: number;
    readonly retries: number;
  };
  /** What its memory is limited to, in bytes; {@link containerLimits} unless told. */
  readonly memoryBytes?: number;
  /** Keeps the standard input open, and is given its other end before the program starts. */
  readonly onInput?: (input: Duplex) => void;
}

export interface RunOptions extends ContainerOptions {
  /** What may be written to disk while the container runs, in bytes. */
  readonly diskBytes?: number;
}

/** What a submission's container may take. */
export const containerLimits = {
  memoryBytes: 512 * 1024 ** 2,
  cpus: 1,
  processes: 256,
  logBytes: 10_000_000,
};

const nanoseconds = 1_000_000;
/** For containers that somebody waits for by other means. */
export const noWait: WaitStrategy = {
  waitUntilReady: async () => {},
  withStartupTimeout: () => noWait,
  isStartupTimeoutSet: () => true,
  getStartupTimeout: () => 0,
};

class SubmissionContainer extends GenericContainer {
  /** Sets what Testcontainers has no method for. */
  limit({
    isHardened = false,
    healthcheck,
    memoryBytes = containerLimits.memoryBytes,
  }: ContainerOptions): this {
    Object.assign(this.hostConfig, {
      ...hostLimits({ ...containerLimits, memoryBytes }),
      ReadonlyRootfs: isHardened,
    });
    this.createOpts.Healthcheck =
      healthcheck === undefined
        ? { Test: ["NONE"] }
        : {
            Interval: healthcheck.intervalMs * nanoseconds,
            Timeout: healthcheck.timeoutMs * nanoseconds,
            Retries: healthcheck.retries,
            // Zero would mean the image's own, and a long one would hold the first probe back.
            StartPeriod: nanoseconds,
            StartInterval: healthcheck.intervalMs * nanoseconds,
          };
    return this;
  }

  /** Opens the program's standard input, and hands its end over once there is a container to attach to. */
  withInput(dockerode: Dockerode, handOver: (input: Duplex) => void): this {
    Object.assign(this.createOpts, { OpenStdin: true, StdinOnce: true });
    this.#attach = async (id) => {
      const input = await dockerode
        .getContainer(id)
        .attach({ stream: true, hijack: true, stdin: true });
      handOver(input as Duplex);
    };
    return this;
  }

  #attach: ((id: string) => Promise<void>) | undefined;

  protected override async containerCreated(id: string): Promise<void> {
    await this.#attach?.(id);
  }
}

/**
 * Creates and starts a container of a submission's image on the grading's internal network.
 * @throws {CheckFailure} when the engine cannot start what the image says, such as a program that is not in it
 */
export async function runSubmission(
  testbed: Testbed,
  { diskBytes, ...options }: RunOptions,
): Promise<RunningContainer> {
  const id = await startSubmission(testbed, options);
  const container = new RunningContainer(testbed, id);
  container.stopWhenFull(watchDisk(testbed.engine, diskBytes));
  return container;
}

async function startSubmission(testbed: Testbed, options: ContainerOptions): Promise<string> {
  const { network } = await testbed.gateway();
  const container = new SubmissionContainer(options.image)
    .limit(options)
    .withLabels({ [gradingLabel]: testbed.job.gradingId })
    .withEnvironment({ ...options.environment })
    .withNetworkMode(network)
    .withPullPolicy(PullPolicy.neverPull())
    .withWaitStrategy(noWait);
  if (options.onInput !== undefined) container.withInput(testbed.dockerode, options.onInput);
  if (options.isHardened) {
    container
      .withTmpFs({ "/tmp": "rw,size=16m,mode=1777" })
      .withDroppedCapabilities("ALL")
      .withSecurityOpt("no-new-privileges");
  }
  try {
    return (await container.start()).getId();
  } catch (error) {
    const reason = runtimeRefusal(error);
    if (reason === undefined) throw error;
    const message = `The container could not be started: ${reason}`;
    throw new CheckFailure(message, {
      expected: "the container starts",
      actual: reason,
      cause: error,
    });
  }
}

/** Whether the engine's words say that the image itself is why something cannot be run. */
export function isImagesFault(text: string): boolean {
  return /executable file not found|no such file or directory|permission denied|unable to find (user|group)|no command specified|exec format error|is a directory|must be in range|cannot be mounted|invalid (volume|mount)/i.test(
    text,
  );
}

/** Why a container does not start, when the image itself is the reason; undefined when it is not. */
export function runtimeRefusal(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("statusCode" in error)) return undefined;
  const json = "json" in error && typeof error.json === "object" ? error.json : null;
  const text = json !== null && "message" in json ? String(json.message) : messageOf(error);
  if (!isImagesFault(text)) return undefined;
  // The runtime puts the reason behind a chain of its own: "OCI runtime create failed: …: exec: "x": …: unknown".
  const reason = (/\b(exec: |unable to find |no command specified).*$/i.exec(text)?.[0] ?? text)
    .replace(/: unknown$/, "")
    .trim();
  const [, program, what = ""] = /^exec: ("[^"]*"): (.*)$/.exec(reason) ?? [];
  if (program === undefined) return reason;
  if (/executable file not found|no such file/.test(what))
    return `there is no program ${program} in the image`;
  if (/permission denied/.test(what)) return `${program} is not executable (${what})`;
  return `${program}: ${what}`;
}
