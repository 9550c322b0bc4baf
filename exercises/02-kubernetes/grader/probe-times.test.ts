import type { Pod } from "@onramp/testbed/kubernetes/pod-state";
import { expect, test } from "vitest";
import { whyItMayBeEnded, whyNobodyEndsIt } from "./probe-times.ts";

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

function early(container: Partial<Container>): string | undefined {
  return whyItMayBeEnded({ spec: { containers: [{ name: "trip-api", ...container }] } }, 25_000);
}

test("a probe that may end what starts slowly is told by its numbers", () => {
  expect(early({ livenessProbe: {} })).toBe(
    "the liveness probe of the container trip-api may end it after 20 s: it has to fail 3 times, 10 s apart",
  );
  const startupProbe = { initialDelaySeconds: 5, periodSeconds: 2, failureThreshold: 10 };
  expect(early({ livenessProbe: { periodSeconds: 60 }, startupProbe })).toBe(
    "the startup probe of the container trip-api may end it after 23 s: it has to fail 10 times, 2 s apart",
  );
});

test.each<[string, Partial<Container>]>([
  ["no probe", {}],
  ["an initial delay", { livenessProbe: { initialDelaySeconds: 30 } }],
  ["patience", { livenessProbe: { failureThreshold: 4 } }],
  ["a startup probe", { livenessProbe: {}, startupProbe: { failureThreshold: 30 } }],
])("%s lets it start", (_, container) => {
  expect(early(container)).toBeUndefined();
});
