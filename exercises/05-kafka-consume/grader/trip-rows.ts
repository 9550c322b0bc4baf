// The table, held against the events of the topic.
import type { TripEvent } from "@onramp/testbed/trips/trip-event";

/** The event that each trip's row has to show. */
export type ExpectedTrips = ReadonlyMap<string, TripEvent>;

/** A row of the table, in the event's words. */
export type Row = Record<string, unknown> & { trip_id: string };

/** What the rows have to show after these events, in the order of the topic: the newest of a trip, the first of equals. */
export function expectedTrips(events: readonly TripEvent[]): ExpectedTrips {
  const newest = new Map<string, TripEvent>();
  for (const event of events) {
    const known = newest.get(event.tripId);
    if (known === undefined || Date.parse(event.eventTime) > Date.parse(known.eventTime))
      newest.set(event.tripId, event);
  }
  return newest;
}

/** The first thing that is not as it has to be, in words; undefined when everything is. */
export function firstDifference(expected: ExpectedTrips, rows: readonly Row[]): string | undefined {
  const byId = new Map(rows.map((row) => [row.trip_id, row]));
  const missing = [...expected.keys()].filter((tripId) => !byId.has(tripId));
  if (missing.length > 0)
    return `${rows.length} rows; ${missing.length} trips are missing, the first is ${missing[0]}`;
  if (byId.size < rows.length) return `${rows.length} rows of ${byId.size} trips`;
  for (const row of rows) {
    const event = expected.get(row.trip_id);
    if (event === undefined) return `a row of a trip that nobody sent: ${row.trip_id}`;
    for (const [column, value] of Object.entries(columnsOf(event))) {
      const seen = comparable(row[column]);
      if (seen !== comparable(value))
        return `trip ${row.trip_id} has \`${column}\` = ${String(seen)}; its newest event (${event.eventId}, ${event.eventTime}) says ${String(value)}`;
    }
  }
  return undefined;
}

/** The columns of schema.sql beside the key, `trip_id`. */
export function columnsOf(event: TripEvent): Record<string, unknown> {
  return {
    event_id: event.eventId,
    event_time: event.eventTime,
    vehicle_id: event.vehicleId,
    driver_id: event.driverId,
    started_at: event.startedAt,
    ended_at: event.endedAt,
    distance_km: event.distanceKm,
    max_speed_kmh: event.maxSpeedKmh,
    hard_brakes: event.hardBrakes,
    hard_accelerations: event.hardAccelerations,
    status: event.status,
  };
}

const instant = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** An instant is one whatever its text, and a numeric comes from the driver as text. */
function comparable(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "number") return String(value);
  if (typeof value !== "string") return value;
  if (instant.test(value)) return new Date(value).toISOString();
  return /^-?\d+(\.\d+)?$/.test(value) ? String(Number(value)) : value;
}
