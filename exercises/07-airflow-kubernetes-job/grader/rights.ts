import type { CheckContext } from "@onramp/grading/check";
import { fail } from "@onramp/grading/check-failure";
import { serviceAccount } from "./deployment.ts";
import type { StreamScore } from "./stream-score.ts";

/** What is asked about: a resource with its API group, and the verbs that nobody needs for running jobs. */
interface Forbidden {
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly verbs: readonly string[];
}

const reading = ["get", "list", "watch"];
const writing = ["create", "update", "patch", "delete", "deletecollection"];
const all = [...reading, ...writing];

/** In the namespace of the jobs. What is not here, the brief leaves to the hire. */
const forbidden: readonly Forbidden[] = [
  { group: "", resource: "secrets", verbs: all },
  { group: "", resource: "configmaps", verbs: all },
  { group: "", resource: "services", verbs: all },
  { group: "", resource: "replicationcontrollers", verbs: writing },
  { group: "", resource: "serviceaccounts", verbs: [...all, "impersonate"] },
  { group: "", resource: "serviceaccounts", subresource: "token", verbs: ["create"] },
  { group: "", resource: "pods", verbs: ["deletecollection"] },
  { group: "", resource: "pods", subresource: "exec", verbs: ["create", "get"] },
  { group: "", resource: "pods", subresource: "attach", verbs: ["create", "get"] },
  { group: "", resource: "pods", subresource: "portforward", verbs: ["create", "get"] },
  { group: "", resource: "pods", subresource: "proxy", verbs: ["create", "get"] },
  { group: "", resource: "pods", subresource: "ephemeralcontainers", verbs: ["update", "patch"] },
  { group: "", resource: "events", verbs: writing },
  { group: "", resource: "persistentvolumeclaims", verbs: writing },
  { group: "apps", resource: "deployments", verbs: all },
  { group: "apps", resource: "replicasets", verbs: writing },
  { group: "apps", resource: "statefulsets", verbs: writing },
  { group: "batch", resource: "jobs", verbs: ["deletecollection"] },
  { group: "batch", resource: "cronjobs", verbs: writing },
  { group: "networking.k8s.io", resource: "networkpolicies", verbs: writing },
  {
    group: "rbac.authorization.k8s.io",
    resource: "roles",
    verbs: [...writing, "escalate", "bind"],
  },
  { group: "rbac.authorization.k8s.io", resource: "rolebindings", verbs: writing },
];

/** One of them is what starts the work. */
const ways = [
  { group: "", resource: "pods", verb: "create" },
  { group: "batch", resource: "jobs", verb: "create" },
];

/** Demands that Airflow's service account may start jobs in its namespace, and nothing that running jobs does not need. */
export async function demandRights(score: StreamScore, context: CheckContext): Promise<void> {
  const { authorization } = score.cluster.apis;
  const { name } = score.namespace;
  const user = `system:serviceaccount:${name}:${serviceAccount}`;
  const groups = [
    "system:serviceaccounts",
    `system:serviceaccounts:${name}`,
    "system:authenticated",
  ];
  const questions = forbidden.flatMap(({ verbs, ...resource }) =>
    verbs.map((verb) => ({ ...resource, verb })),
  );
  const grantedOf = async (asked: readonly Question[]): Promise<string[]> => {
    const granted: string[] = [];
    for (const question of asked) {
      const { status } = await authorization.createSubjectAccessReview({
        body: { spec: { user, groups, resourceAttributes: { ...question, namespace: name } } },
      });
      if (status?.allowed === true) granted.push(inWords(question));
    }
    return granted;
  };
  if ((await grantedOf(ways)).length === 0)
    fail("By rbac.yaml Airflow's service account may make neither pods nor Jobs.", {
      expected: "create pods, or create jobs",
      actual: "neither of them",
    });
  const granted = await grantedOf(questions);
  if (granted.length === 0) return;
  context.evidence("What it may do, and has no need to", granted.join("\n"));
  const shown = granted.slice(0, 3).join("; ");
  fail(
    `By rbac.yaml Airflow's service account may ${shown}${granted.length > 3 ? `, and ${granted.length - 3} things more` : ""}: running jobs does not need that.`,
    {
      expected:
        "make, follow and delete pods (or Jobs), read their logs and events, and nothing else",
      actual: `${granted.length} of ${questions.length} rights that it has no need of`,
    },
  );
}

interface Question {
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly verb: string;
}

function inWords({ verb, resource, subresource }: Question): string {
  return `${verb} ${subresource === undefined ? resource : `${resource}/${subresource}`}`;
}
