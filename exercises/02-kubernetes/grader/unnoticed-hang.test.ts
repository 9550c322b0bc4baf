import type { Pod } from "@onramp/testbed/kubernetes/pod-state";
import { expect, test } from "vitest";
import { whyNobodyEndsIt } from "./unnoticed-hang.ts";

type Spec = NonNullable<Pod["spec"]>;
type Container = Spec["containers"][number];

function why(container: Partial<Container>, more: Partial<Spec> = {}): string | undefined {
  const spec = { containers: [{ name: "trip-api", ...container }], ...more };
  return whyNobodyEndsIt({ spec }, 75_000);
}

test("without a liveness probe nobody notices", () => {
  expect(why({})).toBe(
    "the container trip-api has no liveness probe, and nothing else in its pod could notice",
  );
});

test("a probe that needs minutes is told by its numbers", () => {
  expect(why({ livenessProbe: { periodSeconds: 30, failureThreshold: 5 } })).toBe(
    "the liveness probe of the container trip-api has to fail 5 times, 30 s apart, which takes 120 s at least",
  );
});

test.each<[string, Partial<Container>, Partial<Spec>]>([
  ["a probe by its defaults", { livenessProbe: {} }, {}],
  [
    "a probe that is just quick enough",
    { livenessProbe: { periodSeconds: 75, failureThreshold: 2 } },
    {},
  ],
  ["a command that may watch over trip-api", { command: ["sh"] }, {}],
  ["a companion that may", {}, { initContainers: [{ name: "watcher", restartPolicy: "Always" }] }],
])("%s is waited for", (_, container, more) => {
  expect(why(container, more)).toBeUndefined();
});
