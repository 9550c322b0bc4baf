import type { TripEvent } from "@onramp/testbed/trips/trip-event";

/** A record as it is written to the topic. */
export interface TripRecord {
  readonly partition: number;
  readonly key: string | null;
  readonly value: string | Buffer | null;
  readonly headers: Record<string, string>;
}

export const partitions = 3;

/** The record of an event, as stage 04 makes it: the vehicle decides on the partition. */
export function recordOf(event: TripEvent): TripRecord {
  return {
    partition: partitionOf(event.vehicleId),
    key: event.vehicleId,
    value: JSON.stringify(event),
    headers: { "event-id": event.eventId, "schema-version": "1" },
  };
}

/** Vehicles end in a number. */
function partitionOf(vehicleId: string): number {
  return Number(/\d+$/.exec(vehicleId)?.[0] ?? 0) % partitions;
}
