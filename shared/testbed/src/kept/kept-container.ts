import { messageOf } from "@onramp/errors/onramp-error";
import { catalogueImage } from "@onramp/images/catalogue";
import type Dockerode from "dockerode";
import { ignoreGone } from "../docker/remove-grading.ts";
import { freePort } from "./free-port.ts";
import type { Contents, KeptService } from "./kept-service.ts";

/** The label of what `onramp up` started; its value is the service's name. Graders, reapers and `clean` pass it over. */
const keptLabel = "dev.onramp.kept";

/** The label with the directory that it reads. */
const readsLabel = "dev.onramp.kept.reads";

/** How often another port is looked for, when somebody takes the free one before the engine does. */
const mostPorts = 5;

/** A container that is there. */
export interface KeptContainer {
  readonly id: string;
  readonly isRunning: boolean;
  /** The engine's word for its state, with the exit code of one that has ended: `exited, code 137`. */
  readonly state: string;
  /** On 127.0.0.1; undefined where it runs no more. */
  readonly port: number | undefined;
  /** False for a container of this name that somebody else made. */
  readonly isOurs: boolean;
  /** The directory in `work` that it reads, if it reads one. */
  readonly reads: string | undefined;
}

/** The container of a service, if there is one. */
export async function findContainer(
  dockerode: Dockerode,
  service: KeptService,
): Promise<KeptContainer | undefined> {
  try {
    const found = await dockerode.getContainer(service.container).inspect();
    const { Status, ExitCode } = found.State;
    const published = found.NetworkSettings.Ports[`${service.innerPort}/tcp`]?.[0]?.HostPort;
    return {
      id: found.Id,
      isRunning: Status === "running",
      state: Status === "exited" ? `exited, code ${ExitCode}` : Status,
      port: published === undefined ? undefined : Number(published),
      isOurs: found.Config.Labels[keptLabel] === service.name,
      reads: found.Config.Labels[readsLabel],
    };
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return undefined;
    throw error;
  }
}

/** Creates the container of a service and starts it, on the preferred port where that is free. */
export async function createContainer(
  dockerode: Dockerode,
  service: KeptService,
  contents: Contents,
): Promise<KeptContainer> {
  const options = (await service.options?.(contents)) ?? {};
  const reads = service.reads?.(contents);
  for (let tried = 1; ; tried += 1) {
    const port = await freePort(tried === 1 ? service.preferredPort : 0);
    let id: string | undefined;
    try {
      const container = await dockerode.createContainer(optionsOf(service, port, reads, options));
      ({ id } = container);
      await container.start();
      return { id, isRunning: true, state: "running", port, isOurs: true, reads };
    } catch (error) {
      if (id !== undefined) await removeContainer(dockerode, id);
      if (
        tried >= mostPorts ||
        !/port is already allocated|address already in use/.test(messageOf(error))
      )
        throw error;
    }
  }
}

/** Removes a container with its data. That it is gone already is fine. */
export async function removeContainer(dockerode: Dockerode, id: string): Promise<void> {
  await ignoreGone(dockerode.getContainer(id).remove({ force: true, v: true }));
}

/** Lets a container go on that is paused. */
export async function resumeContainer(dockerode: Dockerode, id: string): Promise<void> {
  await dockerode.getContainer(id).unpause();
}

function optionsOf(
  service: KeptService,
  port: number,
  reads: string | undefined,
  options: Dockerode.ContainerCreateOptions,
): Dockerode.ContainerCreateOptions {
  const inner = `${service.innerPort}/tcp`;
  return {
    ...options,
    name: service.container,
    Image: catalogueImage(service.images[0]).ref,
    Labels: { [keptLabel]: service.name, ...(reads === undefined ? {} : { [readsLabel]: reads }) },
    Env: Object.entries(service.environment(port)).map(([name, value]) => `${name}=${value}`),
    ExposedPorts: { [inner]: {} },
    HostConfig: {
      Memory: 2 ** 30,
      ...options.HostConfig,
      PortBindings: { [inner]: [{ HostIp: "127.0.0.1", HostPort: String(port) }] },
    },
  };
}
