import type { Manifest } from "@onramp/testbed/kubernetes/manifest";
import { expect, test } from "vitest";
import { labelFaults } from "./labels.ts";

const labels = { "app.kubernetes.io/name": "trip-api", "app.kubernetes.io/instance": "north" };
const other = { ...labels, "app.kubernetes.io/name": "trip-api-test" };

function manifest(
  kind: string,
  metadata: Omit<Manifest["metadata"], "name">,
  podLabels?: Record<string, string>,
): Manifest {
  const spec = podLabels && { template: { metadata: { labels: podLabels } } };
  return { apiVersion: "v1", kind, metadata: { name: "a", ...metadata }, ...(spec && { spec }) };
}

test("every object and the pods that serve carry both", () => {
  expect(labelFaults([manifest("Deployment", { labels }, labels)], "north")).toEqual([]);
  expect(labelFaults([manifest("ConfigMap", {})], "north")).toEqual([
    "ConfigMap a has app.kubernetes.io/instance not at all, where “north” is to stand",
    "ConfigMap a has app.kubernetes.io/name not at all, where “trip-api” is to stand",
  ]);
  expect(labelFaults([manifest("Deployment", { labels }, other)], "north")).toEqual([
    'the pod template of Deployment a has app.kubernetes.io/name "trip-api-test", where “trip-api” is to stand',
  ]);
});

test("hooks, and the pods of Jobs, may have another name", () => {
  const annotations = { "helm.sh/hook": "test" };
  const objects = [
    manifest("Pod", { labels: other, annotations }),
    manifest("Job", { labels }, other),
  ];
  expect(labelFaults(objects, "north")).toEqual([]);
  expect(labelFaults([manifest("Pod", { annotations })], "north")).toHaveLength(1);
});
