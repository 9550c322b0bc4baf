// Airflow's container gets so many processes and no more, and the DAGs' tasks run in it: they may take them all.
import { fail } from "@onramp/grading/check-failure";
import type { RunningContainer } from "../docker/running-container.ts";
import type { Testbed } from "../docker/testbed.ts";
import { type CommandResult, ToolContainer } from "../docker/tool-container.ts";

/** From here on nothing else begins any more: those that are missing come and go. */
const fullShare = 0.95;

/**
 * Demands that there are processes left for others, where something did not work.
 * @throws {CheckFailure} when the DAGs have taken them
 */
export async function demandProcesses(container: RunningContainer): Promise<void> {
  const { current, limit } = await container.pids();
  if (current < limit * fullShare) return;
  fail(
    `Nothing can begin in Airflow any more: ${current} of the ${limit} processes are taken that its container gets. A task or a file of the DAGs starts processes without end.`,
    { expected: "tasks that start few processes", actual: `${current} processes and threads` },
  );
}

/** Airflow's container, for commands that are run beside the DAGs' tasks. */
export class AirflowTool extends ToolContainer {
  readonly #container: RunningContainer;

  constructor({ engine, dockerode }: Testbed, container: RunningContainer) {
    super(engine, dockerode.getContainer(container.id));
    this.#container = container;
  }

  override async exec(command: readonly string[], user?: string): Promise<CommandResult> {
    const result = await super.exec(command, user);
    if (result.exitCode !== 0) await demandProcesses(this.#container);
    return result;
  }
}
