import type { Pool } from "pg";
import type { Trip } from "./trip.ts";

const merge = `
  INSERT INTO trips
  SELECT * FROM jsonb_to_recordset($1::jsonb) AS newest (
    trip_id uuid, vehicle_id text, driver_id text, started_at timestamptz, ended_at timestamptz,
    distance_km numeric, max_speed_kmh numeric, hard_brakes integer, hard_accelerations integer,
    status text, event_time timestamptz, event_id uuid
  )
  ON CONFLICT (trip_id) DO UPDATE SET
    (vehicle_id, driver_id, started_at, ended_at, distance_km, max_speed_kmh, hard_brakes,
     hard_accelerations, status, event_time, event_id)
    = (excluded.vehicle_id, excluded.driver_id, excluded.started_at, excluded.ended_at,
       excluded.distance_km, excluded.max_speed_kmh, excluded.hard_brakes,
       excluded.hard_accelerations, excluded.status, excluded.event_time, excluded.event_id)
  WHERE excluded.event_time > trips.event_time`;

/** Brings the table to what the events say. They stand in the order of the topic. */
export async function writeTrips(database: Pool, trips: Trip[]): Promise<void> {
  if (trips.length === 0) return;
  await database.query(merge, [JSON.stringify(newestOfEach(trips).map(row))]);
}

/** One event a trip, in one order everywhere: two instances that write the same trips must not deadlock. */
function newestOfEach(trips: Trip[]): Trip[] {
  const newest = new Map<string, Trip>();
  for (const trip of trips) {
    // The same id may be written in capitals.
    const id = trip.tripId.toLowerCase();
    const known = newest.get(id);
    // Not `>=`: of two with the same time the first one stays.
    if (known === undefined || Date.parse(trip.eventTime) > Date.parse(known.eventTime)) {
      newest.set(id, trip);
    }
  }
  return [...newest.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, trip]) => trip);
}

function row(trip: Trip): Record<string, unknown> {
  return {
    trip_id: trip.tripId,
    vehicle_id: trip.vehicleId,
    driver_id: trip.driverId,
    started_at: trip.startedAt,
    ended_at: trip.endedAt,
    distance_km: trip.distanceKm,
    max_speed_kmh: trip.maxSpeedKmh,
    hard_brakes: trip.hardBrakes,
    hard_accelerations: trip.hardAccelerations,
    status: trip.status,
    event_time: trip.eventTime,
    event_id: trip.eventId,
  };
}
