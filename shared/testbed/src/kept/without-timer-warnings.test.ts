import { setImmediate } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { withoutTimerWarnings } from "./without-timer-warnings.ts";

test("hides warnings of timers in the past, no others, and only in its scope", async () => {
  const seen: string[] = [];
  const listen = ({ message }: Error) => void seen.push(message);
  process.on("warning", listen);
  onTestFinished(() => void process.off("warning", listen));
  await withoutTimerWarnings(async () => {
    process.emitWarning("a timer inside", "TimeoutNegativeWarning");
    process.emitWarning("another thing", "Warning");
  });
  process.emitWarning("a timer outside", "TimeoutNegativeWarning");
  await setImmediate();
  expect(seen).toEqual(["another thing", "a timer outside"]);
});
