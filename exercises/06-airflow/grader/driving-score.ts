import type { CheckContext } from "@onramp/grading/check";
import { fail } from "@onramp/grading/check-failure";
import type { StartedService } from "@onramp/grading/service";
import { watchFor } from "@onramp/grading/watch-for";
import type { AirflowService } from "@onramp/testbed/airflow/airflow-service";
import { connectWarehouse } from "@onramp/testbed/airflow/deploy-dags";
import { ScoringDag } from "@onramp/testbed/driving-score/scoring-dag";
import type { Door } from "@onramp/testbed/faults/door";
import type { Database } from "@onramp/testbed/postgres/database";
import { dagId, deploy } from "./deployment.ts";
import { filesOf, type TripDay } from "./trip-files.ts";

/** What the Variables of the brief say in a grading, in seconds. */
export const pauses = { poke: 8, retry: 3, deadline: 40 };

/** The service of this stage: the DAG at work. */
export class DrivingScore extends ScoringDag implements StartedService {
  readonly #resources: AsyncDisposableStack;
  #door: Door;
  #deployed: Promise<void> | undefined;

  constructor(
    airflow: AirflowService,
    warehouse: Database,
    door: Door,
    resources: AsyncDisposableStack,
  ) {
    super(dagId, airflow, warehouse);
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

  /**
   * Hands the submission's DAGs to Airflow when the first check asks, and waits until it has read them. Whatever breaks
   * in them, Airflow itself was well before.
   */
  async deploy(context: CheckContext): Promise<void> {
    this.#deployed ??= deploy(this.airflow, this.warehouse.uriBy(this.#door), context);
    await this.#deployed;
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
    await this.keepRun(runId, context.evidence);
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
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(1);
}
