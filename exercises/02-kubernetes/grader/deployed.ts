// What every check stands on: trip-api as the submission runs it, in a namespace of its own.
import { type CheckContext, createCheck } from "@onramp/grading/check";
import { CheckFailure } from "@onramp/grading/check-failure";
import { sharedRun } from "@onramp/grading/shared-run";
import { type Manifest, parseManifests } from "@onramp/testbed/kubernetes/manifest";
import {
  type Namespace,
  type NamespaceOptions,
  withEvidence,
} from "@onramp/testbed/kubernetes/namespace";
import { type ReadyOptions, Workload } from "@onramp/testbed/kubernetes/workload";
import { DeployedTripApi } from "@onramp/testbed/trip-api/deployed-trip-api";
import { createTeamNamespace } from "@onramp/testbed/trip-api/team-namespace";
import {
  startTripApiCluster,
  type TripApiCluster,
} from "@onramp/testbed/trip-api/trip-api-cluster";
import { readManifests, sideBySide, withEnvironment, workloadOf } from "./manifests.ts";

export const check = createCheck({ cluster: startTripApiCluster });

export interface Services {
  readonly cluster: TripApiCluster;
}

/** The name of the Service that the brief wants. */
export const service = "trip-api";

/** What kubectl reads in the submission's files, once a grading. */
export const readObjects = sharedRun(async ({ cluster }: Services, context) =>
  parseManifests(cluster.kubernetes, "to-read", await readManifests(context.job.projectDirectory)),
);

export interface DeployOptions extends ReadyOptions {
  /** A word that no other check uses. */
  readonly purpose: string;
  /** Set in trip-api's containers, besides what the submission sets. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly podSecurity?: NamespaceOptions["podSecurity"];
}

/** Makes a namespace with the platform's Secret, and applies objects in it. */
async function applyObjects(
  { cluster }: Services,
  context: CheckContext,
  { purpose, variables = {}, podSecurity = "baseline" }: DeployOptions,
): Promise<{ namespace: Namespace; objects: readonly Manifest[]; said: string }> {
  const objects = await readObjects({ cluster }, context);
  const namespace = await createTeamNamespace(cluster.kubernetes, context.job, {
    purpose,
    podSecurity,
    token: tokenOf(context, "first"),
  });
  const items = sideBySide(withEnvironment(objects, variables));
  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items });
  const { exitCode, output } = await namespace.apply(new Map([["objects.json", list]]));
  if (exitCode === 0) return { namespace, objects, said: output };
  throw new CheckFailure(`The manifests were accepted before, and now they are not: ${output}`, {
    expected: "the same answer for the same objects",
    actual: output,
  });
}

/** The token that the platform puts into the Secret, and the one that takes its place. */
export function tokenOf({ seed }: CheckContext, which: "first" | "second"): string {
  return seed.hex(`${which} token`, 32);
}

/**
 * Runs trip-api in a namespace of its own, waits until it is ready, and looks at it. When it is not as it has to be,
 * what the cluster tells of it is kept.
 * @param look is told what kubectl said when it applied the objects, with the server's warnings
 */
export async function onDeployed<Result>(
  services: Services,
  context: CheckContext,
  options: DeployOptions,
  look: (deployed: DeployedTripApi, said: string) => Promise<Result>,
): Promise<Result> {
  const { namespace, objects, said } = await applyObjects(services, context, options);
  const { cluster } = services;
  await using resources = new AsyncDisposableStack();
  resources.use(namespace);
  return await withEvidence(namespace, context.evidence, async () => {
    const workload = new Workload(workloadOf(objects), namespace, cluster.kubernetes.apis);
    const deployed = new DeployedTripApi({ namespace, workload, cluster, service }, context);
    await deployed.untilReady("after the manifests were applied", { atLeast: 2, ...options });
    return look(deployed, said);
  });
}
