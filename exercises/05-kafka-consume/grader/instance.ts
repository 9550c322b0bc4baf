import type { CheckContext } from "@onramp/grading/check";
import { fail } from "@onramp/grading/check-failure";
import type { Door } from "@onramp/testbed/faults/door";
import type { Program } from "@onramp/testbed/program/program";

/** An instance of the submission's program, with its own way to the database. */
export class Instance implements AsyncDisposable {
  readonly program: Program;
  readonly databaseDoor: Door;
  /** Its consumer group. */
  readonly group: string;
  readonly #metricsPort: number;
  readonly #context: CheckContext;
  readonly #resources: AsyncDisposableStack;

  constructor(
    parts: Pick<Instance, "program" | "databaseDoor" | "group"> & { readonly metricsPort: number },
    context: CheckContext,
    resources: AsyncDisposableStack,
  ) {
    this.program = parts.program;
    this.databaseDoor = parts.databaseDoor;
    this.group = parts.group;
    this.#metricsPort = parts.metricsPort;
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

  /** SIGTERM, and the time that the brief gives; what it does with it is the matter of another check. */
  async stop(): Promise<void> {
    await this.program.container.kill("SIGTERM");
    await this.program.container.waitForEnd(12_000);
  }

  /** Keeps what the program wrote. */
  async keepLog(): Promise<void> {
    await this.program.keepLog(this.#context.evidence);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }
}

/** Fails when an instance has ended that has to live. */
export async function demandAlive(instance: Instance, when: string): Promise<void> {
  const end = await instance.program.container.describeEnd();
  if (end === undefined) return;
  await instance.keepLog();
  fail(`The program did not stay up ${when}: ${end}.`, { expected: "it stays up", actual: end });
}

/** How the first of them ended that did; undefined while all live. */
export async function deathOf(instances: readonly Instance[]): Promise<string | undefined> {
  for (const { program } of instances) {
    const end = await program.container.describeEnd();
    if (end !== undefined) return end;
  }
  return undefined;
}
