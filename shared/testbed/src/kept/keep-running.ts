import { setTimeout as pause } from "node:timers/promises";
import type { Engine } from "@onramp/engine/engine";
import { withLock } from "@onramp/engine/with-lock";
import { OnrampError, messageOf } from "@onramp/errors/onramp-error";
import type Dockerode from "dockerode";
import { lastLines } from "../docker/last-lines.ts";
import {
  createContainer,
  findContainer,
  type KeptContainer,
  removeContainer,
  resumeContainer,
} from "./kept-container.ts";
import type { Contents, KeptService } from "./kept-service.ts";

/** How long a service may take from its start until it answers, in milliseconds. */
const startLimitMs = 90_000;

export interface KeepOptions {
  readonly engine: Engine;
  readonly dockerode: Dockerode;
  readonly contents: Contents;
  /** Short lines: `Kafka  starting`. */
  readonly onProgress: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** A service that runs and answers. */
export interface RunningService {
  readonly service: KeptService;
  /** On 127.0.0.1. */
  readonly port: number;
  /** By which the exercises' programs find it. */
  readonly variables: Readonly<Record<string, string>>;
  /** False when it ran before. */
  readonly isNew: boolean;
}

/**
 * Has these services running, started side by side where they are not, and waits until each answers. What it started
 * is taken away again when it does not answer or when the signal comes.
 * @throws {OnrampError} SERVICE_DIED with the service's last lines, USAGE where a container of that name is another's
 */
export async function keepRunning(
  services: readonly KeptService[],
  options: KeepOptions,
): Promise<RunningService[]> {
  const results = await Promise.allSettled(
    services.map((service) =>
      // Another `up` at the same moment waits, and finds it running.
      withLock(service.container, async () => keepOneRunning(service, options), {
        signal: options.signal,
        onWait: () => options.onProgress(`${service.title}  waiting: another command is at it`),
      }),
    ),
  );
  const running = results.flatMap((result) => (result.status === "fulfilled" ? result.value : []));
  if (options.signal?.aborted) {
    await endServices(
      options.dockerode,
      running.filter(({ isNew }) => isNew).map(({ service }) => service),
    );
    options.signal.throwIfAborted();
  }
  for (const result of results) if (result.status === "rejected") throw result.reason;
  return running;
}

/** Ends those of the services that are there, with their data. @returns what was ended */
export async function endServices(
  dockerode: Dockerode,
  services: readonly KeptService[],
): Promise<KeptService[]> {
  const ended = await Promise.all(
    services.map(async (service) => {
      const container = await findContainer(dockerode, service);
      if (!container?.isOurs) return [];
      await removeContainer(dockerode, container.id);
      return [service];
    }),
  );
  return ended.flat();
}

async function keepOneRunning(service: KeptService, options: KeepOptions): Promise<RunningService> {
  const { dockerode, onProgress, signal } = options;
  let container = await findContainer(dockerode, service);
  if (container?.isOurs === false) throw foreignError(service, container);
  const reads = service.reads?.(options.contents);
  if (container?.isRunning === true && reads !== undefined && container.reads !== reads)
    throw elsewhereError(service, container.reads);
  if (container?.state === "paused") {
    // Somebody tries what a program does meanwhile: what the service holds is theirs, and stays.
    onProgress(`${service.title}  was paused: goes on`);
    await resumeContainer(dockerode, container.id);
  } else if (container !== undefined && !container.isRunning) {
    onProgress(
      `${service.title}  did not run any more (${container.state}): started anew, and empty`,
    );
    await removeContainer(dockerode, container.id);
    container = undefined;
  }
  signal?.throwIfAborted();
  const isNew = container === undefined;
  if (isNew) onProgress(`${service.title}  starting`);
  container ??= await createContainer(dockerode, service, options.contents);
  const { id, port = service.preferredPort } = container;
  try {
    await untilReady(service, id, port, options);
    return { service, port, variables: service.variables(port, options.contents), isNew };
  } catch (error) {
    if (isNew) await removeContainer(dockerode, id);
    throw error;
  }
}

async function untilReady(
  service: KeptService,
  id: string,
  port: number,
  { engine, dockerode, contents, signal }: KeepOptions,
): Promise<void> {
  const end = performance.now() + startLimitMs;
  for (;;) {
    signal?.throwIfAborted();
    try {
      await service.fill(port, contents, { engine, dockerode, containerId: id });
      return;
    } catch (error) {
      if (error instanceof OnrampError) throw error;
      const container = await findContainer(dockerode, service);
      if (container?.id !== id)
        throw diedError(service, "its container was taken away while it started", error);
      if (!container.isRunning || performance.now() > end) {
        const reason = container.isRunning
          ? `it does not answer at 127.0.0.1:${port} after ${startLimitMs / 1000} s: ${messageOf(error)}`
          : `its container has ended (${container.state})`;
        const lines = await lastLines(dockerode, id);
        throw diedError(service, `${reason}. Its last lines:\n${lines}`, error);
      }
    }
    await pause(100, undefined, { signal });
  }
}

function diedError(service: KeptService, reason: string, cause: unknown): OnrampError {
  return new OnrampError("SERVICE_DIED", `${service.title} does not run: ${reason}`, {
    cause,
    fix: `\`npx onramp down ${service.name}\` takes away what is left of it; then \`npx onramp up ${service.name}\` again. If it happens twice, look at the machine with \`npx onramp doctor\`.`,
  });
}

function elsewhereError({ name, title }: KeptService, reads: string | undefined): OnrampError {
  return new OnrampError("USAGE", `${title} runs already, and reads ${reads ?? "nothing"}.`, {
    fix: `\`npx onramp down ${name}\` ends it, with what it holds; then this command again.`,
  });
}

function foreignError(service: KeptService, { state }: KeptContainer): OnrampError {
  const name = service.container;
  return new OnrampError(
    "USAGE",
    `There is a container ${name} (${state}) that \`onramp up\` did not start.`,
    {
      fix: `Rename it (\`docker rename ${name} NEW-NAME\`) or remove it, then run \`npx onramp up ${service.name}\` again.`,
    },
  );
}
