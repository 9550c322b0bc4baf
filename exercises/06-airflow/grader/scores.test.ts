import { seedFrom } from "@onramp/grading/seed";
import { firstDifference } from "@onramp/testbed/driving-score/score-rows";
import { expect, test } from "vitest";
import { expectedScores } from "./scores.ts";
import { fullDay, plainDay } from "./trip-files.ts";

const day = "2026-02-03";
const seed = seedFrom("scores");
const lines = fullDay(seed, day, 300);
const scores = expectedScores(day, lines);

test("a half is rounded up, and a score does not fall below 0", () => {
  expect(scores.get("driver-tie")).toEqual({ score: "90.63", trips: 4, complete: true });
  expect(scores.get("driver-worst")).toMatchObject({ score: "0.00" });
});

test("instants decide which day a trip is of", () => {
  expect(scores.get("driver-edge-in")).toMatchObject({ trips: 2 });
  expect(scores.has("driver-edge-out")).toBe(false);
  expect(scores.get("driver-east")).toMatchObject({ trips: 1 });
  expect(scores.get("driver-west")).toMatchObject({ trips: 1 });
});

test("one line counts of each trip: the newest, and of equals the first", () => {
  expect(scores.has("driver-none")).toBe(false);
  expect(scores.get("driver-known")).toMatchObject({ trips: 1 });
  expect(scores.get("driver-same")).toMatchObject({ trips: 1 });
});

test("a day without a source is not complete", () => {
  const { app, box } = plainDay(seed, day, 30);
  const [first] = expectedScores(day, { app, box }).values();
  expect(first).toMatchObject({ complete: false });
});

test("the first difference is told in words", () => {
  const rows = new Map(scores);
  expect(firstDifference(scores, rows)).toBeUndefined();
  rows.set("driver-tie", { score: "90.62", trips: 4, complete: true });
  expect(firstDifference(scores, rows)).toBe(
    "driver-tie has score 90.62, trips 4, complete true, and should have score 90.63, trips 4, complete true",
  );
  rows.delete("driver-tie");
  expect(firstDifference(scores, rows)).toContain("driver-tie has none");
});
