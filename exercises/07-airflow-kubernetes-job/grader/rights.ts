import type { CheckContext } from "@onramp/grading/check";
import { fail } from "@onramp/grading/check-failure";
import { rightsOf } from "@onramp/testbed/kubernetes/rights";
import { serviceAccount } from "./deployment.ts";
import type { StreamScore } from "./stream-score.ts";

const following = ["get", "list", "watch"];
const making = ["create", ...following, "patch", "update", "delete"];

/** What the brief allows at most. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  pods: making,
  "jobs.batch": making,
  "pods/log": following,
  "pods/status": following,
  "jobs/status.batch": following,
  events: following,
  "events.events.k8s.io": following,
};

/** Demands that Airflow's service account may start jobs in its namespace, and nothing that running jobs does not need. */
export async function demandRights(score: StreamScore, context: CheckContext): Promise<void> {
  const rights = await rightsOf(score.cluster.apis, score.namespace.name, serviceAccount);
  const isWay = /^(create|\*) (pods|jobs\.batch|\*)/;
  if (!rights.some(({ verb, resource }) => isWay.test(`${verb} ${resource}`)))
    fail("By rbac.yaml Airflow's service account may make neither pods nor Jobs.", {
      expected: "create pods, or create jobs",
      actual: "neither of them",
    });
  const needless = rights
    .filter(({ verb, resource }) => allowed[resource]?.includes(verb) !== true)
    .map(({ verb, resource }) => `${verb} ${resource}`)
    .toSorted();
  if (needless.length === 0) return;
  context.evidence("What it may do, and has no need to", needless.join("\n"));
  const more = needless.length > 3 ? `, and ${needless.length - 3} things more` : "";
  fail(
    `By rbac.yaml Airflow's service account may ${needless.slice(0, 3).join("; ")}${more}: running jobs does not need that.`,
    {
      expected:
        "make, follow and delete pods (or Jobs), read their logs and events, and nothing else",
      actual: needless.slice(0, 10).join("; "),
    },
  );
}
