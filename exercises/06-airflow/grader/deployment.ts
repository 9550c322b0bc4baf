// What is set up in Airflow for the submission, and the submission's DAGs in it.
import type { CheckContext } from "@onramp/grading/check";
import type { AirflowService } from "@onramp/testbed/airflow/airflow-service";
import { connectWarehouse, deployDags } from "@onramp/testbed/airflow/deploy-dags";
import { shifted, yesterday } from "@onramp/testbed/driving-score/days";
import { filesOf, plainDay } from "./trip-files.ts";

/** The DAG of the ticket. */
export const dagId = "daily_driving_score";

/**
 * Makes the connections, hands the submission's DAGs to Airflow, and waits until it has read them. Whatever breaks in
 * them, Airflow itself was well before.
 */
export async function deploy(
  airflow: AirflowService,
  databaseUrl: string,
  context: CheckContext,
): Promise<void> {
  await airflow.untilReady();
  await connectWarehouse(airflow, databaseUrl);
  const { host, port } = airflow.alerts.address;
  await airflow.api.setConnection("alerts", { conn_type: "http", schema: "http", host, port });
  // The scheduler makes a run of yesterday as soon as it knows the DAG: its files are there, whatever the clock says.
  for (const day of [yesterday(), shifted(yesterday(), 1)])
    await airflow.lake.put(filesOf(day, plainDay(context.seed, day, 30)));
  await deployDags(airflow, dagId, context);
}
