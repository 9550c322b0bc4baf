import { expect, test } from "vitest";
import { memoryLimitBytes } from "./memory.ts";

test("takes three quarters of the machine's memory", () => {
  // What Node reports where no control group limits it.
  expect(memoryLimitBytes(8_000, 2 ** 64)).toBe(6_000);
});

test("takes three quarters of what a control group leaves", () => {
  expect(memoryLimitBytes(8_000, 4_000)).toBe(3_000);
});
