import { addAbortSignal, type Readable } from "node:stream";

const newline = 0x0a;

/**
 * The lines of `input` as bytes, without their `\n`. Bytes and not text, because a line that is no UTF-8 has to come
 * out as it came in, and because a `\r` or a U+2028 within a line ends no line.
 *
 * It ends with the input, or between two lines once `stop` is aborted. What follows the last whole line is then half
 * a line and not read; at the end of the input it is a line whose `\n` is missing.
 */
export async function* linesOf(input: Readable, stop: AbortSignal): AsyncGenerator<Buffer> {
  if (stop.aborted) return;
  let halves: Buffer[] = [];
  try {
    // Without this, the loop would wait for a next chunk that an open and silent stdin never brings.
    for await (const chunk of addAbortSignal(stop, input) as AsyncIterable<Buffer>) {
      let start = 0;
      for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
        const rest = chunk.subarray(start, end);
        yield trimmed(Buffer.concat([...halves, rest]));
        if (stop.aborted) return;
        halves = [];
        start = end + 1;
      }
      if (start < chunk.length) halves.push(chunk.subarray(start));
    }
  } catch (error) {
    if (stop.aborted) return;
    throw error;
  }
  if (halves.length > 0) yield trimmed(Buffer.concat(halves));
}

/** The bytes of a line without spaces, tabs and carriage returns at its ends. */
function trimmed(line: Buffer): Buffer {
  const text = line.toString("latin1");
  const start = text.length - text.trimStart().length;
  return line.subarray(start, text.trimEnd().length);
}
