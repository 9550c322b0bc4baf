import { join } from "node:path";
import { eventually } from "@onramp/grading/eventually";
import type { EvidenceRecorder } from "@onramp/grading/evidence";
import type { GradingJob } from "@onramp/grading/job";
import { filesBelow } from "../docker/files-below.ts";
import type { AirflowService } from "./airflow-service.ts";

/** A submission's DAGs, by their paths. */
export async function dagsOf(job: GradingJob): Promise<Map<string, Buffer>> {
  return filesBelow(join(job.projectDirectory, "dags"));
}

/**
 * Hands a submission's DAGs to Airflow, and waits until it has read the one that is asked for. Other files may come
 * later, or not at all: what Airflow says of them by then is evidence.
 * @throws {CheckFailure} when the DAG does not come
 */
export async function deployDags(
  airflow: AirflowService,
  dagId: string,
  { job, evidence }: { readonly job: GradingJob; readonly evidence: EvidenceRecorder },
): Promise<void> {
  await airflow.putDags(await dagsOf(job));
  const { runs } = airflow;
  await eventually(
    `Airflow has read a DAG \`${dagId}\``,
    async () => {
      const isThere = (await runs.details(dagId)) !== undefined;
      return { done: isThere, seen: `no such DAG. ${await runs.importProblems()}`.trim() };
    },
    { withinMs: 60_000, everyMs: 500 },
  );
  const left = await runs.importProblems();
  if (left !== "") evidence("Import errors, as Airflow tells them", left);
}

/** Leads the connection `warehouse` to a database. */
export async function connectWarehouse(
  airflow: AirflowService,
  databaseUrl: string,
): Promise<void> {
  const { hostname, port, username, password, pathname } = new URL(databaseUrl);
  await airflow.api.setConnection("warehouse", {
    conn_type: "postgres",
    host: hostname,
    port: Number(port),
    login: username,
    password,
    schema: pathname.slice(1),
  });
}
