// The events of a day as they stand in the topic.
import { type Seed, uuidOf } from "@onramp/grading/seed";
import type { KafkaService } from "@onramp/testbed/kafka/kafka-service";
import type { TripEvent } from "@onramp/testbed/trips/trip-event";

/** What is written to a topic. */
export type TopicMessage = Parameters<KafkaService["produce"]>[1][number];

/** One of them stays empty. */
export const partitions = 4;
export const filledPartitions = 3;
/** What the Variable of the brief says in a grading, in seconds. */
export const allowedLatenessS = 7200;

const hourMs = 3_600_000;
/** How long after its end a trip is in the topic, unless told otherwise, in milliseconds. */
const usualDelayMs = 30_000;

/** A trip that ended on a day, whose values come from the seed; what is given stands instead of them. */
export function tripOf(
  seed: Seed,
  day: string,
  label: string,
  changes: Partial<TripEvent> = {},
): TripEvent {
  const bytes = seed.bytes(`${day} ${label}`);
  const number = (offset: number, below: number): number => bytes.readUInt32BE(offset) % below;
  const endedAt = Date.parse(`${day}T00:00:00Z`) + hourMs + number(36, 22 * hourMs);
  return {
    eventId: uuidOf(bytes),
    schemaVersion: 1,
    eventTime: new Date(endedAt).toISOString(),
    tripId: uuidOf(bytes.subarray(16)),
    vehicleId: `vehicle-${number(44, 400)}`,
    driverId: `driver-${number(48, 40)}`,
    startedAt: new Date(endedAt - 60_000 - number(40, hourMs)).toISOString(),
    endedAt: new Date(endedAt).toISOString(),
    distanceKm: number(52, 80_000) / 1000,
    maxSpeedKmh: 40 + number(56, 110),
    hardBrakes: number(60, 3),
    hardAccelerations: number(28, 3),
    status: "ended",
    ...changes,
  };
}

/** So many trips of a day. */
export function tripsOf(seed: Seed, day: string, count: number): TripEvent[] {
  return Array.from({ length: count }, (_, index) => tripOf(seed, day, `trip ${index}`));
}

/**
 * The record of an event, as stage 04 makes it: the vehicle decides on the partition.
 * @param at when it came into the topic, in milliseconds since 1970
 */
export function recordOf(event: TripEvent, at?: number): TopicMessage {
  return {
    partition: partitionOf(event.vehicleId),
    key: event.vehicleId,
    value: JSON.stringify(event),
    headers: { "event-id": event.eventId, "schema-version": "1" },
    timestamp: String(at ?? Date.parse(event.endedAt ?? event.eventTime) + usualDelayMs),
  };
}

/** Vehicles end in a number. */
function partitionOf(vehicleId: string): number {
  return Number(/\d+$/.exec(vehicleId)?.[0] ?? 0) % filledPartitions;
}
