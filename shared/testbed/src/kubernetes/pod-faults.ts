// What can happen to pods: they die, and there is no room for them.
import { PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import type { Cluster } from "./cluster.ts";
import { nodeName } from "./node-container.ts";

/** Says which nodes take the pods of a namespace; by the admission plugin PodNodeSelector. */
const nodeSelectorAnnotation = "scheduler.alpha.kubernetes.io/node-selector";
const mergePatch = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);

/** Kills the processes of a pod's containers that run, as the kernel does when there is no memory. */
export async function killPod(cluster: Cluster, namespace: string, name: string): Promise<void> {
  // One that is gone meanwhile is as dead.
  const fieldSelector = `metadata.name=${name}`;
  const { items } = await cluster.apis.core.listNamespacedPod({ namespace, fieldSelector });
  for (const { containerID, state } of items[0]?.status?.containerStatuses ?? [])
    if (state?.running !== undefined)
      await cluster.killContainer(containerID?.replace(/^.*:\/\//, "") ?? "");
}

/**
 * Has no node take new pods of a namespace, until the end of the scope. Then the node takes all of them, also those that
 * have waited.
 */
export async function leaveNoRoom({ apis }: Cluster, namespace: string): Promise<AsyncDisposable> {
  const { core } = apis;
  const label = `dev.onramp.room/${namespace}`;
  const annotations = { [nodeSelectorAnnotation]: `${label}=yes` };
  await core.patchNamespace({ name: namespace, body: { metadata: { annotations } } }, mergePatch);
  return {
    async [Symbol.asyncDispose]() {
      const body = { metadata: { labels: { [label]: "yes" } } };
      await core.patchNode({ name: nodeName, body }, mergePatch);
    },
  };
}
