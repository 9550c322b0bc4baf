import type { Manifest } from "@onramp/testbed/kubernetes/manifest";
import { expect, test } from "vitest";
import { sideBySide } from "./manifests.ts";

test("copies ask for little, and for no more than their limits allow", () => {
  const limits = { cpu: "5m", memory: "256Mi" };
  const deployment: Manifest = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "trip-api" },
    spec: { template: { spec: { containers: [{ name: "a", resources: { limits } }] } } },
  };
  const [copy] = sideBySide([deployment]);
  expect(copy?.spec?.template?.spec?.containers).toEqual([
    { name: "a", resources: { limits, requests: { cpu: "5m", memory: "16Mi" } } },
  ]);
});

test("what a Service has alone in its cluster is left out of copies, and that it has no address is not", () => {
  const service = (spec: Manifest["spec"]): Manifest => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "trip-api" },
    ...(spec && { spec }),
  });
  const fixed = service({
    ports: [{ nodePort: 30_080 }],
    healthCheckNodePort: 31_234,
    clusterIP: "10.43.0.7",
    clusterIPs: ["10.43.0.7"],
  });
  const copies = sideBySide([fixed, service({ clusterIP: "None" })]);
  expect(copies.map(({ spec }) => spec)).toEqual([{ ports: [{}] }, { clusterIP: "None" }]);
});
