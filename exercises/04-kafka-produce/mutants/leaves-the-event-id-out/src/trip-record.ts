import type { OutgoingRecord } from "./outgoing-record.ts";
import type { Trip } from "./trip.ts";

/**
 * The record of a valid line. Its value is the line itself: what passes the rules needs no second serialisation,
 * which could only lose something, such as the zeros of `12.40`.
 */
export function tripRecord(topic: string, trip: Trip, line: Buffer): OutgoingRecord {
  return {
    topic,
    // The key chooses the partition, and only within a partition there is an order.
    key: trip.vehicleId,
    value: line,
    // For consumers that route or drop records without parsing the value.
    headers: { "schema-version": String(trip.schemaVersion) },
    timestampMs: Date.parse(trip.eventTime),
  };
}
