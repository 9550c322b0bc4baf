import type { EvidenceRecorder } from "@onramp/grading/evidence";
import type { DagRuns, TaskInstance } from "./dag-runs.ts";

const mostLogs = 3;
const mostLogLines = 40;

/** Keeps what Airflow tells of a run: the states of its tasks, and the logs of those that did not end well. */
export async function keepRun(
  runs: DagRuns,
  dagId: string,
  runId: string,
  evidence: EvidenceRecorder,
): Promise<void> {
  const tasks = await runs.tasks(dagId, runId);
  const lines = tasks.map(
    (task) =>
      `${nameOf(task)}  ${task.state ?? "not begun"}  try ${task.try_number}  ${task.operator ?? ""}`,
  );
  evidence(`The tasks of ${runId}`, lines.length === 0 ? "(none)" : lines.join("\n"));
  const hasLog = ({ state, try_number }: TaskInstance): boolean =>
    try_number > 0 && state !== "success" && state !== "skipped";
  for (const task of tasks.filter(hasLog).slice(0, mostLogs)) {
    const log = await runs.log(dagId, runId, task);
    const tail = log.trimEnd().split("\n").slice(-mostLogLines).join("\n");
    evidence(`The log of ${nameOf(task)}, try ${task.try_number}`, tail === "" ? "(empty)" : tail);
  }
}

function nameOf({ task_id, map_index }: TaskInstance): string {
  return map_index === -1 ? task_id : `${task_id}[${map_index}]`;
}
