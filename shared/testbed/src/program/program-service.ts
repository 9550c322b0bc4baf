import { CheckFailure } from "@onramp/grading/check-failure";
import { OnrampError } from "@onramp/errors/onramp-error";
import type { GradingJob } from "@onramp/grading/job";
import type { StartedService } from "@onramp/grading/service";
import { Builder } from "../docker/builder.ts";
import { runSubmission } from "../docker/submission-container.ts";
import { startOn, type Testbed } from "../docker/testbed.ts";
import { Program, ProgramInput } from "./program.ts";

export interface ProgramOptions {
  readonly environment: Readonly<Record<string, string>>;
  /** What its memory is limited to, in bytes; 512 MiB unless told. */
  readonly memoryBytes?: number;
}

/** The testbed service `program`: the submission's program in an image, to be started as often as a check likes. */
export class ProgramService implements StartedService {
  readonly #testbed: Testbed;
  readonly #image: string;

  constructor(testbed: Testbed, image: string) {
    this.#testbed = testbed;
    this.#image = image;
  }

  /** Starts the program in a container of its own; `await using` removes it when the check is over. */
  async start(options: ProgramOptions): Promise<Program> {
    const input = new ProgramInput();
    const container = await runSubmission(this.#testbed, {
      ...options,
      image: this.#image,
      onInput: (stream) => input.open(stream),
    });
    void container.ended().then(() => input.programEnded());
    return new Program(container, input);
  }

  async diagnose(): Promise<OnrampError | undefined> {
    return this.#testbed.diagnose();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#testbed[Symbol.asyncDispose]();
  }
}

/**
 * Builds the image of the exercise's own Dockerfile, with the submission's files in it, for a grading. Nothing that a
 * submission may write has a part in the build, so that one which fails is no mistake of the hire's.
 * @returns its tag
 * @throws {OnrampError} IMAGE_BUILD_FAILED, REGISTRY_UNREACHABLE
 */
export async function buildProgram({ engine, job }: Testbed, directory: string): Promise<string> {
  const builder = new Builder({ engine, gradingId: job.gradingId });
  try {
    const never = new AbortController().signal;
    return (await builder.build(directory, {}, never)).tag;
  } catch (error) {
    if (!(error instanceof CheckFailure)) throw error;
    throw new OnrampError("IMAGE_BUILD_FAILED", `The program's image: ${error.message}`, {
      cause: error,
    });
  }
}

/**
 * Starts the service `program` for a grading: see {@link buildProgram}.
 * @throws {OnrampError} IMAGE_BUILD_FAILED, REGISTRY_UNREACHABLE
 */
export async function startProgram(job: GradingJob): Promise<ProgramService> {
  return startOn(
    job,
    "The program's image",
    async (testbed) =>
      new ProgramService(testbed, await buildProgram(testbed, job.projectDirectory)),
  );
}
