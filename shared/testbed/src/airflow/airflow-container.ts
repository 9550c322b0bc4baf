import { readFile } from "node:fs/promises";
import { GenericContainer, PullPolicy } from "testcontainers";
import { watchDisk } from "../docker/disk-watch.ts";
import { gradingLabel } from "../docker/labels.ts";
import { RunningContainer } from "../docker/running-container.ts";
import { noWait } from "../docker/submission-container.ts";
import type { Testbed } from "../docker/testbed.ts";
import type { Files } from "../docker/tool-container.ts";

const image = "apache/airflow:3.3.2";
/** The submission's DAGs: Airflow puts the directory into Python's path. */
export const dagDirectory = "/opt/airflow/dags";
const ownDagDirectory = "/opt/onramp/dags";

/** What Airflow with a submission's DAGs in it may take of the machine. */
const limits = { memoryBytes: 3 * 1024 ** 3, cpus: 2, processes: 512, logBytes: 50_000_000 };

/** Everything that the briefs do not promise otherwise is as Airflow has it. */
const settings = {
  AIRFLOW__CORE__EXECUTOR: "LocalExecutor",
  /** How many tasks run at the same time, all DAGs together: the briefs give the number. */
  AIRFLOW__CORE__PARALLELISM: "4",
  AIRFLOW__CORE__LOAD_EXAMPLES: "false",
  AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION: "false",
  AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS: "true",
  AIRFLOW__SCHEDULER__CREATE_CRON_DATA_INTERVALS: "true",
  AIRFLOW__API__WORKERS: "1",
  // New files are seen within seconds, and a file that never ends is given up.
  AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL: "2",
  AIRFLOW__DAG_PROCESSOR__BUNDLE_REFRESH_CHECK_INTERVAL: "1",
  AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL: "30",
  AIRFLOW__DAG_PROCESSOR__DAG_FILE_PROCESSOR_TIMEOUT: "25",
  AIRFLOW__CORE__DAGBAG_IMPORT_TIMEOUT: "20",
  AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST: JSON.stringify(
    [
      { name: "submission", kwargs: { path: dagDirectory } },
      { name: "onramp", kwargs: { path: ownDagDirectory } },
    ].map((bundle) => ({
      ...bundle,
      classpath: "airflow.dag_processing.bundles.local.LocalDagBundle",
    })),
  ),
};

class AirflowContainer extends GenericContainer {
  constructor(memoryBytes: number) {
    super(image);
    Object.assign(this.hostConfig, {
      Memory: memoryBytes,
      // The same as the memory: no swap.
      MemorySwap: memoryBytes,
      NanoCpus: limits.cpus * 1e9,
      PidsLimit: limits.processes,
      // For the grader's look at open connections, as root: a task's process hides them from its own user.
      CapAdd: ["SYS_PTRACE"],
      LogConfig: {
        Type: "json-file",
        Config: { "max-size": String(limits.logBytes), "max-file": "1" },
      },
    });
    this.withPullPolicy(PullPolicy.neverPull()).withWaitStrategy(noWait);
  }

  /** The files belong to root: a DAG does not change them. */
  withFiles(directory: string, files: Files): this {
    return this.withCopyContentToContainer(
      [...files].map(([path, content]) => ({ content, target: `${directory}/${path}` })),
    );
  }
}

/** Starts Airflow on the grading's internal network. It is ready some seconds later. */
export async function runAirflow(
  testbed: Testbed,
  environment: Readonly<Record<string, string>>,
): Promise<RunningContainer> {
  const [script, canary] = await Promise.all(
    ["./start-airflow.py", "./canary/canary.py"].map(async (path) =>
      readFile(new URL(path, import.meta.url), "utf8"),
    ),
  );
  const { network } = await testbed.gateway();
  const started = await new AirflowContainer(limits.memoryBytes)
    .withLabels({ [gradingLabel]: testbed.job.gradingId })
    .withNetworkMode(network)
    .withEnvironment({ ...settings, ...environment })
    .withFiles(ownDagDirectory, new Map([["canary.py", canary ?? ""]]))
    .withEntrypoint(["dumb-init", "--", "python", "-c", script ?? ""])
    .start();
  const container = new RunningContainer(testbed, started.getId());
  container.stopWhenFull(watchDisk(testbed.engine));
  return container;
}

/**
 * Runs a Python program in a container of Airflow's image that has a submission's DAGs, and nothing else: no network,
 * no database, no lake. It is to end by itself.
 */
export async function runBesideDags(
  testbed: Testbed,
  options: {
    readonly program: string;
    readonly dags: Files;
    readonly environment: Readonly<Record<string, string>>;
  },
): Promise<RunningContainer> {
  const started = await new AirflowContainer(1024 ** 3)
    .withLabels({ [gradingLabel]: testbed.job.gradingId })
    .withNetworkMode("none")
    .withEnvironment({ PYTHONPATH: dagDirectory, ...options.environment })
    .withFiles(dagDirectory, options.dags)
    .withEntrypoint(["dumb-init", "--", "python", "-c", options.program])
    .start();
  return new RunningContainer(testbed, started.getId());
}
