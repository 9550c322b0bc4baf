import { setHeaderOptions } from "@kubernetes/client-node";
import type { ClusterApis } from "./cluster.ts";

/** That somebody may do something: `get` with `pods/log`, `create` with `jobs.batch`, or `*` for everything. */
export interface Right {
  readonly verb: string;
  /** With its API group behind it: `deployments.apps`, `jobs/status.batch`. */
  readonly resource: string;
}

/**
 * What a service account may do in its namespace by Roles and ClusterRoles, as the API server tells itself of it: also
 * what is allowed for objects of one name alone. What every service account may is left out.
 * @throws {ApiException} when the API server does not answer
 */
export async function rightsOf(
  { authorization }: ClusterApis,
  namespace: string,
  serviceAccount: string,
): Promise<Right[]> {
  const review = async (name: string): Promise<Right[]> => {
    const { status } = await authorization.createSelfSubjectRulesReview(
      { body: { spec: { namespace } } },
      setHeaderOptions("Impersonate-User", `system:serviceaccount:${namespace}:${name}`),
    );
    return (status?.resourceRules ?? []).flatMap(({ verbs, apiGroups = [], resources = [] }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) =>
          verbs.map((verb) => ({
            verb,
            resource: group === "" ? resource : `${resource}.${group}`,
          })),
        ),
      ),
    );
  };
  const everybodys = new Set((await review("nobody")).map((right) => inWords(right)));
  const own = await review(serviceAccount);
  return own.filter((right) => !everybodys.has(inWords(right)));
}

function inWords({ verb, resource }: Right): string {
  return `${verb} ${resource}`;
}
