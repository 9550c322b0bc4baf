import type { Manifest } from "@onramp/testbed/kubernetes/manifest";
import { expect, test } from "vitest";
import { labelFaults } from "./labels.ts";

const labels = {
  "app.kubernetes.io/name": "trip-api",
  "app.kubernetes.io/version": "1.4.0",
  "app.kubernetes.io/part-of": "fleet",
};
const containers = [{ name: "a", image: "registry.fleet.example/trip-api:1.4.0" }];

function manifest(kind: string, spec: NonNullable<Manifest["spec"]>): Manifest {
  return { apiVersion: "v1", kind, metadata: { name: "trip-api", labels }, spec };
}

test("the pods of a Deployment carry trip-api's name", () => {
  const other = { ...labels, "app.kubernetes.io/name": "api" };
  const right = { metadata: { labels }, spec: { containers } };
  expect(labelFaults([manifest("Deployment", { template: right })])).toEqual([]);
  const wrong = { ...right, metadata: { labels: other } };
  expect(labelFaults([manifest("Deployment", { template: wrong })])).toEqual([
    'the pod template of Deployment trip-api has app.kubernetes.io/name "api", where “trip-api” is to stand',
  ]);
});

test("the pods of a CronJob carry a name of their own, and the other labels", () => {
  const own = { ...labels, "app.kubernetes.io/name": "yearly" };
  const jobOf = (metadata: object): Manifest =>
    manifest("CronJob", {
      jobTemplate: { spec: { template: { metadata, spec: { containers } } } },
    });
  expect(labelFaults([jobOf({ labels: own })])).toEqual([]);
  expect(labelFaults([jobOf({})])).toHaveLength(3);
});
