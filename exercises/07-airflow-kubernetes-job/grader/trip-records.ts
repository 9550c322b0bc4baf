// The events of a day as they stand in the topic.
import type { Seed } from "@onramp/grading/seed";
import { tripOf } from "@onramp/testbed/driving-score/trip-of";
import type { KafkaService } from "@onramp/testbed/kafka/kafka-service";
import type { TripEvent } from "@onramp/testbed/trips/trip-event";
import { recordOf as recordAnywhere, tripPartitions } from "@onramp/testbed/trips/trip-record";

/** What is written to a topic. */
export type TopicMessage = Parameters<KafkaService["produce"]>[1][number];

/** One more than the vehicles are shared out over: it stays empty. */
export const partitions = tripPartitions + 1;
/** What the Variable of the brief says in a grading, in seconds. */
export const allowedLatenessS = 7200;

/** What retention has deleted before the first run: no partition begins at offset 0, also where it is empty. */
export const oldRecords: TopicMessage[] = Array.from({ length: 3 * partitions }, (_, index) => ({
  partition: index % partitions,
  value: "old",
}));

/** How long after its end a trip is in the topic, unless told otherwise, in milliseconds. */
const usualDelayMs = 30_000;

/** So many trips of a day. */
export function tripsOf(seed: Seed, day: string, count: number): TripEvent[] {
  return Array.from({ length: count }, (_, index) => tripOf(seed, day, `trip ${index}`));
}

/**
 * The record of an event, as the broker keeps it.
 * @param at when it came into the topic, in milliseconds since 1970
 */
export function recordOf(event: TripEvent, at?: number): TopicMessage {
  const timestamp = at ?? Date.parse(event.endedAt ?? event.eventTime) + usualDelayMs;
  return { ...recordAnywhere(event), timestamp: String(timestamp) };
}
