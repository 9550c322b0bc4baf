import type { Readable } from "node:stream";
import { useEngine } from "@onramp/engine/ensure-engine";
import { findEngine } from "@onramp/engine/find-engine";
import type { Engine } from "@onramp/engine/engine";
import { requestEngine } from "@onramp/engine/engine-request";
import { OnrampError, messageOf } from "@onramp/errors/onramp-error";
import type { GradingJob } from "@onramp/grading/job";
import type { StartedService } from "@onramp/grading/service";
import type Dockerode from "dockerode";
import { type ContainerRuntimeClient, getContainerRuntimeClient } from "testcontainers";
import { Builder } from "./builder.ts";
import { watchDisk } from "./disk-watch.ts";
import { type Gateway, startGateway } from "./gateway.ts";
import { type ImageContents, readImage } from "./image-contents.ts";
import type { Marker } from "./marker-finder.ts";
import { type Reaper, startReaper } from "./reaper.ts";
import { removeGrading } from "./remove-grading.ts";
import { RunningContainer } from "./running-container.ts";
import { type ContainerOptions, startSubmission } from "./submission-container.ts";

const helperImage = "node:24-bookworm-slim";
const reaperImage = "testcontainers/ryuk:0.14.0";

export interface RunOptions extends Omit<ContainerOptions, "network"> {
  /** What may be written to disk while the container runs. */
  readonly diskBytes?: number;
}

/** The testbed service `docker`: builds a submission's images and runs them on an internal network. */
export class DockerService implements StartedService {
  readonly builder: Builder;
  readonly #job: GradingJob;
  readonly #engine: Engine;
  readonly #dockerode: Dockerode;
  readonly #gateway: Gateway;
  readonly #reaper: Reaper | undefined;

  constructor(
    job: GradingJob,
    engine: Engine,
    dockerode: Dockerode,
    gateway: Gateway,
    reaper: Reaper | undefined,
  ) {
    this.builder = new Builder({ engine, gradingId: job.gradingId });
    this.#job = job;
    this.#engine = engine;
    this.#dockerode = dockerode;
    this.#gateway = gateway;
    this.#reaper = reaper;
  }

  /** Starts a container of a submission's image; `await using` removes it when the check is over. */
  async run({ diskBytes, ...options }: RunOptions): Promise<RunningContainer> {
    const id = await startSubmission(this.#job.gradingId, {
      ...options,
      network: this.#gateway.network,
    });
    const container = new RunningContainer(this.#dockerode, this.#gateway, id, this.#job.keep);
    container.stopWhenFull(watchDisk(this.#engine, diskBytes));
    return container;
  }

  /** The image's configuration, as `docker image inspect` tells it. */
  async inspectImage(ref: string): Promise<Dockerode.ImageInspectInfo> {
    return this.#dockerode.getImage(ref).inspect();
  }

  /** What the image's layers have together, in bytes, uncompressed: the sizes of `docker history`. */
  async imageBytes(ref: string): Promise<number> {
    const history = (await this.#dockerode.getImage(ref).history()) as { Size: number }[];
    return history.reduce((sum, { Size }) => sum + Size, 0);
  }

  async history(ref: string): Promise<{ command: string; bytes: number }[]> {
    const history = (await this.#dockerode.getImage(ref).history()) as {
      CreatedBy: string;
      Size: number;
    }[];
    return history.map(({ CreatedBy, Size }) => ({ command: CreatedBy, bytes: Size })).toReversed();
  }

  async contents(ref: string, markers: readonly Marker[]): Promise<ImageContents> {
    return readImage((await this.#dockerode.getImage(ref).get()) as Readable, markers);
  }

  async diagnose(): Promise<OnrampError | undefined> {
    return deathOf(this.#engine);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#job.keep) return;
    // Of an engine that is gone nothing can be removed; the reaper tries, ten seconds after this process has ended.
    if ((await this.diagnose()) !== undefined) return;
    await removeGrading(this.#dockerode, this.#job.gradingId);
    await this.#reaper?.[Symbol.asyncDispose]();
  }
}

async function deathOf(engine: Engine): Promise<OnrampError | undefined> {
  try {
    await requestEngine(engine, "/_ping", 10_000);
    return undefined;
  } catch (error) {
    return new OnrampError(
      "ENGINE_DIED",
      `The engine does not answer any more: ${messageOf(error)}`,
      { cause: error },
    );
  }
}

/** Starts the service `docker` for a grading. With `keep` there is no reaper: what was started stays. */
export async function startDocker(job: GradingJob): Promise<DockerService> {
  const engine = await findEngine();
  if (engine === undefined)
    throw new OnrampError("ENGINE_UNAVAILABLE", "No container engine answers on this machine.");
  useEngine(engine);
  // Our images stand under their plain names; Testcontainers would look for the submission's own under the prefix.
  delete process.env["TESTCONTAINERS_HUB_IMAGE_NAME_PREFIX"];
  const client: ContainerRuntimeClient = await getContainerRuntimeClient();
  const { dockerode } = client.container;
  try {
    const reaper = job.keep ? undefined : await startReaper(client, reaperImage, job.gradingId);
    const gateway = await startGateway(client, helperImage, job.gradingId);
    return new DockerService(job, engine, dockerode, gateway, reaper);
  } catch (error) {
    throw (await deathOf(engine)) ?? error;
  }
}
