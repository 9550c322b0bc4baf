import { expect, test } from "vitest";
import { coveredMs } from "./time-span.ts";

test("what lies in several spans counts once, what lies in none does not", () => {
  expect(coveredMs([])).toBe(0);
  expect(
    coveredMs([
      { start: 20, end: 30 },
      { start: 0, end: 10 },
      { start: 5, end: 12 },
      { start: 6, end: 8 },
    ]),
  ).toBe(22);
});
