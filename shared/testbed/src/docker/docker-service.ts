import type { Readable } from "node:stream";
import type { OnrampError } from "@onramp/errors/onramp-error";
import type { GradingJob } from "@onramp/grading/job";
import type { StartedService } from "@onramp/grading/service";
import type Dockerode from "dockerode";
import { Builder } from "./builder.ts";
import { type ImageContents, readImage } from "./image-contents.ts";
import type { Marker } from "./marker-finder.ts";
import type { RunningContainer } from "./running-container.ts";
import { type RunOptions, runSubmission } from "./submission-container.ts";
import { openTestbed, type Testbed } from "./testbed.ts";

/** The testbed service `docker`: builds a submission's images and runs them on an internal network. */
export class DockerService implements StartedService {
  readonly builder: Builder;
  readonly #testbed: Testbed;

  constructor(testbed: Testbed) {
    const { engine, job } = testbed;
    this.builder = new Builder({ engine, gradingId: job.gradingId });
    this.#testbed = testbed;
  }

  /** Starts a container of a submission's image; `await using` removes it when the check is over. */
  async run(options: RunOptions): Promise<RunningContainer> {
    return runSubmission(this.#testbed, options);
  }

  /** The image's configuration, as `docker image inspect` tells it. */
  async inspectImage(ref: string): Promise<Dockerode.ImageInspectInfo> {
    return this.#image(ref).inspect();
  }

  /** What the image's layers have together, in bytes, uncompressed: the sizes of `docker history`. */
  async imageBytes(ref: string): Promise<number> {
    const history = await this.history(ref);
    return history.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  async history(ref: string): Promise<{ command: string; bytes: number }[]> {
    const history = (await this.#image(ref).history()) as { CreatedBy: string; Size: number }[];
    return history.map(({ CreatedBy, Size }) => ({ command: CreatedBy, bytes: Size })).toReversed();
  }

  async contents(ref: string, markers: readonly Marker[]): Promise<ImageContents> {
    return readImage((await this.#image(ref).get()) as Readable, markers);
  }

  async diagnose(): Promise<OnrampError | undefined> {
    return this.#testbed.diagnose();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#testbed[Symbol.asyncDispose]();
  }

  #image(ref: string): Dockerode.Image {
    return this.#testbed.dockerode.getImage(ref);
  }
}

/** Starts the service `docker` for a grading. */
export async function startDocker(job: GradingJob): Promise<DockerService> {
  return new DockerService(await openTestbed(job));
}
