import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type CheckContext, type CheckOptions, createCheck } from "@onramp/grading/check";
import type { GradingJob } from "@onramp/grading/job";
import { seedFrom } from "@onramp/grading/seed";
import { startAirflow } from "@onramp/testbed/airflow/airflow-service";
import { lakeDirectory } from "@onramp/testbed/airflow/lake";
import { connectWarehouse } from "./deployment.ts";
import { DrivingScore, pauses } from "./driving-score.ts";

const variables = {
  LAKE: lakeDirectory,
  POKE_SECONDS: String(pauses.poke),
  RETRY_SECONDS: String(pauses.retry),
  DEADLINE_SECONDS: String(pauses.deadline),
};

async function startDrivingScore(job: GradingJob): Promise<DrivingScore> {
  await using resources = new AsyncDisposableStack();
  const airflow = resources.use(await startAirflow(job, { variables }));
  const seed = seedFrom(job.seed);
  const schema = await readFile(join(job.projectDirectory, "schema.sql"), "utf8");
  const name = `scores_${job.gradingId}`;
  const password = seed.hex("password of the warehouse", 24);
  const warehouse = resources.use(await airflow.postgres.createDatabase(name, password, schema));
  const door = resources.use(await warehouse.openDoor());
  const { host, port } = airflow.alerts.address;
  await connectWarehouse(airflow, warehouse.uriBy(door));
  await airflow.api.setConnection("alerts", { conn_type: "http", schema: "http", host, port });
  return new DrivingScore(airflow, warehouse, door, resources.move());
}

export const check = createCheck({ drivingScore: startDrivingScore });

/** Declares a check of the DAG in Airflow, which has read it when the check begins. */
export function checkOfDag(
  id: string,
  options: CheckOptions,
  body: (score: DrivingScore, context: CheckContext) => Promise<void>,
): void {
  check(id, options, async ({ drivingScore }, context) => {
    await drivingScore.deploy(context);
    await body(drivingScore, context);
  });
}
