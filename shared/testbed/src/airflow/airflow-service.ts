import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { OnrampError, messageOf } from "@onramp/errors/onramp-error";
import { fail } from "@onramp/grading/check-failure";
import type { GradingJob } from "@onramp/grading/job";
import type { StartedService } from "@onramp/grading/service";
import type { RunningContainer } from "../docker/running-container.ts";
import { startOn, type Testbed } from "../docker/testbed.ts";
import { AnswerTooLong } from "../docker/http-client.ts";
import type { Files } from "../docker/tool-container.ts";
import { type PostgresService, startPostgres } from "../postgres/postgres-service.ts";
import { AirflowApi, airflowPort } from "./airflow-api.ts";
import { watchDisk } from "../docker/disk-watch.ts";
import { runAirflow, runBesideDags } from "./airflow-container.ts";
import { dagDirectory, variablesAsEnvironment } from "./airflow-settings.ts";
import { type AlertReceiver, startAlertReceiver } from "./alert-receiver.ts";
import { DagRuns } from "./dag-runs.ts";
import { Lake } from "./lake.ts";
import { createMetadata, metadataEnvironment } from "./metadata.ts";
import { AirflowTool, demandProcesses } from "./process-limit.ts";
import { takeWarmAirflow } from "./warm-airflow.ts";

/** How long Airflow may take from its container's start until all its parts are well, in milliseconds. */
const startLimitMs = 180_000;

export interface AirflowOptions {
  /** Airflow's Variables. They are in the environment: who asks for one asks no database. */
  readonly variables: Readonly<Record<string, string>>;
}

/** The testbed service `airflow`: all parts of a real Airflow, its metadata in PostgreSQL, with a lake and an alert receiver. */
export class AirflowService implements StartedService {
  readonly postgres: PostgresService;
  readonly alerts: AlertReceiver;
  readonly api: AirflowApi;
  readonly runs: DagRuns;
  readonly lake: Lake;
  readonly #testbed: Testbed;
  readonly #container: RunningContainer;
  readonly #tool: AirflowTool;
  readonly #options: AirflowOptions;
  readonly #resources: AsyncDisposableStack;
  #ready: Promise<void> | undefined;

  constructor(
    testbed: Testbed,
    { container, ...parts }: AirflowParts,
    options: AirflowOptions,
    resources: AsyncDisposableStack,
  ) {
    this.#testbed = testbed;
    this.#container = container;
    this.#options = options;
    this.#resources = resources;
    this.postgres = parts.postgres;
    this.alerts = parts.alerts;
    this.api = new AirflowApi(async (question) => {
      const fault = await this.#death();
      if (fault !== undefined) throw fault;
      const { signal } = new AbortController();
      try {
        return await container.ask(airflowPort, { ...question, signal });
      } catch (error) {
        // Its length is the DAGs': descriptions, errors and logs are in it as they stand.
        if (error instanceof AnswerTooLong)
          fail(
            `Airflow's answer to ${question.path} cannot be read: ${error.message}. What the DAGs put into it is too long.`,
            { expected: "an answer of less than a megabyte", actual: error.message },
          );
        await demandProcesses(container);
        const message = `Airflow's API does not answer: ${messageOf(error)}.`;
        throw new OnrampError("SERVICE_SLOW", message, { cause: error });
      }
    });
    this.runs = new DagRuns(this.api);
    this.#tool = new AirflowTool(testbed, container);
    this.lake = new Lake(this.#tool);
  }

  /**
   * Waits until all parts of Airflow are well.
   * @throws {OnrampError} SERVICE_DIED, SERVICE_SLOW
   */
  async untilReady(): Promise<void> {
    this.#ready ??= this.#waitUntilReady();
    return this.#ready;
  }

  /** Puts a submission's DAGs where Airflow reads them, some seconds later. They belong to root: no DAG changes them. */
  async putDags(dags: Files): Promise<void> {
    await this.#tool.copyIn(dagDirectory, dags);
  }

  /** Runs a Python program beside DAGs, where there is nothing else, and waits for its end. */
  async runBesideDags(program: string, dags: Files, withinMs: number): Promise<BesideDags> {
    const environment = variablesAsEnvironment(this.#options.variables);
    await using container = await runBesideDags(this.#testbed, { program, dags, environment });
    const state = await container.waitForEnd(withinMs);
    return { exitCode: state?.exitCode, ...(await container.logs()) };
  }

  /** Kills, with SIGKILL, whatever in Airflow's container has a connection to a port. Says how many processes that were. */
  async killClientsOf(port: number): Promise<number> {
    const program = await readFile(new URL("./kill-clients.py", import.meta.url), "utf8");
    const command = ["python", "-c", program, String(port)];
    const { stdout, exitCode, output } = await this.#tool.exec(command, "0");
    if (exitCode !== 0) throw new Error(`Looking for processes failed: ${output}`);
    return stdout.split("\n").filter((line) => line !== "").length;
  }

  async diagnose(): Promise<OnrampError | undefined> {
    return (await this.postgres.diagnose()) ?? this.#death();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources[Symbol.asyncDispose]();
    await this.#testbed[Symbol.asyncDispose]();
  }

  async #waitUntilReady(): Promise<void> {
    const end = performance.now() + startLimitMs;
    for (;;) {
      const state = await this.#readiness();
      if (state === undefined) return;
      if (performance.now() > end)
        throw new OnrampError("SERVICE_SLOW", `Airflow is not ready: ${state}.`);
      await pause(250);
    }
  }

  async #death(): Promise<OnrampError | undefined> {
    const end = await this.#container.describeEnd();
    if (end === undefined) return undefined;
    const { stdout, stderr } = await this.#container.logs();
    const lines = `${stdout}${stderr}`.trimEnd().split("\n").slice(-5).join("\n");
    return new OnrampError("SERVICE_DIED", `Airflow is gone: ${end}. Its last lines:\n${lines}`);
  }

  /** Why Airflow is not ready; undefined when it is. */
  async #readiness(): Promise<string | undefined> {
    try {
      return (await this.api.isHealthy()) ? undefined : "not all of its parts are well";
    } catch (error) {
      if (error instanceof OnrampError && error.code === "SERVICE_DIED") throw error;
      return messageOf(error);
    }
  }
}

interface AirflowParts {
  readonly container: RunningContainer;
  readonly postgres: PostgresService;
  readonly alerts: AlertReceiver;
}

/** What a program beside the DAGs has come to. */
export interface BesideDags {
  /** Undefined when it was ended because its time was over. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Starts the service `airflow` for a grading: everything in it is this grading's own, except for the database server
 * that the grading may have been given. It is to be waited for by {@link AirflowService.untilReady}.
 * @throws {OnrampError} SERVICE_DIED when one of its containers does not start
 */
export async function startAirflow(
  job: GradingJob,
  options: AirflowOptions,
): Promise<AirflowService> {
  return startOn(job, "Airflow", async (testbed) => {
    await using resources = new AsyncDisposableStack();
    const [postgres, alerts] = await Promise.all([
      startPostgres(job).then((service) => resources.use(service)),
      startAlertReceiver(testbed).then((receiver) => resources.use(receiver)),
    ]);
    const variables = variablesAsEnvironment(options.variables);
    const container = await startContainer(testbed, postgres, variables, resources);
    const parts = { container, postgres, alerts };
    return new AirflowService(testbed, parts, options, resources.move());
  });
}

/** An Airflow for the grading, which may take as much of the disk as any of a submission's containers. */
async function startContainer(
  testbed: Testbed,
  postgres: PostgresService,
  variables: Readonly<Record<string, string>>,
  resources: AsyncDisposableStack,
): Promise<RunningContainer> {
  const container = await takeContainer(testbed, postgres, variables, resources);
  container.stopWhenFull(resources.use(watchDisk(testbed.engine)));
  return container;
}

/** An Airflow of the grading's own, or the one that it was given, which waits. */
async function takeContainer(
  testbed: Testbed,
  postgres: PostgresService,
  variables: Readonly<Record<string, string>>,
  resources: AsyncDisposableStack,
): Promise<RunningContainer> {
  const { gradingId, sharedServices } = testbed.job;
  const warmId = sharedServices["airflow"];
  if (warmId !== undefined)
    return resources.use(await takeWarmAirflow(testbed, postgres, warmId, variables)).container;
  const metadata = resources.use(await createMetadata(postgres, `airflow_${gradingId}`));
  const door = resources.use(await metadata.openDoor());
  const environment = { ...metadataEnvironment(metadata.uriBy(door)), ...variables };
  return resources.use(await runAirflow(testbed, environment));
}
