import type { Readable } from "node:stream";

/** Docker multiplexes both streams: a header of 8 bytes (stream, length) before each piece. */
export function splitStreams(raw: Buffer | Readable): { stdout: string; stderr: string } {
  const pieces: { 1: Buffer[]; 2: Buffer[] } = { 1: [], 2: [] };
  if (Buffer.isBuffer(raw)) {
    let offset = 0;
    while (offset + 8 <= raw.length) {
      const length = raw.readUInt32BE(offset + 4);
      pieces[raw[offset] === 2 ? 2 : 1].push(raw.subarray(offset + 8, offset + 8 + length));
      offset += 8 + length;
    }
  }
  return {
    stdout: Buffer.concat(pieces[1]).toString("utf8"),
    stderr: Buffer.concat(pieces[2]).toString("utf8"),
  };
}
