import type { CheckContext } from "@onramp/grading/check";
import type { Door } from "@onramp/testbed/faults/door";
import type { Program } from "@onramp/testbed/program/program";

/** An instance of the submission's program, with its own way to the database. */
export class Instance implements AsyncDisposable {
  readonly program: Program;
  readonly databaseDoor: Door;
  readonly #metricsPort: number;
  readonly #context: CheckContext;
  readonly #resources: AsyncDisposableStack;

  constructor(
    program: Program,
    databaseDoor: Door,
    metricsPort: number,
    context: CheckContext,
    resources: AsyncDisposableStack,
  ) {
    this.program = program;
    this.databaseDoor = databaseDoor;
    this.#metricsPort = metricsPort;
    this.#context = context;
    this.#resources = resources;
  }

  /** What `/metrics` answers; why there is no answer, in words, where there is none. */
  async metrics(): Promise<string> {
    try {
      const { status, body } = await this.program.container.ask(this.#metricsPort, {
        path: "/metrics",
        withinMs: 3000,
        signal: this.#context.signal,
      });
      return status === 200 ? body : `status ${status}`;
    } catch (error) {
      return (error as Error).message;
    }
  }

  /** SIGKILL: it has no time for anything. */
  async kill(): Promise<void> {
    await this.program.container.kill("SIGKILL");
    await this.program.container.waitForEnd(10_000);
  }

  /** Keeps what the program wrote. */
  async keepLog(): Promise<void> {
    await this.program.keepLog(this.#context.evidence);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }
}
