import type { GradingJob } from "@onramp/grading/job";
import type { KubernetesService } from "../kubernetes/kubernetes-service.ts";
import { type Namespace, namespaceName, type NamespaceOptions } from "../kubernetes/namespace.ts";

/** The Secret that the platform makes in every namespace, with the key `token`. */
export const tokenSecret = "trip-api-token";

/** Makes a namespace as a team gets it from the platform: with trip-api's token in it. */
export async function createTeamNamespace(
  kubernetes: KubernetesService,
  job: GradingJob,
  options: {
    /** A word that no other check uses. */
    readonly purpose: string;
    readonly podSecurity: NamespaceOptions["podSecurity"];
    readonly token: string;
  },
): Promise<Namespace> {
  const { purpose, podSecurity, token } = options;
  const namespace = await kubernetes.createNamespace({
    name: namespaceName(job, purpose),
    podSecurity,
  });
  await namespace.createSecret(tokenSecret, { token });
  return namespace;
}
