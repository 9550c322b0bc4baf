// What stands in the topic, held against what the program was given.
import { fail } from "@onramp/grading/check-failure";
import type { CheckContext } from "@onramp/grading/check";
import { recordTable, printed } from "@onramp/testbed/kafka/record-table";
import type { TopicRecord } from "@onramp/testbed/kafka/topic-reader";
import type { TripEvent } from "@onramp/testbed/trips/trip-event";
import { firstOutOfOrder } from "./order.ts";

/** A record of the topic with the event in its value; undefined where the value is no JSON object. */
export interface Delivered {
  readonly record: TopicRecord;
  readonly event: Partial<Record<string, unknown>> | undefined;
}

/** Records with their events, in the topic's order. */
export function deliveredOf(records: readonly TopicRecord[]): Delivered[] {
  return records.map((record) => ({ record, event: eventOf(record.value) }));
}

function eventOf(value: Buffer | null): Delivered["event"] {
  try {
    const parsed: unknown = JSON.parse(value?.toString("utf8") ?? "");
    return typeof parsed === "object" && parsed !== null ? { ...parsed } : undefined;
  } catch {
    return undefined;
  }
}

/** How often each event id stands in the topic. */
function countsById(delivered: readonly Delivered[]): Map<unknown, number> {
  const counts = new Map<unknown, number>();
  for (const { event } of delivered)
    counts.set(event?.["eventId"], (counts.get(event?.["eventId"]) ?? 0) + 1);
  return counts;
}

/**
 * Fails unless every trip stands in the topic.
 * @param lineOf the number of a trip's line
 */
export function demandAll(
  trips: readonly TripEvent[],
  delivered: readonly Delivered[],
  { evidence }: CheckContext,
  when: string,
): void {
  const counts = countsById(delivered);
  const missing = trips.filter(({ eventId }) => !counts.has(eventId));
  if (missing.length === 0) return;
  evidence("The first records of the topic", recordTable(delivered.map(({ record }) => record)));
  evidence(
    "The first trips that are missing",
    missing
      .slice(0, 5)
      .map((trip) => JSON.stringify(trip))
      .join("\n"),
  );
  fail(
    `${missing.length} of ${trips.length} trips are not in the topic ${when}; the first is ${missing[0]?.eventId}.`,
    {
      expected: `${trips.length} trips`,
      actual: `${trips.length - missing.length} of them, ${delivered.length} records in all`,
    },
  );
}

/** Fails when an event stands in the topic more than once. */
export function demandOnce(
  delivered: readonly Delivered[],
  { evidence }: CheckContext,
  when: string,
): void {
  const counts = countsById(delivered);
  const doubled = [...counts].filter(([, count]) => count > 1);
  const [first] = doubled;
  if (first === undefined) return;
  const [id, count] = first;
  const places = delivered.filter(({ event }) => event?.["eventId"] === id);
  evidence("The records of the first of them", recordTable(places.map(({ record }) => record)));
  fail(
    `${doubled.length} events stand in the topic more than once ${when}; the first, ${String(id)}, ${count} times.`,
    {
      expected: "every event once",
      actual: `${delivered.length} records of ${counts.size} events`,
    },
  );
}

/** Fails when two events of a vehicle stand in another order than their lines. */
export function demandOrder(
  trips: readonly TripEvent[],
  delivered: readonly Delivered[],
  { evidence }: CheckContext,
): void {
  for (const [vehicle, events] of Map.groupBy(trips, ({ vehicleId }) => vehicleId)) {
    const ids = events.map(({ eventId }) => eventId);
    const records = delivered.filter(({ event }) => event?.["vehicleId"] === vehicle);
    const seen = records.map(({ event }) => String(event?.["eventId"]));
    const broken = firstOutOfOrder(ids, seen);
    if (broken === undefined) continue;
    const places = records.filter(({ event }) => broken.includes(String(event?.["eventId"])));
    evidence("The two records", recordTable(places.map(({ record }) => record)));
    const [earlier, later] = broken.map((id) => ids.indexOf(id) + 1);
    fail(
      `Of ${vehicle}, event ${later} of its ${ids.length} stands in the topic before event ${earlier}.`,
      {
        expected: "the events of a vehicle in the order of their lines",
        actual: `event ${later} (${broken[1]}) before event ${earlier} (${broken[0]})`,
      },
    );
  }
}

/** Fails when a record holds something else than the event that the line was. */
export function demandSame(
  trips: readonly TripEvent[],
  delivered: readonly Delivered[],
  { evidence }: CheckContext,
): void {
  const byId = new Map<unknown, TripEvent>(trips.map((trip) => [trip.eventId, trip]));
  for (const { record, event } of delivered) {
    const place = `partition ${record.partition}, offset ${record.offset}`;
    const trip = byId.get(event?.["eventId"]);
    if (trip === undefined) {
      evidence("The record", recordTable([record]));
      fail(`The record at ${place} is none of the trips that the program was given.`, {
        expected: "a JSON object with the eventId of a line",
        actual: printed(record.value),
      });
    }
    const names = new Set([...Object.keys(trip), ...Object.keys(event ?? {})]);
    for (const name of names) {
      // No `endedAt` and `endedAt: null` mean the same.
      const [given, got] = [trip[name as keyof TripEvent] ?? null, event?.[name] ?? null];
      if (given === got) continue;
      evidence("The record", recordTable([record]));
      evidence("The line", JSON.stringify(trip));
      fail(
        `The record at ${place} has \`${name}\` = ${JSON.stringify(got)}; the line had ${JSON.stringify(given)}.`,
        {
          expected: JSON.stringify(given),
          actual: JSON.stringify(got),
        },
      );
    }
  }
}
