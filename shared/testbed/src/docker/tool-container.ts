import { posix } from "node:path";
import { Readable } from "node:stream";
import { dockerCliEnvironment, findDockerCli } from "@onramp/engine/docker-cli";
import type { Engine } from "@onramp/engine/engine";
import type Dockerode from "dockerode";
import { execa } from "execa";
import { pack } from "tar-stream";
import { outputWithEnd } from "./output-with-end.ts";

/** What a command in a container has come to. */
export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  /** Both streams, in their order. */
  readonly output: string;
}

/** Files by their paths in a directory. */
export type Files = ReadonlyMap<string, string | Buffer>;

/** A container of ours in which commands are run, whoever has started it. */
export class ToolContainer {
  readonly id: string;
  protected readonly engine: Engine;
  readonly #container: Dockerode.Container;

  constructor(engine: Engine, container: Dockerode.Container) {
    this.id = container.id;
    this.engine = engine;
    this.#container = container;
  }

  /** Runs a command as the container's user, or as another. No shell reads it. */
  async exec(command: readonly string[], user?: string): Promise<CommandResult> {
    const as = user === undefined ? [] : [`--user=${user}`];
    const { exitCode, stdout, all } = await execa(
      await findDockerCli(),
      ["exec", ...as, this.id, ...command],
      { env: dockerCliEnvironment(this.engine), stdin: "ignore", all: true, reject: false },
    );
    return { exitCode: exitCode ?? 1, stdout, output: all };
  }

  /**
   * Runs a command and ends it after so many seconds: one that is given too much must not hold the grading.
   */
  async execWithin(limitS: number, command: readonly string[]): Promise<CommandResult> {
    const result = await this.exec(["timeout", String(limitS), ...command]);
    return { ...result, output: outputWithEnd(result, limitS) };
  }

  /** Puts files into a directory, which is made. */
  async copyIn(directory: string, files: Files): Promise<void> {
    const archive = pack();
    for (const [path, content] of files)
      archive.entry({ name: posix.join(directory, path).slice(1) }, content);
    archive.finalize();
    await this.#container.putArchive(Readable.from(archive), { path: "/" });
  }

  /** Ends the container at once, as if its machine had lost its power. */
  async kill(): Promise<void> {
    await this.#container.kill();
  }
}
