// The submission's own files, applied as they are, in a namespace that nothing else changes.
import { sharedRun } from "@onramp/grading/shared-run";
import { withEvidence } from "@onramp/testbed/kubernetes/namespace";
import { Workload } from "@onramp/testbed/kubernetes/workload";
import { DeployedTripApi } from "@onramp/testbed/trip-api/deployed-trip-api";
import { createTeamNamespace } from "@onramp/testbed/trip-api/team-namespace";
import { readObjects, service, type Services, tokenOf } from "./deployed.ts";
import { readManifests, workloadOf } from "./manifests.ts";

/** Applies the files once a grading. */
export const applied = sharedRun(async ({ cluster }: Services, context) => {
  const manifests = await readManifests(context.job.projectDirectory);
  const namespace = await createTeamNamespace(cluster.kubernetes, context.job, {
    purpose: "files",
    podSecurity: "baseline",
    token: tokenOf(context, "first"),
  });
  const result = await namespace.apply(manifests);
  return { namespace, manifests, result };
});

/** trip-api as the files run it, when it is ready. */
export const standing = sharedRun(async ({ cluster }: Services, context) => {
  const { namespace } = await applied({ cluster }, context);
  const name = workloadOf(await readObjects({ cluster }, context));
  const workload = new Workload(name, namespace, cluster.kubernetes.apis);
  const deployed = new DeployedTripApi({ namespace, workload, cluster, service }, context);
  await withEvidence(namespace, context.evidence, async () =>
    deployed.untilReady("after the manifests were applied", { atLeast: 2 }),
  );
  return deployed;
});
