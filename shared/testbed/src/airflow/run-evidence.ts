import type { EvidenceRecorder } from "@onramp/grading/evidence";
import type { DagRuns, TaskInstance } from "./dag-runs.ts";

const mostLogs = 3;
/** The sentence in an answer of Kubernetes, which an operator logs as JSON among headers and stacks. */
const sentence = /"message":"([^"\\]*(?:\\.[^"\\]*)*)"/g;
const mostAnswerLength = 10_000;

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
    const whose = `${nameOf(task)}, try ${task.try_number}`;
    const refused = refusalsIn(log);
    if (refused.length > 0) evidence(`What Kubernetes refused to ${whose}`, refused.join("\n"));
    evidence(`The log of ${whose}`, log.trimEnd() || "(empty)");
  }
}

function nameOf({ task_id, map_index }: TaskInstance): string {
  return map_index === -1 ? task_id : `${task_id}[${map_index}]`;
}

/** The sentences with which Kubernetes refused something, each once. */
export function refusalsIn(log: string): string[] {
  // Whatever else stands there is the submission's, as long as it likes.
  const answers = log
    .split("\n")
    .filter((line) => line.length <= mostAnswerLength && line.includes('"kind":"Status"'));
  const sentences = answers.flatMap((line) =>
    [...line.matchAll(sentence)].map(([, text = ""]) => text.replaceAll('\\"', '"')),
  );
  return [...new Set(sentences)].filter(
    // An operator that may not read events says so, and goes on without them.
    (text) => text.includes(" is forbidden: ") && !text.includes('resource "events"'),
  );
}
