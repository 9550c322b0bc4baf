import { randomUUID } from "node:crypto";

import type { Trip } from "../src/trip.ts";

/** A trip that has ended, valid unless told otherwise. */
export function tripEvent(overrides: Partial<Trip> = {}): Trip {
  return {
    eventId: randomUUID(),
    schemaVersion: 1,
    eventTime: "2026-11-23T08:40:01Z",
    tripId: randomUUID(),
    vehicleId: "vehicle-0042",
    driverId: "driver-0007",
    startedAt: "2026-11-23T08:15:00Z",
    endedAt: "2026-11-23T08:40:00Z",
    distanceKm: 12.4,
    maxSpeedKmh: 87,
    hardBrakes: 1,
    hardAccelerations: 0,
    status: "ended",
    ...overrides,
  };
}
