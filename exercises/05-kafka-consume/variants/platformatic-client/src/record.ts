import type { Message } from "@platformatic/kafka";
import { tripEvent, type Trip } from "./trip.ts";

/** Types of this client say that key and value are there; what the topic holds is another matter. */
export type TripRecord = Pick<Message, "offset" | "headers"> & {
  readonly key: Buffer | undefined;
  readonly value: Buffer | undefined;
};

/** A record with the event that it holds. */
export type Accepted = { record: TripRecord; trip: Trip };

/** A record that goes to the dead letters. */
export type Rejected = { record: TripRecord; reason: string };

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Tells a trip from a broken record. It throws for no record whatever. */
export function judge(record: TripRecord): Accepted | Rejected {
  const { key, value } = record;
  if (key === undefined || key.length === 0) return { record, reason: "key is missing" };
  if (value === undefined) return { record, reason: "value is missing" };

  let event: unknown;
  try {
    event = JSON.parse(utf8.decode(value));
  } catch (error) {
    return { record, reason: `value is no JSON: ${String(error)}` };
  }

  const result = tripEvent.safeParse(event);
  if (result.success) return { record, trip: result.data };
  const problems = result.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`);
  return { record, reason: problems.join(", ") };
}
