/** A record on its way, in the words of no client library. */
export interface OutgoingRecord {
  readonly topic: string;
  readonly key: string | null;
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds since 1970; the time of sending unless given. */
  readonly timestampMs?: number;
}

/** About what a record takes in a request, in bytes. Lengths, sequence numbers and such come to less than 64. */
export function sizeOf({ key, value, headers }: OutgoingRecord): number {
  let bytes = 64 + value.length + (key?.length ?? 0);
  for (const [name, text] of Object.entries(headers)) bytes += name.length + text.length;
  return bytes;
}
