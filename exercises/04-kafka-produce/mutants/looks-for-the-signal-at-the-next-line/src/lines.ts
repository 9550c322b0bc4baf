import type { Readable } from "node:stream";

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
    for await (const chunk of input as AsyncIterable<Buffer>) {
      if (stop.aborted) return;
      let start = 0;
      for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
        const rest = chunk.subarray(start, end);
        yield halves.length === 0 ? rest : Buffer.concat([...halves, rest]);
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
  if (halves.length > 0) yield Buffer.concat(halves);
}
