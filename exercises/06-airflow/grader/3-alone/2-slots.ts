import type { CheckContext } from "@onramp/grading/check";
import { eventually } from "@onramp/grading/eventually";
import { shifted } from "@onramp/testbed/driving-score/days";
import { dayOf } from "../days.ts";
import { checkOfDag } from "../check.ts";
import { demandAlerts } from "../missing-sources.ts";
import { dagId } from "../deployment.ts";
import { type DrivingScore, pauses } from "../driving-score.ts";
import { expectedScores } from "../scores.ts";
import { plainDay } from "../trip-files.ts";

const slots = 4;
const waitingRuns = slots + 1;
const waitingLimitMs = 30_000;
/** How long the same tasks have to be in work until they are those that wait, in milliseconds. */
const settledMs = 6000;
/** When the slots are asked for in any case, in milliseconds: a DAG of many tasks is not to come near its deadline. */
const settlingLimitMs = 12_000;
const canaryLimitMs = 20_000;
const over = ["success", "failed", "skipped", "upstream_failed", "removed"];
/** What a run needs between the moment in which its last file comes and its deadline, in milliseconds. */
const marginMs = (pauses.poke + 4) * 1000;

checkOfDag("waits-without-a-slot", { withinMs: 240_000 }, async (score, context) => {
  const first = dayOf(context.seed, "slots");
  const days = Array.from({ length: waitingRuns }, (_, index) => shifted(first, index));
  const linesOf = (day: string) => plainDay(context.seed, day, 30);
  for (const day of days) {
    const { app, box } = linesOf(day);
    await score.putDay(day, { app, box });
  }
  const triggeredAt = performance.now();
  const runIds = await Promise.all(days.map(async (day) => score.trigger(day)));
  try {
    await untilWaiting(score, runIds, context);
    await demandSlots(score, context);
  } catch (error) {
    for (const runId of runIds.slice(0, 2)) await score.keepRun(runId, context.evidence);
    throw error;
  }
  const elapsedMs = performance.now() - triggeredAt;
  if (elapsedMs > pauses.deadline * 1000 - marginMs)
    score.tooSlow(
      `It took ${(elapsedMs / 1000).toFixed(0)} s until the runs were waiting and the slots had been asked for, and their deadline is after ${pauses.deadline} s.`,
    );
  await Promise.all(days.map(async (day) => score.putDay(day, { partner: linesOf(day).partner })));
  for (const [index, day] of days.entries()) {
    await score.untilDone(runIds[index] ?? "", context, {
      when: ", whose source partner came late",
    });
    await score.demandRows(
      day,
      expectedScores(day, linesOf(day)),
      "With a source that came before the deadline",
    );
    await demandAlerts(score.airflow, day, [], context);
  }
});

/** Waits until the runs have begun what they wait with, and do nothing else any more. */
async function untilWaiting(
  { airflow }: DrivingScore,
  runIds: readonly string[],
  { signal }: CheckContext,
): Promise<void> {
  const start = performance.now();
  let last = "";
  let since = start;
  await eventually(
    `${waitingRuns} runs of days whose source partner is missing wait at the same time`,
    async () => {
      const begun = await Promise.all(
        runIds.map(async (runId) => {
          const tasks = await airflow.runs.tasks(dagId, runId);
          const inWork = tasks.filter(
            ({ state, try_number }) => try_number > 0 && !over.includes(state ?? ""),
          );
          return inWork.map(({ task_id, map_index }) => `${task_id} ${map_index}`).join();
        }),
      );
      const names = begun.join(";");
      const now = performance.now();
      if (names !== last) since = now;
      last = names;
      const waiting = begun.filter((tasks) => tasks !== "").length;
      // A run that holds its slot keeps those behind it from beginning: four are enough to be one too many.
      const isSettled = now - since > settledMs || now - start > settlingLimitMs;
      return { done: waiting >= slots && isSettled, seen: `${waiting} of ${waitingRuns}` };
    },
    { withinMs: waitingLimitMs, everyMs: 300, signal },
  );
}

/** Demands that all slots can be had by tasks of another DAG. */
async function demandSlots({ airflow }: DrivingScore, { signal }: CheckContext): Promise<void> {
  const { runs, lake } = airflow;
  const dag = "onramp_canaries";
  await runs.trigger(dag, "slots");
  try {
    await eventually(
      `Tasks of another DAG get all ${slots} slots of Airflow while ${waitingRuns} runs wait for a late source`,
      async () => {
        const tasks = await runs.tasks(dag, "slots");
        const running = tasks.filter(({ state }) => state === "running").length;
        return { done: running === slots, seen: `they have ${running}` };
      },
      { withinMs: canaryLimitMs, everyMs: 300, signal },
    );
  } finally {
    // They sing until they see it.
    await lake.put(new Map([["onramp/canaries-released", Buffer.alloc(0)]]));
  }
}
