import type { OutgoingRecord } from "./outgoing-record.ts";
import type { Trip } from "./trip.ts";

/** The record of a valid line, its value written anew: fields in the order of the alphabet, with white space. */
export function tripRecord(topic: string, trip: Trip, _line: Buffer): OutgoingRecord {
  const sorted = Object.entries(trip).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    topic,
    key: trip.vehicleId,
    value: Buffer.from(JSON.stringify(Object.fromEntries(sorted), undefined, 1)),
    headers: {
      source: "trip-producer",
      "schema-version": `${trip.schemaVersion}`,
      "event-id": trip.eventId,
    },
    timestampMs: new Date(trip.eventTime).getTime(),
  };
}
