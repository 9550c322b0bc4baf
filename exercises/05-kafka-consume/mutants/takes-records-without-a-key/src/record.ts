import type { KafkaMessage } from "kafkajs";
import { tripEvent, type Trip } from "./trip.ts";

/** A record with the event that it holds. */
export type Accepted = { record: KafkaMessage; trip: Trip };

/** A record that goes to the dead letters. */
export type Rejected = { record: KafkaMessage; reason: string };

// `fatal`: bytes that are no UTF-8 are a broken record, not a name with a question mark in it.
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Tells a trip from a broken record. It throws for no record whatever: an exception here would come back with every
 * new attempt, and the partition would never go on.
 */
export function judge(record: KafkaMessage): Accepted | Rejected {
  const { value } = record;
  if (value === null) return { record, reason: "value: is missing" };

  let event: unknown;
  try {
    event = JSON.parse(utf8.decode(value));
  } catch (error) {
    return { record, reason: `value: is no JSON (${String(error)})` };
  }

  const result = tripEvent.safeParse(event);
  if (result.success) return { record, trip: result.data };
  const problems = result.error.issues.map(
    ({ path, message }) => `${path.length === 0 ? "event" : path.join(".")}: ${message}`,
  );
  return { record, reason: problems.join("; ") };
}
