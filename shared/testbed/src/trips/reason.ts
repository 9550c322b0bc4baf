import type { TripEvent } from "./trip-event.ts";

const fields: Record<keyof TripEvent, true> = {
  eventId: true,
  schemaVersion: true,
  eventTime: true,
  tripId: true,
  vehicleId: true,
  driverId: true,
  startedAt: true,
  endedAt: true,
  distanceKm: true,
  maxSpeedKmh: true,
  hardBrakes: true,
  hardAccelerations: true,
  status: true,
};
/** Two may be at odds with each other, and a sentence may name one more. */
const mostNamed = 4;

/**
 * What is wrong with a dead letter's reason, as the end of a sentence: "does not name `status`"; undefined when
 * nothing is.
 * @param wanted what it has to name; undefined where any reason will do
 */
export function faultOfReason(reason: string, wanted: string | undefined): string | undefined {
  if (reason === "") return "is empty";
  if (wanted === undefined) return undefined;
  const text = reason.toLowerCase();
  if (!text.includes(wanted.toLowerCase())) return `does not name \`${wanted}\``;
  const named = Object.keys(fields).filter((field) => text.includes(field.toLowerCase()));
  if (named.length <= mostNamed) return undefined;
  return `names ${named.length} fields, and \`${wanted}\` alone is wrong`;
}
