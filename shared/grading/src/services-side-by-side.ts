import type { GradingJob } from "./job.ts";
import type { ServiceStarter, StartedService } from "./service.ts";

/**
 * The services of an exercise. All of them start when the first is asked for, side by side: most of a start is waiting.
 * What goes wrong in one is told to those who ask for that one.
 */
export class ServicesSideBySide implements AsyncDisposable {
  readonly #starters: Readonly<Record<string, ServiceStarter<StartedService>>>;
  readonly #job: GradingJob;
  #starting: Map<string, Promise<StartedService>> | undefined;
  #stopping: Promise<void> | undefined;

  constructor(starters: Readonly<Record<string, ServiceStarter<StartedService>>>, job: GradingJob) {
    this.#starters = starters;
    this.#job = job;
  }

  async service(name: string): Promise<StartedService> {
    this.#starting ??= new Map(
      Object.entries(this.#starters).map(([each, start]) => [each, start(this.#job)]),
    );
    // Told to whoever asks for that service, or to nobody.
    for (const starting of this.#starting.values()) starting.catch(() => {});
    const starting = this.#starting.get(name);
    if (starting === undefined) throw new Error(`There is no service ${name}.`);
    return starting;
  }

  /** Stops every service that has started, also those that nobody asked for; a second call waits for the first. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping ??= this.#stop();
    await this.#stopping;
  }

  async #stop(): Promise<void> {
    const started = await Promise.allSettled(Array.from(this.#starting?.values() ?? []));
    const stopping = started.map(async (outcome) => {
      if (outcome.status === "fulfilled") await outcome.value[Symbol.asyncDispose]();
    });
    await Promise.all(stopping);
  }
}
