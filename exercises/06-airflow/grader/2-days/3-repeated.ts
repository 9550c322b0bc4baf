import type { CheckContext } from "@onramp/grading/check";
import { eventually } from "@onramp/grading/eventually";
import { isOver } from "@onramp/testbed/airflow/dag-runs";
import { shifted } from "@onramp/testbed/driving-score/days";
import { HeldKey } from "@onramp/testbed/driving-score/held-key";
import { runLimitMs } from "@onramp/testbed/driving-score/scoring-dag";
import { dayOf } from "../days.ts";
import { checkOfDag } from "../check.ts";
import { type DrivingScore, pauses } from "../driving-score.ts";
import { demandAlerts } from "../missing-sources.ts";
import { demandRejectedAt, insertRejected, placeOfEarlierVersion } from "../rejected-lines.ts";
import { expectedScores } from "../scores.ts";
import { plainDay, sources, tripLine } from "../trip-files.ts";

const concurrent = { concurrent: true, withinMs: 300_000 };

checkOfDag("repeats-without-a-change", concurrent, async (score, context) => {
  const { seed } = context;
  const day = dayOf(seed, "repeating");
  const neighbour = shifted(day, 1);
  await score.insertRow(neighbour, "driver-next-door");
  const first = plainDay(seed, day, 60);
  first.app.push(tripLine(seed, day, "gone", { driverId: "driver-gone" }));
  await score.putDay(day, first);
  const runId = await score.trigger(day);
  await score.untilDone(runId, context);
  await score.demandRows(day, expectedScores(day, first), "After the first run");

  await score.clear(runId);
  await score.untilDone(runId, context, { when: ", cleared and run again" });
  await score.demandRows(day, expectedScores(day, first), "After a second run of the same day");

  // A newer file of one source: a driver is gone, one is new, and others have more trips.
  const app = plainDay(seed, day, 90).app;
  app.push(tripLine(seed, day, "new", { driverId: "driver-new" }));
  const second = { ...first, app };
  const rewriting = {
    day,
    runId,
    before: expectedScores(day, first),
    after: expectedScores(day, second),
  };
  await score.putDay(day, second);
  // Whoever deletes what is gone stands still there: what was written before is seen, if it is committed.
  await using held = await HeldKey.ofRow(score.warehouse, day, "driver-gone");
  await score.clear(runId);
  const state = await untilHeldUp(held, runId, score, context);
  const when = `While the rows of ${day} are replaced, in the moment in which that of driver-gone goes`;
  if (state !== "success") await score.demandOneVersion(rewriting, when, context);
  await held.release();
  if (state === "failed") await score.clear(runId);
  await score.untilDone(runId, context, { when: ", run again with a newer file" });
  await score.demandRows(day, rewriting.after, "After a run with a newer file of one source");
  const kept = new Map([["driver-next-door", { score: "0.00", trips: 0, complete: false }]]);
  await score.demandRows(neighbour, kept, `After runs of ${day}, the day before`);
});

checkOfDag("survives-a-clear", concurrent, async (score, context) => {
  const day = dayOf(context.seed, "clear");
  const lines = plainDay(context.seed, day, 60);
  const [driver = ""] = expectedScores(day, lines).keys();
  await score.insertRow(day, driver);
  // A row and not a new key: before that, who locks the whole table against other writers for the day of another check
  // would wait as well, and the run would be cleared before it writes.
  await using held = await HeldKey.ofRow(score.warehouse, day, driver);
  await score.putDay(day, lines);
  const runId = await score.trigger(day);
  await untilHeldUp(held, runId, score, context);
  await score.clear(runId);
  await held.release();
  const when = ", cleared while a row of the day was locked";
  await score.untilDone(runId, context, { when });
  await score.demandRows(day, expectedScores(day, lines), `After the run of ${day}${when}`);
});

checkOfDag("keeps-the-deadline", concurrent, async (score, context) => {
  const { seed } = context;
  const day = dayOf(seed, "deadline");
  const { partner: late, ...there } = plainDay(seed, day, 60);
  const expected = expectedScores(day, there);
  const [driver = ""] = expected.keys();
  await score.putDay(day, there);
  // Beside it, a day of which no file comes at all.
  const bare = shifted(day, 1);
  await insertRejected(score, bare);
  const runId = await score.trigger(day);
  const deadline = performance.now() + pauses.deadline * 1000;
  const bareRunId = await score.trigger(bare);
  await score.demandNoRowsFor(day, deadline - performance.now(), runId, context);
  await demandRejectedAt(
    placeOfEarlierVersion,
    score,
    bare,
    "Before the deadline, without any file",
  );
  await demandAlerts(score.airflow, bare, [], context, ", before its deadline,");
  // The first try to write is cut off: whoever alerts in the same task would alert again. Only now, because somebody who
  // locks the whole table for a day of another check would wait for the key too.
  await using held = await HeldKey.of(score.warehouse, day, driver);
  await score.untilWriterWaits(held, day, runId, context);
  await held.cutWaiters();
  await held.release();
  const when = `, whose source partner is missing after the ${pauses.deadline} s of the deadline`;
  await score.untilDone(runId, context, { when });
  await score.demandRows(day, expected, "After the deadline, without the source partner");
  await demandAlerts(score.airflow, day, ["partner"], context);

  const none = ", of which there is no file after the deadline";
  await score.untilDone(bareRunId, context, { when: none });
  await score.demandRows(bare, new Map(), "After the deadline, without any file");
  await demandRejectedAt("", score, bare, "After the deadline, without any file");
  await demandAlerts(score.airflow, bare, sources, context, `${none},`);

  // What came too late heals the day when it is run again.
  await score.putDay(day, { partner: late });
  await score.clear(runId);
  await score.untilDone(runId, context, { when: ", run again with all sources" });
  await score.demandRows(
    day,
    expectedScores(day, { ...there, partner: late }),
    "Run again with all sources",
  );
  // Nothing was missing any more, and nobody was told again.
  await demandAlerts(score.airflow, day, ["partner"], context);
});

/**
 * Waits until a run stands still before a row that is held. Who gives way instead and tries again has failed by and by, or
 * still tries after {@link runLimitMs}; who leaves the row alone has done well.
 * @returns the state of the run
 */
async function untilHeldUp(
  held: HeldKey,
  runId: string,
  score: DrivingScore,
  context: CheckContext,
): Promise<string> {
  const giveUpAt = performance.now() + runLimitMs;
  return score.withEvidence(runId, context, async () =>
    eventually(
      `The run ${runId} writes, or is over`,
      async () => {
        const waits = await held.hasWaiters();
        const { state } = await score.airflow.runs.run(score.dagId, runId);
        const done = waits || isOver(state) || performance.now() > giveUpAt;
        return { done, seen: `it is ${state}`, value: state };
      },
      { withinMs: runLimitMs * 2, everyMs: 200, signal: context.signal },
    ),
  );
}
