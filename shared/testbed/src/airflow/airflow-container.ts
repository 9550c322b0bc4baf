import { readFile } from "node:fs/promises";
import { GenericContainer, PullPolicy } from "testcontainers";
import { watchDisk } from "../docker/disk-watch.ts";
import { gradingLabel } from "../docker/labels.ts";
import { hostLimits, type ResourceLimits } from "../docker/resource-limits.ts";
import { RunningContainer } from "../docker/running-container.ts";
import { noWait } from "../docker/submission-container.ts";
import type { Testbed } from "../docker/testbed.ts";
import type { Files } from "../docker/tool-container.ts";
import {
  airflowSettings,
  bundlesOf,
  dagDirectory,
  startCommand,
  startProgram,
} from "./airflow-settings.ts";

const image = "apache/airflow:3.3.2";
const ownDagDirectory = "/opt/onramp/dags";

const logBytes = 50 * 1024 ** 2;
const airflowLimits = { memoryBytes: 3 * 1024 ** 3, cpus: 2, processes: 512, logBytes };
/** A program beside the DAGs is one process, and those that a DAG file starts. */
const besideLimits = { memoryBytes: 1024 ** 3, cpus: 1, processes: 64, logBytes };

class AirflowContainer extends GenericContainer {
  constructor(limits: ResourceLimits) {
    super(image);
    Object.assign(this.hostConfig, {
      ...hostLimits(limits),
      // For the grader's look at open connections, as root: a task's process hides them from its own user.
      CapAdd: ["SYS_PTRACE"],
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
  const canaries = await readFile(new URL("./canary/canaries.py", import.meta.url), "utf8");
  const { network } = await testbed.gateway();
  const started = await new AirflowContainer(airflowLimits)
    .withLabels({ [gradingLabel]: testbed.job.gradingId })
    .withNetworkMode(network)
    .withEnvironment({
      ...airflowSettings,
      ...bundlesOf({ submission: dagDirectory, onramp: ownDagDirectory }),
      ...environment,
    })
    .withFiles(ownDagDirectory, new Map([["canaries.py", canaries]]))
    .withEntrypoint(startCommand(await startProgram()))
    .start();
  return new RunningContainer(testbed, started.getId());
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
  const started = await new AirflowContainer(besideLimits)
    .withLabels({ [gradingLabel]: testbed.job.gradingId })
    .withNetworkMode("none")
    .withEnvironment(options.environment)
    .withFiles(dagDirectory, options.dags)
    .withEntrypoint(startCommand(options.program))
    .start();
  const container = new RunningContainer(testbed, started.getId());
  container.stopWhenFull(watchDisk(testbed.engine));
  return container;
}
