import type { TripEvent } from "./trip-event.ts";

/** A record of a topic of trips. */
export interface TripRecord {
  readonly partition: number;
  readonly key: string | null;
  readonly value: string | Buffer | null;
  readonly headers: Record<string, string>;
}

/** How many partitions the vehicles are shared out over. */
export const tripPartitions = 3;

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
  return Number(/\d+$/.exec(vehicleId)?.[0] ?? 0) % tripPartitions;
}
