import { expect, test } from "vitest";
import { faultOfReason } from "./reason.ts";

test("a reason names what is wrong", () => {
  expect(faultOfReason("distanceKm: expected a number", "distanceKm")).toBeUndefined();
  expect(faultOfReason("no JSON", undefined)).toBeUndefined();
  expect(faultOfReason("Key is missing", "key")).toBeUndefined();
  expect(faultOfReason("endedAt is earlier than startedAt", "endedAt")).toBeUndefined();
});

test("a reason that tells nothing", () => {
  expect(faultOfReason("", undefined)).toBe("is empty");
  expect(faultOfReason("invalid event", "status")).toBe("does not name `status`");
  expect(faultOfReason("check eventId, eventTime, tripId, vehicleId and status", "status")).toBe(
    "names 5 fields, and `status` alone is wrong",
  );
});
