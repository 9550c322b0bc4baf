import { expect, test } from "vitest";
import { instantOf } from "./record-table.ts";

test("a timestamp that no calendar has is told as the number that it is", () => {
  expect(instantOf(0)).toBe("1970-01-01T00:00:00.000Z");
  expect(instantOf(-1e19)).toBe("-10000000000000000000 ms");
});
