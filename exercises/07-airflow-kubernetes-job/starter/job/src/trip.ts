import { z } from "zod";

/** RFC 3339 in UTC, such as `2026-11-23T08:15:00Z`; offsets are refused. */
const instant = z.iso.datetime();

/** One event in the life of a trip, version 1 of the schema. */
export const tripEvent = z
  .strictObject({
    eventId: z.uuid(),
    schemaVersion: z.literal(1),
    eventTime: instant,
    tripId: z.uuid(),
    vehicleId: z.string().min(1),
    driverId: z.string().min(1),
    startedAt: instant,
    endedAt: instant.nullable().default(null),
    distanceKm: z.number().nonnegative(),
    maxSpeedKmh: z.number().nonnegative(),
    hardBrakes: z.int().nonnegative(),
    hardAccelerations: z.int().nonnegative(),
    status: z.enum(["started", "ended", "cancelled"]),
  })
  .refine((trip) => trip.status !== "ended" || trip.endedAt !== null, {
    path: ["endedAt"],
    error: "is missing from a trip that has ended",
  })
  // Not `>=`: an instant that cannot be read is refused by its own field, not here a second time.
  .refine(
    (trip) => trip.endedAt === null || !(Date.parse(trip.endedAt) < Date.parse(trip.startedAt)),
    {
      path: ["endedAt"],
      error: "is earlier than startedAt",
    },
  );

export type Trip = z.output<typeof tripEvent>;
