// An Airflow that serves gradings one after the other: most of what a start costs is done once.
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { GradingJob } from "@onramp/grading/job";
import type { StartedService } from "@onramp/grading/service";
import { RunningContainer } from "../docker/running-container.ts";
import { ServiceContainer } from "../docker/service-container.ts";
import { startOn, type Testbed } from "../docker/testbed.ts";
import { type PostgresService, startPostgres } from "../postgres/postgres-service.ts";
import { runAirflow } from "./airflow-container.ts";
import { createMetadata, metadataEnvironment } from "./metadata.ts";

/** In its environment, the name of the database that it has its metadata in. */
const databaseVariable = "ONRAMP_METADATA";
const orderFile = "order.json";
/** How long it may take until it waits for its first order, in milliseconds. */
const startLimitMs = 120_000;

/** What the metadata is copied from for each grading: the tables, and nothing in them. */
function pristine(database: string): string {
  return `${database}_pristine`;
}

/**
 * Starts an Airflow that waits for gradings, with its metadata in the server that the job has been given.
 * @throws {OnrampError} SERVICE_DIED when it does not start
 */
export async function startWarmAirflow(
  job: GradingJob,
): Promise<StartedService & { readonly containerId: string }> {
  return startOn(job, "Airflow", async (testbed) => {
    await using resources = new AsyncDisposableStack();
    // Under another name than that of a grading's own: its container is on the networks of both.
    const postgres = resources.use(await startPostgres(job, { name: "metadata" }));
    const name = `airflow_${randomBytes(4).toString("hex")}`;
    const metadata = resources.use(await createMetadata(postgres, name));
    const door = resources.use(await metadata.openDoor());
    const container = resources.use(
      await runAirflow(testbed, {
        ...metadataEnvironment(metadata.uriBy(door)),
        [databaseVariable]: name,
        ONRAMP_WAITS: "yes",
      }),
    );
    await container.untilSaid("Airflow waits for an order", startLimitMs);
    await postgres.copyDatabase(name, pristine(name), name);
    const held = resources.move();
    return {
      containerId: container.id,
      async [Symbol.asyncDispose]() {
        await held.disposeAsync();
        await testbed[Symbol.asyncDispose]();
      },
    };
  });
}

/**
 * Has a waiting Airflow run for a grading, until the end of the scope: as new, and on the grading's network.
 * @param id the container's, as {@link startWarmAirflow} tells it
 * @param environment what its parts get besides
 */
export async function takeWarmAirflow(
  testbed: Testbed,
  postgres: PostgresService,
  id: string,
  environment: Readonly<Record<string, string>>,
): Promise<AsyncDisposable & { readonly container: RunningContainer }> {
  const { engine, dockerode } = testbed;
  const airflow = await ServiceContainer.of(engine, dockerode, id);
  await reset(airflow);
  const database = airflow.variable(databaseVariable);
  await postgres.copyDatabase(pristine(database), database, database);
  await testbed.join(id, "airflow");
  const order = JSON.stringify(environment);
  await airflow.copyIn("/opt/onramp", new Map([[orderFile, order]]));
  return {
    container: new RunningContainer(testbed, id),
    async [Symbol.asyncDispose]() {
      if (testbed.job.keep) return;
      // One that has died is found by who takes it next.
      await reset(airflow).catch(() => {});
      await testbed.leave(id);
    },
  };
}

async function reset(airflow: ServiceContainer): Promise<void> {
  const program = await readFile(new URL("./reset-airflow.py", import.meta.url), "utf8");
  const { exitCode, output } = await airflow.exec(["python", "-c", program], "0");
  if (exitCode !== 0) throw new Error(`Airflow cannot be brought back to its beginning: ${output}`);
}
