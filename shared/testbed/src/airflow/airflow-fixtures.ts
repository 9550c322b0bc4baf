// For tests that need a real Airflow: what each of them waits for.
import { eventually } from "@onramp/grading/eventually";
import { type DagRuns, isOver } from "./dag-runs.ts";

/** Waits until Airflow has read a DAG. */
export async function untilThere(runs: DagRuns, dagId: string): Promise<void> {
  await eventually(
    `the DAG ${dagId} is there`,
    async () => ({ done: (await runs.details(dagId)) !== undefined, seen: "not there" }),
    { withinMs: 60_000, everyMs: 500 },
  );
}

/** Waits until a run is over, and says in which state. */
export async function endOf(
  runs: DagRuns,
  dagId: string,
  runId: string,
  withinMs = 60_000,
): Promise<string> {
  return eventually(
    `the run ${runId} of ${dagId} is over`,
    async () => {
      const { state } = await runs.run(dagId, runId);
      return { done: isOver(state), seen: state, value: state };
    },
    { withinMs, everyMs: 500 },
  );
}
