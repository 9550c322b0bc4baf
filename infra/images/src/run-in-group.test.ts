import { expect, test } from "vitest";
import { runInGroup } from "./run-in-group.ts";

test("gives the output and says whether it failed", async () => {
  expect(
    await runInGroup("sh", ["-c", "echo $WORD; exit 3"], { WORD: "hello" }, undefined),
  ).toEqual({
    failed: true,
    all: "hello",
  });
});

test("ends a program that ignores the signal, with its children", { timeout: 15_000 }, async () => {
  const controller = new AbortController();
  const start = performance.now();
  const running = runInGroup(
    "sh",
    ["-c", "trap '' TERM; sleep 60 & wait; sleep 60"],
    {},
    controller.signal,
  );
  setTimeout(() => controller.abort(), 200);
  await expect(running).rejects.toThrow("aborted");
  expect(performance.now() - start).toBeLessThan(10_000);
});
