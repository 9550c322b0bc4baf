// What is set up in Airflow for the submission, and the submission's DAGs in it.
import { join } from "node:path";
import type { CheckContext } from "@onramp/grading/check";
import { fail } from "@onramp/grading/check-failure";
import { eventually } from "@onramp/grading/eventually";
import type { GradingJob } from "@onramp/grading/job";
import type { AirflowService } from "@onramp/testbed/airflow/airflow-service";
import { filesBelow } from "@onramp/testbed/docker/files-below";
import { shifted, yesterday } from "./days.ts";
import { dagId } from "./run-evidence.ts";
import { filesOf, plainDay } from "./trip-files.ts";

/** The submission's DAGs, by their paths. */
export async function dagsOf(job: GradingJob): Promise<Map<string, Buffer>> {
  return filesBelow(join(job.projectDirectory, "dags"));
}

/**
 * Makes the connections, hands the submission's DAGs to Airflow, and waits until it has read them. Whatever breaks in them, Airflow itself was
 * well before.
 */
export async function deployDags(
  airflow: AirflowService,
  databaseUrl: string,
  { job, seed, evidence }: CheckContext,
): Promise<void> {
  await airflow.untilReady();
  await connectWarehouse(airflow, databaseUrl);
  const { host, port } = airflow.alerts.address;
  await airflow.api.setConnection("alerts", { conn_type: "http", schema: "http", host, port });
  // The scheduler makes a run of yesterday as soon as it knows the DAG: its files are there, whatever the clock says.
  for (const day of [yesterday(), shifted(yesterday(), 1)])
    await airflow.lake.put(filesOf(day, plainDay(seed, day, 30)));
  await airflow.putDags(await dagsOf(job));
  const { runs } = airflow;
  const problems = async (): Promise<string> =>
    (await runs.importProblems())
      .map(({ filename, stack_trace }) => `${filename}:\n${stack_trace}`)
      .join("\n");
  await eventually(
    `Airflow has read a DAG \`${dagId}\``,
    async () => {
      const isThere = (await runs.details(dagId)) !== undefined;
      return { done: isThere, seen: `no such DAG. ${await problems()}`.trim() };
    },
    { withinMs: 60_000, everyMs: 500 },
  );
  const left = await problems();
  if (left === "") return;
  evidence("Import errors, as Airflow tells them", left);
  fail("Airflow could not import every file below dags/; what it says is below.", {
    expected: "no import error",
    actual: left.trim().split("\n").at(-1) ?? "an import error",
  });
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
