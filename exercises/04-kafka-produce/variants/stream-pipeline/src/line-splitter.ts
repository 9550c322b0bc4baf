import { Transform, type TransformCallback } from "node:stream";

export interface NumberedLine {
  readonly number: number;
  readonly bytes: Buffer;
}

/** Bytes in, lines out. Half a line at the end is handed on only when it is the end of the input. */
export class LineSplitter extends Transform {
  #half = Buffer.alloc(0);
  #count = 0;
  #isCutShort = false;

  constructor() {
    super({ readableObjectMode: true, readableHighWaterMark: 500 });
  }

  /** How many lines it has handed on. */
  get count(): number {
    return this.#count;
  }

  /** The input does not end here, it is left: what is behind the last `\n` is no line. */
  cutShort(): void {
    this.#isCutShort = true;
    this.end();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const bytes = Buffer.concat([this.#half, chunk]);
    let start = 0;
    for (let end = bytes.indexOf("\n"); end !== -1; end = bytes.indexOf("\n", start)) {
      this.#handOn(bytes.subarray(start, end));
      start = end + 1;
    }
    this.#half = bytes.subarray(start);
    done();
  }

  override _flush(done: TransformCallback): void {
    if (this.#half.length > 0 && !this.#isCutShort) this.#handOn(this.#half);
    done();
  }

  #handOn(bytes: Buffer): void {
    this.#count += 1;
    this.push({ number: this.#count, bytes } satisfies NumberedLine);
  }
}
