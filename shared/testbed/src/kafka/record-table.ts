import type { TopicRecord } from "./topic-reader.ts";

const longestValue = 160;

/** Records as lines of text for the evidence: where each stands, its key, headers, time and the start of its value. */
export function recordTable(records: readonly TopicRecord[], most = 10): string {
  if (records.length === 0) return "(no record)";
  const rows = records
    .slice(0, most)
    .map(({ partition, offset, key, headers, timestamp, value }) => {
      const place = `partition ${partition} offset ${offset}`;
      return `${place}  key ${printed(key)}  headers ${JSON.stringify(headers)}  timestamp ${instantOf(timestamp)}\n    ${printed(value)}`;
    });
  const left = records.length - rows.length;
  return [...rows, ...(left > 0 ? [`… and ${left} more`] : [])].join("\n");
}

/** A record's timestamp as an instant; as the number that it is where no calendar has it. */
export function instantOf(timestamp: number): string {
  const date = new Date(timestamp);
  return Number.isNaN(date.getTime()) ? `${timestamp} ms` : date.toISOString();
}

/** Bytes as text: quoted, so that an empty one is seen, and cut when they are many. */
export function printed(bytes: Buffer | null): string {
  if (bytes === null) return "null";
  const text = bytes.toString("utf8");
  return JSON.stringify(text.length > longestValue ? `${text.slice(0, longestValue)}…` : text);
}
