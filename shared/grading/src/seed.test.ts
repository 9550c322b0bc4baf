import { expect, test } from "vitest";
import { randomSeed, seedFrom, uuidOf } from "./seed.ts";

test("one text gives the same values, another text others", () => {
  const values = (text: string) => {
    const seed = seedFrom(text);
    return [
      seed.integer("port", 1, 1_000_000),
      seed.hex("token", 24),
      seed.bytes("trip").toString("hex"),
    ];
  };
  expect(values("a")).toEqual(values("a"));
  expect(values("a")).not.toEqual(values("b"));
});

test("one label says nothing of another", () => {
  const seed = seedFrom("a");
  expect(seed.hex("one", 16)).not.toBe(seed.hex("two", 16));
});

test("whole numbers lie between their bounds, both included", () => {
  const numbers = Array.from({ length: 200 }, (_, index) =>
    seedFrom(`${index}`).integer("x", 3, 5),
  );
  expect(new Set(numbers)).toEqual(new Set([3, 4, 5]));
});

test("a UUID is one of version 4", () => {
  expect(uuidOf(seedFrom("a").bytes("x"))).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
});

test("a new seed is 8 hexadecimal digits", () => {
  expect(randomSeed()).toMatch(/^[0-9a-f]{8}$/);
});
