import { messageOf } from "@onramp/errors/onramp-error";
import { CheckFailure } from "@onramp/grading/check-failure";
import { type AirflowApi, AirflowRefusal } from "./airflow-api.ts";

/** A DAG as Airflow has parsed it: what the checks look at of the API's answer. */
export interface DagDetails {
  readonly dag_id: string;
  readonly owners: readonly string[];
  readonly start_date: string | null;
  readonly max_active_runs: number;
}

export interface DagRun {
  readonly dag_run_id: string;
  readonly state: "queued" | "running" | "success" | "failed";
  readonly run_type: "scheduled" | "manual" | "backfill" | "asset_triggered";
  readonly data_interval_start: string | null;
  readonly data_interval_end: string | null;
}

export interface TaskInstance {
  readonly task_id: string;
  readonly map_index: number;
  readonly state: string | null;
  readonly try_number: number;
  readonly operator: string | null;
}

interface ImportProblem {
  readonly filename: string;
  readonly stack_trace: string;
}

interface LogLine {
  readonly timestamp?: string;
  readonly level?: string;
  readonly event: string;
  /** The exception, and those that it comes from. */
  readonly error_detail?: readonly {
    readonly exc_type: string;
    readonly exc_value: string;
    readonly frames?: readonly { readonly filename: string; readonly lineno: number }[];
  }[];
}

const dayMs = 86_400_000;

/** DAGs and their runs, over Airflow's API. */
export class DagRuns {
  readonly #api: AirflowApi;

  constructor(api: AirflowApi) {
    this.#api = api;
  }

  /** A DAG, once Airflow has read its file. */
  async details(dagId: string): Promise<DagDetails | undefined> {
    return this.#api.find<DagDetails>(`/dags/${dagId}/details`);
  }

  /** The files of DAGs that Airflow could not import, as text; empty when there are none. */
  async importProblems(): Promise<string> {
    try {
      const { import_errors } = await this.#api.get<{ import_errors: ImportProblem[] }>(
        "/importErrors",
      );
      return import_errors
        .map(({ filename, stack_trace }) => `${filename}:\n${stack_trace}`)
        .join("\n");
    } catch (error) {
      // Files that nobody asks for may be broken as they like.
      if (!(error instanceof CheckFailure)) throw error;
      return error.message;
    }
  }

  /** The runs of a DAG, oldest first. */
  async all(dagId: string): Promise<readonly DagRun[]> {
    const path = `/dags/${dagId}/dagRuns?limit=100&order_by=run_after`;
    return (await this.#api.get<{ dag_runs: DagRun[] }>(path)).dag_runs;
  }

  /** Starts a run whose data interval is a day (`2026-01-05`) in UTC; returns its id. */
  async triggerDay(dagId: string, day: string): Promise<string> {
    const start = new Date(`${day}T00:00:00Z`);
    const end = new Date(start.getTime() + dayMs);
    const interval = {
      logical_date: start.toISOString(),
      data_interval_start: start.toISOString(),
      data_interval_end: end.toISOString(),
    };
    const runId = `onramp__${day}`;
    await this.#api.post(`/dags/${dagId}/dagRuns`, { ...interval, dag_run_id: runId });
    return runId;
  }

  /** Starts a run now, of no interval. */
  async trigger(dagId: string, runId: string): Promise<void> {
    await this.#api.post(`/dags/${dagId}/dagRuns`, { logical_date: null, dag_run_id: runId });
  }

  /** Starts a backfill of the days from the first to the last. */
  async backfill(dagId: string, firstDay: string, lastDay: string): Promise<void> {
    await this.#api.post("/backfills", {
      dag_id: dagId,
      from_date: `${firstDay}T00:00:00Z`,
      to_date: `${lastDay}T00:00:00Z`,
      reprocess_behavior: "none",
    });
  }

  /** Clears a run: all its tasks run again. */
  async clear(dagId: string, runId: string): Promise<void> {
    await this.#api.post(`${pathOf(dagId, runId)}/clear`, {
      dry_run: false,
      only_failed: false,
    });
  }

  /** Gives a run up: its tasks are ended. */
  async markFailed(dagId: string, runId: string): Promise<void> {
    await this.#api.patch(pathOf(dagId, runId), { state: "failed" });
  }

  async run(dagId: string, runId: string): Promise<DagRun> {
    return this.#api.get<DagRun>(pathOf(dagId, runId));
  }

  async tasks(dagId: string, runId: string): Promise<readonly TaskInstance[]> {
    const path = `${pathOf(dagId, runId)}/taskInstances?limit=100`;
    return (await this.#api.get<{ task_instances: TaskInstance[] }>(path)).task_instances;
  }

  /** The log of a task's last try, or of an earlier one, as lines; one that has none says so. */
  async log(
    dagId: string,
    runId: string,
    task: TaskInstance,
    attempt = Math.max(task.try_number, 1),
  ): Promise<string> {
    const index = task.map_index === -1 ? "" : `&map_index=${task.map_index}`;
    const path = `${pathOf(dagId, runId)}/taskInstances/${task.task_id}/logs/${attempt}?full_content=true${index}`;
    try {
      const { content } = await this.#api.get<{ content: LogLine[] | string }>(path);
      if (typeof content === "string") return content;
      return content.map((line) => textOf(line)).join("\n");
    } catch (error) {
      // A task may write as much as it likes; that is no fault of Airflow's.
      if (!(error instanceof CheckFailure) && !(error instanceof AirflowRefusal)) throw error;
      return `(no log: ${messageOf(error)})`;
    }
  }
}

function pathOf(dagId: string, runId: string): string {
  return `/dags/${dagId}/dagRuns/${encodeURIComponent(runId)}`;
}

function textOf({ timestamp = "", level = "", event, error_detail = [] }: LogLine): string {
  const exceptions = error_detail.map(({ exc_type, exc_value, frames = [] }) => {
    const places = frames.map(({ filename, lineno }) => `\n    ${filename}:${lineno}`);
    return `\n  ${exc_type}: ${exc_value}${places.join("")}`;
  });
  return `${timestamp} ${level} ${event}${exceptions.join("")}`.trim();
}

/** Whether a run in this state has ended, well or not. */
export function isOver(state: string): boolean {
  return state === "success" || state === "failed";
}
