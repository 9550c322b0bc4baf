import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type CheckContext, type CheckOptions, createCheck } from "@onramp/grading/check";
import type { GradingJob } from "@onramp/grading/job";
import { seedFrom } from "@onramp/grading/seed";
import { startAirflow } from "@onramp/testbed/airflow/airflow-service";
import { lakeDirectory } from "@onramp/testbed/airflow/lake";
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
  return new DrivingScore(airflow, warehouse, door, resources.move());
}

export const check = createCheck({ drivingScore: startDrivingScore });

/** What it may take until Airflow is ready and has read the DAG, in milliseconds: never at the cost of a check's own budget. */
const deployLimitMs = 240_000;

/** Declares a check of the DAG in Airflow, which has read it when the check's own work begins. */
export function checkOfDag(
  id: string,
  options: CheckOptions,
  body: (score: DrivingScore, context: CheckContext) => Promise<void>,
): void {
  const { withinMs = 60_000 } = options;
  check(
    id,
    { ...options, withinMs: withinMs + deployLimitMs },
    async ({ drivingScore }, context) => {
      await drivingScore.deploy(context);
      await body(drivingScore, context);
    },
  );
}
