// How Airflow is run, in a grading and by `onramp up` alike.
import { readFile } from "node:fs/promises";

/** The submission's DAGs: Airflow puts the directory into Python's path. */
export const dagDirectory = "/opt/airflow/dags";

/** Everything that the briefs do not promise otherwise is as Airflow has it. */
export const airflowSettings = {
  AIRFLOW__CORE__EXECUTOR: "LocalExecutor",
  /** How many tasks run at the same time, all DAGs together: the briefs give the number. */
  AIRFLOW__CORE__PARALLELISM: "4",
  AIRFLOW__CORE__LOAD_EXAMPLES: "false",
  AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION: "false",
  AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS: "true",
  AIRFLOW__SCHEDULER__CREATE_CRON_DATA_INTERVALS: "true",
  AIRFLOW__API__WORKERS: "1",
  // The end of a task is told at once. By default it takes up to 5 s, and a sensor that is due again before the scheduler
  // has heard of it is taken for one that was killed.
  AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL: "1",
  // A deferred task that waits for too long is ended in time, and not up to 15 s later.
  AIRFLOW__SCHEDULER__TRIGGER_TIMEOUT_CHECK_INTERVAL: "2",
  // New files are seen within seconds, and a file that never ends is given up.
  AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL: "2",
  AIRFLOW__DAG_PROCESSOR__BUNDLE_REFRESH_CHECK_INTERVAL: "1",
  AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL: "30",
  AIRFLOW__DAG_PROCESSOR__DAG_FILE_PROCESSOR_TIMEOUT: "25",
  AIRFLOW__CORE__DAGBAG_IMPORT_TIMEOUT: "20",
};

/** The setting that has Airflow read DAGs from these directories, by names of ours. */
export function bundlesOf(directories: Readonly<Record<string, string>>): Record<string, string> {
  const bundles = Object.entries(directories).map(([name, path]) => ({
    name,
    classpath: "airflow.dag_processing.bundles.local.LocalDagBundle",
    kwargs: { path },
  }));
  return { AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST: JSON.stringify(bundles) };
}

/** Airflow's Variables, in the environment: who asks for one asks no database. */
export function variablesAsEnvironment(
  variables: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [`AIRFLOW_VAR_${name}`, value]),
  );
}

/** The program that runs all of Airflow's parts. */
export async function startProgram(): Promise<string> {
  return readFile(new URL("./start-airflow.py", import.meta.url), "utf8");
}

/** The entrypoint of a container that runs a program in Python. */
export function startCommand(program: string): string[] {
  return ["dumb-init", "--", "python", "-c", program];
}
