import { setTimeout as pause } from "node:timers/promises";
import { messageOf } from "@onramp/errors/onramp-error";
import type Dockerode from "dockerode";
import type { DiskWatch } from "./disk-watch.ts";
import { askOverHttp, type HttpAnswer, type HttpQuestion } from "./http-client.ts";
import { splitStreams } from "./split-streams.ts";
import type { Testbed } from "./testbed.ts";

/** A process in a container, as `docker top` tells it. */
export interface ContainerProcess {
  readonly pid: string;
  readonly uid: string;
  readonly command: string;
}

export interface ContainerState {
  readonly isRunning: boolean;
  readonly exitCode: number;
  readonly isOutOfMemory: boolean;
  /** "starting", "healthy", "unhealthy", or "none" without a HEALTHCHECK. */
  readonly health: string;
  /** The last outputs of the HEALTHCHECK command, oldest first. */
  readonly healthLog: readonly string[];
}

const mostLogLines = 2000;

/** A container of a submission. Disposing it removes it with its volumes. */
export class RunningContainer {
  readonly id: string;
  readonly #container: Dockerode.Container;
  readonly #testbed: Testbed;
  #disk: DiskWatch | undefined;

  constructor(testbed: Testbed, id: string) {
    this.id = id;
    this.#testbed = testbed;
    this.#container = testbed.dockerode.getContainer(id);
  }

  /** Ends the container when the watch says that it has written too much. */
  stopWhenFull(disk: DiskWatch): void {
    this.#disk = disk;
    // One that has ended by itself meanwhile is as well.
    disk.signal.addEventListener("abort", () => void this.kill("SIGKILL").catch(() => {}));
  }

  /** Sends one HTTP request to a port of the container; see {@link askOverHttp} for what it throws. */
  async ask(port: number, question: HttpQuestion): Promise<HttpAnswer> {
    const gateway = await this.#testbed.gateway();
    const { NetworkSettings } = await this.#container.inspect();
    const address = NetworkSettings.Networks[gateway.network]?.IPAddress;
    if (!address) throw new Error((await this.describeEnd()) ?? "the container has no address");
    return askOverHttp(gateway, address, port, question);
  }

  async state(): Promise<ContainerState> {
    const { State } = await this.#container.inspect();
    return {
      isRunning: State.Running,
      exitCode: State.ExitCode,
      isOutOfMemory: State.OOMKilled,
      health: State.Health?.Status ?? "none",
      healthLog: (State.Health?.Log ?? []).map(
        ({ ExitCode, Output }) => `exit ${ExitCode}: ${Output.trim()}`,
      ),
    };
  }

  /** "the container exited with code 1", or undefined while it runs. */
  async describeEnd(): Promise<string | undefined> {
    const { isRunning, exitCode, isOutOfMemory } = await this.state();
    if (isRunning) return undefined;
    if (this.#disk?.signal.aborted) {
      const gigabytes = (this.#disk.limitBytes / 1024 ** 3).toFixed(1);
      return `the container was stopped, because it had written more than ${gigabytes} GiB to disk`;
    }
    return `the container exited with code ${exitCode}${isOutOfMemory ? " (out of memory)" : ""}`;
  }

  /** What the container wrote so far: its last 2,000 lines. */
  async logs(): Promise<{ stdout: string; stderr: string }> {
    const raw = await this.#container.logs({ stdout: true, stderr: true, tail: mostLogLines });
    return splitStreams(raw);
  }

  /** Waits until the container has written a text; throws when it has not in time, or has ended. */
  async untilSaid(text: string, withinMs: number): Promise<void> {
    const end = performance.now() + withinMs;
    for (;;) {
      const { stdout, stderr } = await this.logs();
      if (stdout.includes(text)) return;
      const over = await this.describeEnd();
      if (over !== undefined || performance.now() > end)
        throw new Error(`${over ?? `It did not say “${text}”`}. It wrote:\n${stdout}${stderr}`);
      await pause(200);
    }
  }

  /** The processes, with the users that they run as by number. */
  async processes(): Promise<ContainerProcess[]> {
    const { Processes } = (await this.#container.top({ ps_args: "-eo pid,uid,args" })) as {
      Processes: string[][];
    };
    return Processes.map(([pid = "", uid = "", ...command]) => ({
      pid,
      uid,
      command: command.join(" "),
    }));
  }

  /** How many processes and threads there are, and how many there may be. */
  async pids(): Promise<{ readonly current: number; readonly limit: number }> {
    const { pids_stats = {} } = await this.#container.stats({ stream: false, "one-shot": true });
    return { current: pids_stats.current ?? 0, limit: pids_stats.limit ?? Infinity };
  }

  /** Sends a signal. One that has ended by itself does not hear it, and its end is for the check to judge. */
  async kill(signal: string): Promise<void> {
    try {
      await this.#container.kill({ signal });
    } catch (error) {
      if (!/is not running/.test(messageOf(error))) throw error;
    }
  }

  /** Waits for the end. Returns undefined when the container still runs after `withinMs`. */
  async waitForEnd(withinMs: number): Promise<ContainerState | undefined> {
    const timeUp = AbortSignal.timeout(withinMs);
    try {
      await this.#container.wait({ abortSignal: timeUp });
    } catch (error) {
      if (timeUp.aborted) return undefined;
      throw error;
    }
    return this.state();
  }

  /** Settles when the container has ended, or is gone. */
  async ended(): Promise<void> {
    await this.#container.wait().catch(() => {});
  }

  /** Paths in the container's own file system that were written since its start, with what happened to them. */
  async changedPaths(): Promise<string[]> {
    // Without a change the engine answers `null`, which Dockerode hands on as bytes.
    const answer: unknown = await this.#container.changes();
    const changes = (Array.isArray(answer) ? answer : []) as { Path: string; Kind: 0 | 1 | 2 }[];
    const words = ["changed", "added", "deleted"];
    const { Mounts } = await this.#container.inspect();
    // The engine itself makes the place where a volume goes, and the directories above it.
    const isMountPoint = (path: string): boolean =>
      Mounts.some(({ Destination }) => `${Destination}/`.startsWith(`${path}/`));
    return changes
      .filter(({ Path }) => !isMountPoint(Path))
      .map(({ Path, Kind }) => `${words[Kind]} ${Path}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disk?.[Symbol.dispose]();
    await this.#testbed.remove(this.id);
  }
}
