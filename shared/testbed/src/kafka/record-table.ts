import type { TopicRecord } from "./topic-reader.ts";

const longestValue = 160;

/** Records as lines of text for the evidence: where each stands, its key, headers, time and the start of its value. */
export function recordTable(records: readonly TopicRecord[], most = 10): string {
  if (records.length === 0) return "(no record)";
  const rows = records
    .slice(0, most)
    .map(({ partition, offset, key, headers, timestamp, value }) => {
      const place = `partition ${partition} offset ${offset}`;
      const time = new Date(timestamp).toISOString();
      return `${place}  key ${printed(key)}  headers ${JSON.stringify(headers)}  timestamp ${time}\n    ${printed(value)}`;
    });
  const left = records.length - rows.length;
  return [...rows, ...(left > 0 ? [`… and ${left} more`] : [])].join("\n");
}

/** Bytes as text: quoted, so that an empty one is seen, and cut when they are many. */
export function printed(bytes: Buffer | null): string {
  if (bytes === null) return "null";
  const text = bytes.toString("utf8");
  return JSON.stringify(text.length > longestValue ? `${text.slice(0, longestValue)}…` : text);
}
