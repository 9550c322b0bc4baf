import { type Seed, uuidOf } from "@onramp/grading/seed";
import type { TripEvent } from "../trips/trip-event.ts";

const hourMs = 3_600_000;

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
