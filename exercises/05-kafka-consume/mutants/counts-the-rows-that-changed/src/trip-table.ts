import type { Pool } from "pg";
import type { Trip } from "./trip.ts";

type Column = { name: string; type: string; value: (trip: Trip) => string | number | null };

const columns: Column[] = [
  { name: "trip_id", type: "uuid", value: (trip) => trip.tripId },
  { name: "vehicle_id", type: "text", value: (trip) => trip.vehicleId },
  { name: "driver_id", type: "text", value: (trip) => trip.driverId },
  { name: "started_at", type: "timestamptz", value: (trip) => trip.startedAt },
  { name: "ended_at", type: "timestamptz", value: (trip) => trip.endedAt },
  { name: "distance_km", type: "numeric", value: (trip) => trip.distanceKm },
  { name: "max_speed_kmh", type: "numeric", value: (trip) => trip.maxSpeedKmh },
  { name: "hard_brakes", type: "integer", value: (trip) => trip.hardBrakes },
  { name: "hard_accelerations", type: "integer", value: (trip) => trip.hardAccelerations },
  { name: "status", type: "text", value: (trip) => trip.status },
  { name: "event_time", type: "timestamptz", value: (trip) => trip.eventTime },
  { name: "event_id", type: "uuid", value: (trip) => trip.eventId },
];

const names = columns.map(({ name }) => name).join(", ");
const arrays = columns.map(({ type }, index) => `$${index + 1}::${type}[]`).join(", ");
const assignments = columns
  .filter(({ name }) => name !== "trip_id")
  .map(({ name }) => `${name} = excluded.${name}`)
  .join(", ");

// One statement for a batch, whatever its size: the way to the database is paid once, and the text of the statement
// stays the same.
//
// - DISTINCT ON, because ON CONFLICT refuses to touch a row twice in one statement. It keeps each trip's newest event,
//   and of two with the same time the one that came first.
// - The database compares, not this program: `08:00:00Z` and `08:00:00.000Z` are the same instant, and it keeps
//   microseconds, which a JavaScript Date does not.
// - `<`, not `<=`: on equal times the row stays as it is. So does a replay, which then writes nothing at all.
// - The order by trip is also the order in which the rows are locked. Two instances with the same trips in hand, as
//   happens after a rebalance, wait for each other and do not deadlock.
const upsert = `
  INSERT INTO trips (${names})
  SELECT DISTINCT ON (trip_id) ${names}
  FROM unnest(${arrays}) WITH ORDINALITY AS event (${names}, position)
  ORDER BY trip_id, event_time DESC, position
  ON CONFLICT (trip_id) DO UPDATE SET ${assignments}
  WHERE trips.event_time < excluded.event_time`;

/** Brings the table to what the events say, in the order of the topic. Returns how many rows it changed. */
export async function writeTrips(database: Pool, trips: Trip[]): Promise<number> {
  if (trips.length === 0) return 0;
  const { rowCount } = await database.query(
    upsert,
    columns.map(({ value }) => trips.map(value)),
  );
  return rowCount ?? 0;
}
