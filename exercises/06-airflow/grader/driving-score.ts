import type { CheckContext } from "@onramp/grading/check";
import { fail } from "@onramp/grading/check-failure";
import { eventually, type Observation } from "@onramp/grading/eventually";
import type { StartedService } from "@onramp/grading/service";
import { watchFor } from "@onramp/grading/watch-for";
import type { AirflowService } from "@onramp/testbed/airflow/airflow-service";
import type { Door } from "@onramp/testbed/faults/door";
import type { Database } from "@onramp/testbed/postgres/database";
import { connectWarehouse, deployDags } from "./deployment.ts";
import type { HeldKey } from "./held-key.ts";
import { dagId, keepRun } from "./run-evidence.ts";
import { firstDifference, type ScoreRow, type ScoresByDriver } from "./scores.ts";
import { filesOf, type TripDay } from "./trip-files.ts";

/** What the Variables of the brief say in a grading, in seconds. */
export const pauses = { poke: 8, retry: 3, deadline: 40 };
/** How long a run whose files are there may take, in milliseconds: the brief gives the number. */
export const runLimitMs = 90_000;

/** The service of this stage: the DAG at work. */
export class DrivingScore implements StartedService {
  readonly airflow: AirflowService;
  readonly warehouse: Database;
  readonly #resources: AsyncDisposableStack;
  #door: Door;
  #deployed: Promise<void> | undefined;

  constructor(
    airflow: AirflowService,
    warehouse: Database,
    door: Door,
    resources: AsyncDisposableStack,
  ) {
    this.airflow = airflow;
    this.warehouse = warehouse;
    this.#door = door;
    this.#resources = resources;
  }

  /** The DAG's way to the warehouse. */
  get door(): Door {
    return this.#door;
  }

  /** The port by which the DAG comes to the warehouse. */
  get port(): number {
    return Number(new URL(`postgres://${this.#door.address}`).port);
  }

  /** Leads the DAG to the warehouse by another door, as a user with another password. */
  async moveWarehouse(password: string): Promise<void> {
    await this.warehouse.changePassword(password);
    const door = this.#resources.use(await this.warehouse.openDoor());
    await this.#door.shut();
    this.#door = door;
    await connectWarehouse(this.airflow, this.warehouse.uriBy(door));
  }

  /** Puts a day's files into the lake. */
  async putDay(day: string, lines: TripDay): Promise<void> {
    await this.airflow.lake.put(filesOf(day, lines));
  }

  /** Starts the run of a day. Its id is of that day. */
  async trigger(day: string): Promise<string> {
    return this.airflow.runs.triggerDay(dagId, day);
  }

  /** Writes a row of a day past the DAG. */
  async insertRow(day: string, driver: string): Promise<void> {
    await this.warehouse.query("INSERT INTO driving_score VALUES ($1, $2, 0, 0, false)", [
      day,
      driver,
    ]);
  }

  /** Waits until a run has ended well. */
  async untilDone(runId: string, context: CheckContext, options: WaitOptions = {}): Promise<void> {
    const { when = "" } = options;
    const state = await this.untilOver(runId, context, options);
    if (state === "success") return;
    await keepRun(this.airflow, runId, context.evidence);
    const [, day] = runId.split("__");
    fail(
      `The run of ${day}${when}${when === "" ? "" : ","} has failed; its tasks and their logs are below.`,
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
    { withinMs = runLimitMs, when = "", onLook }: WaitOptions = {},
  ): Promise<string> {
    const [, day] = runId.split("__");
    return this.#withRun(runId, context, async () =>
      eventually(
        `The run of ${day}${when} is over`,
        async () => {
          await onLook?.();
          const { state } = await this.airflow.runs.run(dagId, runId);
          const done = state === "success" || state === "failed";
          return { done, seen: `it is ${state}`, value: state };
        },
        { withinMs, everyMs: 500, signal: context.signal },
      ),
    );
  }

  /** Waits for something that a run does; keeps the run as evidence when it does not happen. */
  async untilSeen<Value>(
    what: string,
    runId: string,
    context: CheckContext,
    probe: () => Promise<Observation<Value>>,
  ): Promise<Value> {
    return this.#withRun(runId, context, async () =>
      eventually(what, probe, {
        withinMs: runLimitMs,
        everyMs: 200,
        signal: context.signal,
        hasDied: async () => {
          const { state } = await this.airflow.runs.run(dagId, runId);
          return state === "failed" || state === "success"
            ? `the run is over (${state})`
            : undefined;
        },
      }),
    );
  }

  /** The rows of a day. */
  async rowsOf(day: string): Promise<ScoresByDriver> {
    const rows = await this.warehouse.query<ScoreRow & { driver_id: string }>(
      "SELECT driver_id, score::text, trips, complete FROM driving_score WHERE score_date = $1",
      [day],
    );
    return new Map(rows.map(({ driver_id, ...row }) => [driver_id, row]));
  }

  /** Demands that a day has these rows, and no others. */
  async demandRows(day: string, expected: ScoresByDriver, when: string): Promise<void> {
    const difference = firstDifference(expected, await this.rowsOf(day));
    if (difference === undefined) return;
    fail(`${when}, driving_score is not right for ${day}: ${difference}.`, {
      expected: `the ${expected.size} rows that the day's files come to`,
      actual: difference,
    });
  }

  /**
   * Hands the submission's DAGs to Airflow when the first check asks, and waits until it has read them. Whatever breaks
   * in them, Airflow itself was well before.
   */
  async deploy(context: CheckContext): Promise<void> {
    this.#deployed ??= deployDags(this.airflow, this.warehouse.uriBy(this.#door), context);
    await this.#deployed;
  }

  /** Waits until the DAG writes, and stands still before a key. */
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

  /** Demands that for so many milliseconds no row of a day is there. */
  async demandNoRowsFor(
    day: string,
    forMs: number,
    runId: string,
    context: CheckContext,
  ): Promise<void> {
    const start = performance.now();
    const early = await watchFor(
      async () => {
        const { size } = await this.rowsOf(day);
        return { done: size > 0, seen: `${size} rows were there after ${seconds(start)} s` };
      },
      { forMs, signal: context.signal },
    );
    if (early === undefined) return;
    await keepRun(this.airflow, runId, context.evidence);
    fail(
      `The run of ${day}, whose source partner is missing, did not wait for the deadline (${pauses.deadline} s): ${early.seen}.`,
      { expected: `nothing is written for ${pauses.deadline} s`, actual: early.seen },
    );
  }

  async diagnose(): ReturnType<AirflowService["diagnose"]> {
    return this.airflow.diagnose();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources[Symbol.asyncDispose]();
  }

  async #withRun<Value>(
    runId: string,
    context: CheckContext,
    wait: () => Promise<Value>,
  ): Promise<Value> {
    try {
      return await wait();
    } catch (error) {
      await keepRun(this.airflow, runId, context.evidence);
      throw error;
    }
  }
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(1);
}

interface WaitOptions {
  /** How long to wait, in milliseconds; {@link runLimitMs} unless told. */
  readonly withinMs?: number;
  /** What the run is, behind "the run of its day". */
  readonly when?: string;
  /** Called at every look. */
  readonly onLook?: () => Promise<void>;
}
