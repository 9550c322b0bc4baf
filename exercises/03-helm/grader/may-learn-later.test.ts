import type { Pod } from "@onramp/testbed/kubernetes/pod-state";
import { expect, test } from "vitest";
import { mayLearnLater } from "./may-learn-later.ts";

const plain = { name: "trip-api", livenessProbe: { httpGet: { port: 3000 } } };

test("trip-api alone goes on with what it has read", () => {
  const pod: Pod = {
    spec: {
      initContainers: [{ name: "before", command: ["node"] }],
      containers: [plain],
      volumes: [{ name: "scratch", emptyDir: {} }],
    },
  };
  expect(mayLearnLater(pod)).toBe(false);
});

test.each<[string, Pod["spec"]]>([
  ["files that change", { containers: [plain], volumes: [{ name: "settings", configMap: {} }] }],
  ["a companion", { containers: [plain, { name: "watcher" }] }],
  [
    "a companion that starts first",
    { containers: [plain], initContainers: [{ name: "watcher", restartPolicy: "Always" }] },
  ],
  ["a program of the chart's", { containers: [{ ...plain, command: ["sh"] }] }],
  [
    "a probe that is a program",
    { containers: [{ ...plain, livenessProbe: { exec: { command: ["sh"] } } }] },
  ],
])("%s may bring it another setting", (_, spec) => {
  expect(mayLearnLater({ spec })).toBe(true);
});
