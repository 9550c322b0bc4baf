import type { Container, Manifest } from "@onramp/testbed/kubernetes/manifest";
import { expect, test } from "vitest";
import { limitFaults } from "./limits.ts";

const modest = { limits: { cpu: 1, memory: "512Mi" } };

function manifest(kind: string, spec: Manifest["spec"]): Manifest {
  return { apiVersion: "v1", kind, metadata: { name: "trip-api" }, ...(spec && { spec }) };
}

function deployment(...containers: Container[]): Manifest {
  return manifest("Deployment", { template: { spec: { containers } } });
}

test("a limit alone is a request too", () => {
  expect(limitFaults([deployment({ name: "a", resources: modest })])).toEqual([]);
});

test("each container is named that has none, those that run before among them", () => {
  const spec = {
    initContainers: [{ name: "before" }],
    containers: [{ name: "b", resources: modest }],
  };
  expect(limitFaults([manifest("StatefulSet", { template: { spec } })])).toEqual([
    "container before of StatefulSet trip-api has no resources.requests.cpu",
    "container before of StatefulSet trip-api has no resources.requests.memory",
    "container before of StatefulSet trip-api has no resources.limits.cpu",
    "container before of StatefulSet trip-api has no resources.limits.memory",
  ]);
});

test("pods of CronJobs and single pods count, and objects without pods do not", () => {
  const containers = [{ name: "a", resources: { ...modest, limits: { cpu: 1 } } }];
  const jobTemplate = { spec: { template: { spec: { containers } } } };
  const objects = [
    manifest("CronJob", { jobTemplate }),
    manifest("Pod", { containers }),
    manifest("ConfigMap", undefined),
  ];
  expect(limitFaults(objects)).toEqual([
    "container a of CronJob trip-api has no resources.requests.memory",
    "container a of CronJob trip-api has no resources.limits.memory",
    "container a of Pod trip-api has no resources.requests.memory",
    "container a of Pod trip-api has no resources.limits.memory",
  ]);
});

test.each(["513Mi", "1Gi", "+4Gi", "600M", "600000000", 6e8])("%s is too much", (memory) => {
  const resources = { limits: { cpu: 1, memory } };
  expect(limitFaults([deployment({ name: "a", resources })])).toEqual([
    `container a of Deployment trip-api may take ${memory} of memory`,
  ]);
});
