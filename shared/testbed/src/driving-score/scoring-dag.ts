import { setTimeout as pause } from "node:timers/promises";
import type { CheckContext } from "@onramp/grading/check";
import { fail } from "@onramp/grading/check-failure";
import type { EvidenceRecorder } from "@onramp/grading/evidence";
import { eventually, type Observation } from "@onramp/grading/eventually";
import { messageOf, OnrampError } from "@onramp/errors/onramp-error";
import { AirflowRefusal } from "../airflow/airflow-api.ts";
import type { AirflowService } from "../airflow/airflow-service.ts";
import { isOver } from "../airflow/dag-runs.ts";
import { keepRun } from "../airflow/run-evidence.ts";
import type { Database } from "../postgres/database.ts";
import type { HeldKey } from "./held-key.ts";
import { firstDifference, type ScoreRow, type ScoresByDriver } from "./score-rows.ts";

/** How long a run that has nothing to wait for may take, in milliseconds: the briefs give the number. */
export const runLimitMs = 90_000;

/** A DAG whose runs write the rows of their day, and the warehouse that they write to. */
export class ScoringDag {
  readonly dagId: string;
  readonly airflow: AirflowService;
  readonly warehouse: Database;

  constructor(dagId: string, airflow: AirflowService, warehouse: Database) {
    this.dagId = dagId;
    this.airflow = airflow;
    this.warehouse = warehouse;
  }

  /** Starts the run of a day. Its id is of that day. */
  async trigger(day: string): Promise<string> {
    try {
      return await this.airflow.runs.triggerDay(this.dagId, day);
    } catch (error) {
      if (!(error instanceof AirflowRefusal) || error.status >= 500) throw error;
      fail(`Airflow does not take a run of the DAG for ${day}.`, {
        expected: "a DAG that is triggered with the data interval of a day",
        actual: error.message,
      });
    }
  }

  /** Clears a run: all its tasks run again. */
  async clear(runId: string): Promise<void> {
    await this.airflow.runs.clear(this.dagId, runId);
  }

  /** Keeps what there is to tell of a run. A failure stays one, also where nothing more can be told of it. */
  async keepRun(runId: string, evidence: EvidenceRecorder): Promise<void> {
    try {
      await this.tellOf(runId, evidence);
    } catch (error) {
      evidence("What there is to tell of the run", `It could not be read: ${messageOf(error)}`);
    }
  }

  /** Tells what Airflow knows of a run. */
  protected async tellOf(runId: string, evidence: EvidenceRecorder): Promise<void> {
    await keepRun(this.airflow.runs, this.dagId, runId, evidence);
  }

  /** The logs of all tasks of a run: of their last tries, or of an earlier one. */
  async logOf(runId: string, attempt?: number): Promise<string> {
    const { runs } = this.airflow;
    const tasks = await runs.tasks(this.dagId, runId);
    const logs = await Promise.all(
      tasks.map(async (task) => runs.log(this.dagId, runId, task, attempt)),
    );
    return logs.join("\n");
  }

  /**
   * Ends a check in which a right DAG could not do well any more, because the machine was too slow.
   * @throws {OnrampError} SERVICE_SLOW, always
   */
  tooSlow(message: string): never {
    throw new OnrampError("SERVICE_SLOW", message);
  }

  /** Waits until a run has ended well. */
  async untilDone(runId: string, context: CheckContext, options: WaitOptions = {}): Promise<void> {
    const { when = "" } = options;
    const state = await this.untilOver(runId, context, options);
    if (state === "success") return;
    await this.keepRun(runId, context.evidence);
    fail(
      `The run of ${dayIn(runId)}${when}${when === "" ? "" : ","} has failed; its tasks and their logs are below.`,
      {
        expected: "the run ends with success",
        actual: `its state is ${state}`,
      },
    );
  }

  /** Waits until a run has ended, well or not. */
  async untilOver(
    runId: string,
    context: CheckContext,
    { withinMs = runLimitMs, when = "", everyMs = 500, onLook }: WaitOptions = {},
  ): Promise<string> {
    return this.withEvidence(runId, context, async () =>
      eventually(
        `The run of ${dayIn(runId)}${when}${when === "" ? "" : ","} is over`,
        async () => {
          await onLook?.();
          const state = await this.#stateOf(runId);
          return { done: isOver(state), seen: `it is ${state}`, value: state };
        },
        { withinMs, everyMs, signal: context.signal },
      ),
    );
  }

  /** Waits for something that a run does; keeps the run as evidence when it does not happen. */
  async untilSeen<Value>(
    what: string,
    runId: string,
    context: CheckContext,
    probe: () => Promise<Observation<Value>>,
    { withinMs = runLimitMs }: Pick<WaitOptions, "withinMs"> = {},
  ): Promise<Value> {
    return this.withEvidence(runId, context, async () =>
      eventually(what, probe, {
        withinMs,
        everyMs: 200,
        signal: context.signal,
        hasDied: async () => {
          const state = await this.#stateOf(runId);
          return isOver(state) ? `the run is over (${state})` : undefined;
        },
      }),
    );
  }

  /** Waits until a run writes, and stands still before a key. */
  async untilWriterWaits(
    held: HeldKey,
    day: string,
    runId: string,
    context: CheckContext,
  ): Promise<void> {
    await this.untilSeen(`The run of ${day} writes its rows`, runId, context, async () => ({
      done: await held.hasWaiters(),
      seen: "nothing is being written",
    }));
  }

  /** Writes a row of a day past the DAG. */
  async insertRow(day: string, driver: string): Promise<void> {
    await this.warehouse.query("INSERT INTO driving_score VALUES ($1, $2, 0, 0, false)", [
      day,
      driver,
    ]);
  }

  /** The rows of a day. */
  async rowsOf(day: string): Promise<ScoresByDriver> {
    const rows = await this.warehouse.query<ScoreRow & { driver_id: string }>(
      "SELECT driver_id, score::text, trips, complete FROM driving_score WHERE score_date = $1 ORDER BY driver_id",
      [day],
    );
    return new Map(rows.map(({ driver_id, ...row }) => [driver_id, row]));
  }

  /** Demands that a day has these rows, and no others. */
  async demandRows(day: string, expected: ScoresByDriver, when: string): Promise<void> {
    const difference = firstDifference(expected, await this.rowsOf(day));
    if (difference === undefined) return;
    fail(`${when}, driving_score is not right for ${day}: ${difference}.`, {
      expected: `the ${expected.size} rows that the day comes to`,
      actual: difference,
    });
  }

  /** Demands that the rows of a day, as somebody sees them while it is written anew, are all of one version. */
  async demandOneVersion(
    { day, runId, before, after }: Rewriting,
    when: string,
    context: CheckContext,
  ): Promise<void> {
    // Who locks the whole table makes readers wait: they see nothing, and so nothing half.
    const rows = await Promise.race([this.rowsOf(day), pause(3000)]);
    if (rows === undefined) return;
    const difference = firstDifference(before, rows);
    if (difference === undefined || firstDifference(after, rows) === undefined) return;
    await this.keepRun(runId, context.evidence);
    fail(`${when}, ${day} is neither as it was before nor as it has to be after: ${difference}.`, {
      expected: "the old rows or the new ones, all of them",
      actual: `${rows.size} rows; there were ${before.size}, and there will be ${after.size}`,
    });
  }

  /** Does something about a run; keeps the run as evidence when that fails. */
  async withEvidence<Value>(
    runId: string,
    context: CheckContext,
    wait: () => Promise<Value>,
  ): Promise<Value> {
    try {
      return await wait();
    } catch (error) {
      await this.keepRun(runId, context.evidence);
      throw error;
    }
  }

  async #stateOf(runId: string): Promise<string> {
    return (await this.airflow.runs.run(this.dagId, runId)).state;
  }
}

/** Run ids end in their day. */
function dayIn(runId: string): string {
  return runId.split("__")[1] ?? runId;
}

/** A day whose rows a run replaces. */
export interface Rewriting {
  readonly day: string;
  readonly runId: string;
  readonly before: ScoresByDriver;
  readonly after: ScoresByDriver;
}

export interface WaitOptions {
  /** How long to wait, in milliseconds; {@link runLimitMs} unless told. */
  readonly withinMs?: number;
  /** What the run is, behind "the run of its day". */
  readonly when?: string;
  /** How long to wait between two looks, in milliseconds; 500 unless told. */
  readonly everyMs?: number;
  /** Called at every look. */
  readonly onLook?: () => Promise<void>;
}
