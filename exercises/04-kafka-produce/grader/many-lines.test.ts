import { seedFrom } from "@onramp/grading/seed";
import { expect, test } from "vitest";
import { manyLines } from "./many-lines.ts";

test("every line is an event of its own", () => {
  const events = Array.from(manyLines(seedFrom("1"), 2500), (line) => JSON.parse(line));
  expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(2500);
  expect(events[2400].eventId).toMatch(/^00000960-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab]/);
});
