import { type CheckContext, type CheckOptions, createCheck } from "@onramp/grading/check";
import { startStreamScore } from "./start-stream-score.ts";
import type { StreamScore } from "./stream-score.ts";

const check = createCheck({ streamScore: startStreamScore });

/** What it may take until Airflow has read the DAG, in milliseconds: never at the cost of a check's own budget. */
const deployLimitMs = 240_000;

/** Declares a check of the DAG in Airflow, which has read it when the check's own work begins. */
export function checkOfDag(
  id: string,
  options: CheckOptions,
  body: (score: StreamScore, context: CheckContext) => Promise<void>,
): void {
  const { withinMs = 60_000 } = options;
  check(
    id,
    { ...options, withinMs: withinMs + deployLimitMs },
    async ({ streamScore }, context) => {
      await streamScore.deploy(context);
      await body(streamScore, context);
    },
  );
}
