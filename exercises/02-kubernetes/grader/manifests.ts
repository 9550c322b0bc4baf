// The submission's files, and the objects in them.
import { join } from "node:path";
import { fail } from "@onramp/grading/check-failure";
import { filesBelow } from "@onramp/testbed/docker/files-below";
import {
  containersIn,
  type Manifest,
  podTemplateOf,
  type Quantity,
} from "@onramp/testbed/kubernetes/manifest";
import type { Files } from "@onramp/testbed/docker/tool-container";
import { workloadKinds, type WorkloadName } from "@onramp/testbed/kubernetes/workload";
import { amountOf } from "./limits.ts";

/** The one Deployment or StatefulSet among the objects. */
export function workloadOf(objects: readonly Manifest[]): WorkloadName {
  const named = objects.flatMap(({ kind, metadata: { name } }) =>
    workloadKinds.filter((each) => each === kind).map((each) => ({ kind: each, name })),
  );
  // One that stands there twice is the matter of `applies-twice`.
  const found = [...new Map(named.map((each) => [`${each.kind}/${each.name}`, each])).values()];
  const [workload] = found;
  if (workload === undefined || found.length > 1) {
    fail("The manifests have to hold one Deployment or StatefulSet, which runs trip-api.", {
      expected: "one Deployment or one StatefulSet",
      actual:
        found.map(({ kind, name }) => `${kind} ${name}`).join(", ") ||
        `none among ${objects.map(({ kind }) => kind).join(", ")}`,
    });
  }
  return workload;
}

/** The manifests by their paths below `manifests/`. */
export async function readManifests(projectDirectory: string): Promise<Files> {
  const files = await filesBelow(join(projectDirectory, "manifests"));
  const manifests = [...files].filter(([name]) => name.endsWith(".yaml"));
  if (manifests.length === 0) {
    fail("There is no file `*.yaml` below `manifests/`.", {
      expected: "the objects of trip-api, in one file or in several",
      actual: "no file",
    });
  }
  return new Map(manifests);
}

/** A copy of the objects, with variables set in the containers of every pod. */
export function withEnvironment(
  objects: readonly Manifest[],
  variables: Readonly<Record<string, string>>,
): Manifest[] {
  const copies = structuredClone(objects) as Manifest[];
  for (const { spec } of copies) {
    for (const container of containersIn(spec?.template)) {
      const others = (container.env ?? []).filter(({ name }) => !(name in variables));
      const added = Object.entries(variables).map(([name, value]) => ({ name, value }));
      container.env = [...others, ...added];
    }
  }
  return copies;
}

/**
 * A copy of the objects of which many fit on one node: their pods ask for little, where they ask for anything, and
 * their Services take any port of the node's and any address. On the nodes of a team there would be one copy.
 */
export function sideBySide(objects: readonly Manifest[]): Manifest[] {
  const copies = structuredClone(objects) as Manifest[];
  for (const object of copies) {
    for (const container of containersIn(podTemplateOf(object))) {
      const { resources } = container;
      if (resources?.requests === undefined && resources?.limits === undefined) continue;
      // No request may be more than its limit.
      const { cpu = "10m", memory = "16Mi" } = resources.limits ?? {};
      const requests = { cpu: lesser("10m", cpu), memory: lesser("16Mi", memory) };
      container.resources = { ...resources, requests };
    }
    const { spec } = object;
    if (object.kind !== "Service" || spec === undefined) continue;
    for (const port of spec.ports ?? []) delete port.nodePort;
    delete spec.healthCheckNodePort;
    if (spec.clusterIP === "None") continue;
    delete spec.clusterIP;
    delete spec.clusterIPs;
  }
  return copies;
}

function lesser(one: Quantity, other: Quantity): Quantity {
  return amountOf(one) < amountOf(other) ? one : other;
}
