// What is in a release's namespace, and what of it would stay there for ever.
import type { Release } from "./release.ts";
import { tokenSecret } from "@onramp/testbed/trip-api/team-namespace";

/** What a person or a chart makes in a namespace. */
const kinds =
  "all,configmaps,secrets,serviceaccounts,poddisruptionbudgets,networkpolicies,ingresses,persistentvolumeclaims,leases,roles,rolebindings";
/** What every namespace of the team's has. */
const platforms = new Set([
  "ConfigMap kube-root-ca.crt",
  "ServiceAccount default",
  "RoleBinding team",
  `Secret ${tokenSecret}`,
]);

interface NamedObject {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

/** An object of a namespace, as far as its end can be told from it. */
export interface Listed extends NamedObject {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly deletionTimestamp?: string;
    readonly ownerReferences?: readonly unknown[];
  };
  readonly spec?: { readonly ttlSecondsAfterFinished?: number };
}

/** All objects of the namespace that the platform has not made. */
export async function objectsOf({ namespace }: Release): Promise<Listed[]> {
  const { stdout, exitCode, output } = await namespace.kubectl(["get", kinds, "--output=json"]);
  if (exitCode !== 0) throw new Error(`kubectl get: ${output}`);
  const { items } = JSON.parse(stdout) as { readonly items: readonly Listed[] };
  return items.filter((object) => !platforms.has(describeObject(object)));
}

/** An object as people speak of it: "ConfigMap north-trip-api". */
export function describeObject({ kind, metadata }: NamedObject): string {
  return `${kind} ${metadata.name}`;
}

/**
 * Those of the objects that nobody will delete any more, when Helm has ended: an owner takes what belongs to it, a
 * finished Job goes by its own time limit, and what is on its way out is on its way. A chart brings nobody else who may
 * delete: Kubernetes' role `edit` hands out no rights.
 */
export function stayingForEver(objects: readonly Listed[]): Listed[] {
  return objects.filter(
    ({ metadata, spec }) =>
      metadata.deletionTimestamp === undefined &&
      (metadata.ownerReferences ?? []).length === 0 &&
      spec?.ttlSecondsAfterFinished === undefined,
  );
}
