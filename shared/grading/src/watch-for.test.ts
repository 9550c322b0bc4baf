import { expect, test } from "vitest";
import { watchFor } from "./watch-for.ts";

const { signal } = new AbortController();

test("tells what it saw as soon as it happens", async () => {
  let looks = 0;
  const probe = async () => ({ done: (looks += 1) === 3, seen: `look ${looks}` });
  expect(await watchFor(probe, { forMs: 60_000, everyMs: 1, signal })).toMatchObject({
    seen: "look 3",
  });
});

test("looks for as long as it was told, and once more at the end", async () => {
  const start = performance.now();
  const probe = async () => ({ done: false, seen: "nothing" });
  expect(await watchFor(probe, { forMs: 50, everyMs: 1, signal })).toBeUndefined();
  expect(performance.now() - start).toBeGreaterThanOrEqual(50);
});
