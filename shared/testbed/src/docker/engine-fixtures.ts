// For tests that need a real engine: a submission's directory, an engine that can die, and what a grading left.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { connectDockerode } from "@onramp/engine/connect-dockerode";
import type { Engine } from "@onramp/engine/engine";
import { ensureEngine } from "@onramp/engine/ensure-engine";
import type { GradingJob } from "@onramp/grading/job";
import { ensureImages } from "@onramp/images/ensure-images";
import { serviceImages } from "../services.ts";
import { gradingLabel } from "./labels.ts";
import { ServiceContainer } from "./service-container.ts";

/** What a hook may take that has a cluster's image built, in milliseconds: 12 minutes on two cores, and more on others. */
export const clusterImageMs = 1_500_000;

/** The engine of this machine, with the images of these services; of `docker` unless told. */
export async function readyEngine(...services: string[]): Promise<Engine> {
  const options = { onProgress: () => {}, isInteractive: false };
  const engine = await ensureEngine(options);
  const names = (services.length > 0 ? services : ["docker"]).flatMap(
    (service) => serviceImages[service] ?? [],
  );
  await ensureImages(names, { engine, ...options });
  return engine;
}

/** A grading's job, for a service that needs nothing of it but its id. */
export function gradingJob(gradingId: string): GradingJob {
  const unused = { exerciseDirectory: "", projectDirectory: "", scratchDirectory: "", checks: [] };
  return { ...unused, gradingId, seed: "1", keep: false, sharedServices: {} };
}

/** The address of a service's container, past all doors. */
export async function addressOf(
  engine: Engine,
  { containerId }: { readonly containerId: string },
): Promise<string> {
  return (await ServiceContainer.of(engine, await connectDockerode(engine), containerId)).address;
}

/** A directory with these files, by path. Its own path holds a space and Korean letters. */
export async function directoryWith(
  files: Readonly<Record<string, string>>,
): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), "onramp 온보딩 "));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), text);
  }
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** What carries a grading's label or names its reaper, as `kind id`. */
export async function thingsOf(engine: Engine, gradingId: string): Promise<string[]> {
  const dockerode = await connectDockerode(engine);
  const filters = { label: [`${gradingLabel}=${gradingId}`] };
  const [containers, reapers, networks, { Volumes }, images] = await Promise.all([
    dockerode.listContainers({ all: true, filters }),
    dockerode.listContainers({ all: true, filters: { label: [`dev.onramp.reaper=${gradingId}`] } }),
    dockerode.listNetworks({ filters }),
    dockerode.listVolumes({ filters }),
    dockerode.listImages({ filters }),
  ]);
  return [
    ...containers.map(({ Id }) => `container ${Id}`),
    ...reapers.map(({ Id }) => `reaper ${Id}`),
    ...networks.map(({ Id }) => `network ${Id}`),
    ...(Volumes ?? []).map(({ Name }) => `volume ${Name}`),
    ...images.map(({ Id }) => `image ${Id}`),
  ];
}

/** What is still there of these gradings after 30 s; ends as soon as nothing is. */
export async function leftAfter30s(
  engine: Engine,
  gradingIds: Iterable<string>,
): Promise<string[]> {
  const end = performance.now() + 30_000;
  for (;;) {
    const things = await Promise.all([...gradingIds].map((id) => thingsOf(engine, id)));
    const left = things.flat();
    if (left.length === 0 || performance.now() > end) return left;
    await pause(250);
  }
}

/** A way to the engine of its own, which can be cut, and which knows the gradings that went over it. */
export interface EngineDoor extends AsyncDisposable {
  /** For the environment of a command that is to go through the door. */
  readonly env: Record<string, string>;
  readonly gradingIds: ReadonlySet<string>;
  /** From now on nobody answers, and what was open is cut: the engine has died, for those who came this way. */
  die(): void;
}

/** Opens a door to the engine: a Unix socket that passes everything on. */
export async function openDoor(engine: Engine): Promise<EngineDoor> {
  const directory = await mkdtemp(join(tmpdir(), "onramp-door-"));
  const path = join(directory, "engine.sock");
  const gradingIds = new Set<string>();
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(engine.socketPath ?? "");
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    client.on("data", (chunk: Buffer) => {
      const text = chunk.toString("latin1");
      for (const [, id = ""] of text.matchAll(/dev\.onramp\.(?:grading|reaper)":"([0-9a-f]+)"/g))
        gradingIds.add(id);
    });
    client.pipe(upstream).pipe(client);
  });
  await new Promise<void>((resolve) => void server.listen(path, resolve));
  const die = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return {
    // A reaper's container is given the engine's own socket: it has to live when the door is cut.
    env: {
      DOCKER_HOST: `unix://${path}`,
      TESTCONTAINERS_DOCKER_SOCKET_OVERRIDE: engine.socketPath ?? "",
    },
    gradingIds,
    die,
    async [Symbol.asyncDispose]() {
      die();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
