// The submission's own files, applied as they are, in a namespace that nothing else changes.
import { sharedRun } from "@onramp/grading/shared-run";
import {
  Deployed,
  namespaceName,
  readObjects,
  type Services,
  tokenOf,
  tokenSecret,
  withEvidence,
} from "./deployed.ts";
import { readManifests } from "./manifests.ts";
import { Workload, workloadOf } from "./workload.ts";

/** Applies the files once a grading. */
export const applied = sharedRun(async ({ cluster }: Services, context) => {
  const manifests = await readManifests(context.job.projectDirectory);
  const namespace = await cluster.kubernetes.createNamespace({
    name: namespaceName(context, "files"),
    podSecurity: "baseline",
  });
  await namespace.createSecret(tokenSecret, { token: tokenOf(context, "first") });
  const result = await namespace.apply(manifests);
  return { namespace, manifests, result };
});

/** trip-api as the files run it, when it is ready. */
export const standing = sharedRun(async ({ cluster }: Services, context) => {
  const { namespace } = await applied({ cluster }, context);
  const name = workloadOf(await readObjects({ cluster }, context));
  const workload = new Workload(name, namespace, cluster.kubernetes.apis);
  const deployed = new Deployed({ namespace, workload, cluster }, context);
  await withEvidence(namespace, context, async () =>
    deployed.untilReady("after the manifests were applied"),
  );
  return deployed;
});
