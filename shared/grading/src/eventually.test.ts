import { expect, test } from "vitest";
import { CheckFailure } from "./check-failure.ts";
import { eventually } from "./eventually.ts";

test("gives the value of the observation that was done", async () => {
  let count = 0;
  const value = await eventually(
    "it counts to three",
    async () => {
      count += 1;
      return { done: count === 3, seen: String(count), value: count };
    },
    { withinMs: 1000, everyMs: 1 },
  );
  expect(value).toBe(3);
});

test("fails with what it saw last and for how long it asked", async () => {
  const waiting = eventually(
    "the door opens",
    async () => ({ done: false, seen: "a closed door" }),
    {
      withinMs: 30,
      everyMs: 5,
    },
  );
  await expect(waiting).rejects.toMatchObject({
    name: "CheckFailure",
    message: "the door opens: not so within 0.03 s. Last seen: a closed door.",
    expected: "the door opens within 0.03 s",
    actual: "a closed door",
  });
});

test("ends early when what it waits for has died", async () => {
  const start = performance.now();
  const waiting = eventually("it answers", async () => ({ done: false, seen: "nothing" }), {
    withinMs: 60_000,
    hasDied: async () => "the container exited with code 1",
  });
  await expect(waiting).rejects.toThrow(
    "it answers: not so, because the container exited with code 1.",
  );
  expect(performance.now() - start).toBeLessThan(1000);
});

test("asks once, however little time it has", async () => {
  const done = eventually("it is done", async () => ({ done: true, seen: "done", value: 1 }), {
    withinMs: 0,
  });
  await expect(done).resolves.toBe(1);
});

test("ends with the signal, which is no failure of the submission", async () => {
  const controller = new AbortController();
  const waiting = eventually("it answers", async () => ({ done: false, seen: "nothing" }), {
    withinMs: 60_000,
    signal: controller.signal,
  });
  controller.abort();
  await expect(waiting).rejects.not.toBeInstanceOf(CheckFailure);
});
