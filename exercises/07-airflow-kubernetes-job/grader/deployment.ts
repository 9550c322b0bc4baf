// What the platform sets up for the submission, and what the submission brings.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { CheckContext } from "@onramp/grading/check";
import { fail } from "@onramp/grading/check-failure";
import { sharedRun } from "@onramp/grading/shared-run";
import { connectWarehouse, deployDags } from "@onramp/testbed/airflow/deploy-dags";
import type { StreamScore } from "./stream-score.ts";

/** The DAG of the ticket. */
export const dagId = "score_from_stream";
/** Who Airflow is in the cluster. */
export const serviceAccount = "airflow";

/** Gives Airflow its rights in the cluster, as the submission wants them. */
export const applyRights = sharedRun(async (score: StreamScore, { job, evidence }) => {
  const text = await readFile(join(job.projectDirectory, "rbac.yaml"), "utf8");
  const { exitCode, output } = await score.namespace.apply(new Map([["rbac.yaml", text]]));
  if (exitCode === 0) return;
  evidence("What the API server says", output);
  const said = output.trim().split("\n").at(-1) ?? "nothing";
  fail(`The API server does not take rbac.yaml: ${said}`, {
    expected: "Roles and RoleBindings of the namespace, with rights that its owner has",
    actual: said,
  });
});

/** Sets up the connections, applies the rights, and hands the DAGs to Airflow. */
export async function deploy(score: StreamScore, context: CheckContext): Promise<void> {
  const { airflow, cluster, namespace } = score;
  await airflow.untilReady();
  const network = await cluster.internalNetwork();
  const config = await network.createServiceAccount(namespace.name, serviceAccount);
  await applyRights(score, context);
  await connectWarehouse(airflow, score.databaseUrl);
  await airflow.api.setConnection("kubernetes_default", {
    conn_type: "kubernetes",
    extra: JSON.stringify({ kube_config: config, namespace: namespace.name, in_cluster: false }),
  });
  await deployDags(airflow, dagId, context);
}
