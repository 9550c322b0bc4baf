import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Pool, PoolClient } from "pg";
import { from as copyFrom } from "pg-copy-streams";
import type { Trip } from "./trip.ts";

const columns = {
  trip_id: "tripId",
  vehicle_id: "vehicleId",
  driver_id: "driverId",
  started_at: "startedAt",
  ended_at: "endedAt",
  distance_km: "distanceKm",
  max_speed_kmh: "maxSpeedKmh",
  hard_brakes: "hardBrakes",
  hard_accelerations: "hardAccelerations",
  status: "status",
  event_time: "eventTime",
  event_id: "eventId",
} as const satisfies Record<string, keyof Trip>;

const names = Object.keys(columns).join(", ");
const assignments = Object.keys(columns)
  .map((name) => `${name} = excluded.${name}`)
  .join(", ");

// A connection's own table: two instances do not see each other's, and nothing is left of it after a crash.
const createArrived = `
  CREATE TEMPORARY TABLE IF NOT EXISTS arrived (LIKE trips, position integer NOT NULL)
  ON COMMIT DELETE ROWS`;
const copy = `COPY arrived (${names}, position) FROM STDIN WITH (FORMAT csv)`;
const merge = `
  INSERT INTO trips (${names})
  SELECT DISTINCT ON (trip_id) ${names} FROM arrived ORDER BY trip_id, event_time DESC, position
  ON CONFLICT (trip_id) DO UPDATE SET ${assignments} WHERE trips.event_time < excluded.event_time`;

/** Brings the table to what the events say. They stand in the order of the topic. */
export async function writeTrips(database: Pool, trips: Trip[]): Promise<void> {
  if (trips.length === 0) return;
  const client = await database.connect();
  // While the client is lent out the pool does not listen to it; unheard, a broken connection would end the process.
  // Whatever breaks it fails the statement under way as well.
  const ignore = (): void => {};
  client.on("error", ignore);
  let isBroken = true;
  try {
    await client.query("BEGIN");
    await fill(client, trips);
    await client.query(merge);
    await client.query("COMMIT");
    isBroken = false;
  } finally {
    client.off("error", ignore);
    client.release(isBroken);
  }
}

async function fill(client: PoolClient, trips: Trip[]): Promise<void> {
  await client.query(createArrived);
  await pipeline(Readable.from(lines(trips)), client.query(copyFrom(copy)));
}

function* lines(trips: Trip[]): Generator<string> {
  for (const [position, trip] of trips.entries()) {
    const values = Object.values(columns).map((field) => quoted(trip[field]));
    yield `${values.join(",")},${position}\n`;
  }
}

/** A value in CSV; what is not there stands there without quotes. */
function quoted(value: string | number | null): string {
  return value === null ? "" : `"${String(value).replaceAll('"', '""')}"`;
}
