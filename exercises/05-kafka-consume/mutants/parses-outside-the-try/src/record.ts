import type { KafkaMessage } from "kafkajs";
import { tripEvent, type Trip } from "./trip.ts";

/** A record with the event that it holds. */
export type Accepted = { record: KafkaMessage; trip: Trip };

/** A record that goes to the dead letters. */
export type Rejected = { record: KafkaMessage; reason: string };

// `fatal`: bytes that are no UTF-8 are a broken record, not a name with a question mark in it.
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Tells a trip from a broken record. */
export function judge(record: KafkaMessage): Accepted | Rejected {
  const { key, value } = record;
  // Without its key a record may stand in any partition, and nothing says in which order its trip's events come.
  if (key === null || key.length === 0) return { record, reason: "key: is missing" };
  if (value === null) return { record, reason: "value: is missing" };

  const event: unknown = JSON.parse(utf8.decode(value));

  const result = tripEvent.safeParse(event);
  if (result.success) return { record, trip: result.data };
  const problems = result.error.issues.map(
    ({ path, message }) => `${path.length === 0 ? "event" : path.join(".")}: ${message}`,
  );
  return { record, reason: problems.join("; ") };
}
