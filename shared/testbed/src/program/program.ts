import { once } from "node:events";
import type { Duplex } from "node:stream";
import type { EvidenceRecorder } from "@onramp/grading/evidence";
import type { RunningContainer } from "../docker/running-container.ts";

/** The standard input of a program. What is written after the program has ended is lost, without an error. */
export class ProgramInput {
  #stream: Duplex | undefined;
  readonly #ended = new AbortController();

  open(stream: Duplex): void {
    this.#stream = stream;
    // A program that ends early closes its end; the check looks at the program, not at the pipe.
    stream.on("error", () => {});
  }

  /** Writes, and waits until the program has taken enough of it, or has ended. */
  async write(chunks: Iterable<string | Buffer>): Promise<void> {
    const { signal } = this.#ended;
    for (const chunk of chunks) {
      if (signal.aborted || !this.#stream?.writable) return;
      if (this.#stream.write(chunk)) continue;
      await once(this.#stream, "drain", { signal }).catch(() => {});
    }
  }

  /** Ends the input: the program reads end-of-file. */
  close(): void {
    this.#stream?.end();
  }

  /** To be told that the program has ended: the engine keeps its side of the connection open. */
  programEnded(): void {
    this.#ended.abort();
    this.#stream?.destroy();
  }
}

/** A running program of a submission. */
export class Program implements AsyncDisposable {
  readonly container: RunningContainer;
  readonly input: ProgramInput;

  constructor(container: RunningContainer, input: ProgramInput) {
    this.container = container;
    this.input = input;
  }

  /** Keeps what the program wrote. */
  async keepLog(evidence: EvidenceRecorder): Promise<void> {
    const { stdout, stderr } = await this.container.logs();
    evidence("The program's stdout", stdout === "" ? "(empty)" : stdout);
    evidence("The program's stderr", stderr === "" ? "(empty)" : stderr);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.container[Symbol.asyncDispose]();
  }
}
