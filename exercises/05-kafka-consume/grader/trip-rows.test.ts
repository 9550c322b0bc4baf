import { seedFrom } from "@onramp/grading/seed";
import { tripEvent } from "@onramp/testbed/trips/trip-event";
import { expect, test } from "vitest";
import { laterBy, sibling } from "./trip-lives.ts";
import { expectedTrips, firstDifference } from "./trip-rows.ts";

const event = tripEvent(seedFrom("1"), "rows", 0);
const row = {
  trip_id: event.tripId,
  vehicle_id: event.vehicleId,
  driver_id: event.driverId,
  started_at: new Date(event.startedAt),
  ended_at: event.endedAt === null ? null : new Date(event.endedAt),
  distance_km: `${event.distanceKm}0`,
  max_speed_kmh: String(event.maxSpeedKmh),
  hard_brakes: event.hardBrakes,
  hard_accelerations: event.hardAccelerations,
  status: event.status,
  event_time: new Date(event.eventTime),
  event_id: event.eventId,
};

test("the newest event of a trip counts, and of equals the first", () => {
  const equal = sibling(event, event.eventTime, "equal");
  const later = laterBy(event, 1);
  expect([...expectedTrips([event, equal]).values()]).toEqual([event]);
  expect([...expectedTrips([laterBy(event, -1), event, later, equal]).values()]).toEqual([later]);
});

test("a row as the driver reads it is no different from its event", () => {
  expect(firstDifference(expectedTrips([event]), [row])).toBeUndefined();
});

test("what is missing, foreign or different is told with its values", () => {
  expect(firstDifference(expectedTrips([event]), [])).toBe(
    `0 rows; 1 trips are missing, the first is ${event.tripId}`,
  );
  expect(firstDifference(expectedTrips([]), [row])).toContain("nobody sent");
  expect(firstDifference(expectedTrips([event]), [row, row])).toBe("2 rows of 1 trips");
  const newer = laterBy(event, 1000);
  expect(firstDifference(expectedTrips([newer]), [row])).toContain(
    `has \`event_id\` = ${event.eventId}; its newest event (${newer.eventId}`,
  );
});
