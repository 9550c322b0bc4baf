import type { OutgoingRecord } from "./outgoing-record.ts";

/**
 * The record of an invalid line: its bytes as they came, so that whoever mends it sees what the sender sent, and
 * beside them what is needed to find and understand it.
 */
export function deadLetter(
  topic: string,
  line: Buffer,
  lineNumber: number,
  reason: string,
): OutgoingRecord {
  // No key: what is broken need not have a vehicle.
  return {
    topic,
    key: null,
    value: Buffer.from(JSON.stringify({ line: line.toString("utf8"), reason })),
    headers: { reason, line: String(lineNumber) },
  };
}
