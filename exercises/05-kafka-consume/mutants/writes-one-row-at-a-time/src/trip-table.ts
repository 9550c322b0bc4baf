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
const values = columns.map((_, index) => `$${index + 1}`).join(", ");
const assignments = columns
  .filter(({ name }) => name !== "trip_id")
  .map(({ name }) => `${name} = excluded.${name}`)
  .join(", ");

const select = "SELECT event_time FROM trips WHERE trip_id = $1 FOR UPDATE";
const upsert = `
  INSERT INTO trips (${names}) VALUES (${values})
  ON CONFLICT (trip_id) DO UPDATE SET ${assignments}
  WHERE trips.event_time < excluded.event_time`;

/** Brings the table to what the events say. They stand in the order of the topic. */
export async function writeTrips(database: Pool, trips: Trip[]): Promise<void> {
  for (const trip of trips) {
    const client = await database.connect();
    // Unheard, a connection that breaks would end the process; the statement under way fails as well.
    const ignore = (): void => {};
    client.on("error", ignore);
    try {
      await client.query("BEGIN");
      const { rows } = await client.query<{ event_time: Date }>(select, [trip.tripId]);
      const known = rows[0]?.event_time.getTime() ?? -Infinity;
      if (Date.parse(trip.eventTime) > known) {
        await client.query(
          upsert,
          columns.map(({ value }) => value(trip)),
        );
      }
      await client.query("COMMIT");
      client.off("error", ignore);
      client.release();
    } catch (error) {
      client.off("error", ignore);
      client.release(true);
      throw error;
    }
  }
}
