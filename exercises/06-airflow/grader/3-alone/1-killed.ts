import { setTimeout as pause } from "node:timers/promises";
import type { CheckContext } from "@onramp/grading/check";
import { fail } from "@onramp/grading/check-failure";
import { HeldKey } from "@onramp/testbed/driving-score/held-key";
import { firstDifference } from "@onramp/testbed/driving-score/score-rows";
import type { Rewriting } from "@onramp/testbed/driving-score/scoring-dag";
import { dayOf } from "../days.ts";
import { checkOfDag } from "../check.ts";
import type { DrivingScore } from "../driving-score.ts";
import { demandRejectedAt, placesOf, rejectedRows } from "../rejected-lines.ts";
import { expectedScores } from "../scores.ts";
import { plainDay, tripLine } from "../trip-files.ts";

const broken = Buffer.from("{");

checkOfDag("writes-all-or-nothing", { withinMs: 240_000 }, async (score, context) => {
  const { seed } = context;
  const day = dayOf(seed, "kill");
  const plain = plainDay(seed, day, 60);
  const gone = tripLine(seed, day, "gone", { driverId: "driver-gone" });
  const first = { ...plain, app: [...plain.app, gone, broken] };
  const before = expectedScores(day, first);
  await score.putDay(day, first);
  const runId = await score.trigger(day);
  await score.untilDone(runId, context);
  await score.demandRows(day, before, "After the first run");
  const rejectedBefore = `app ${first.app.length}`;
  await demandRejectedAt(rejectedBefore, score, day, "After the first run");

  // In the middle of the drivers, from whichever end they are written.
  const driver = "driver-20-new";
  const box = [...plain.box.slice(5), tripLine(seed, day, "new", { driverId: driver }), broken];
  const second = { ...plain, box };
  const after = expectedScores(day, second);
  const rewriting = { day, runId, before, after, rejectedBefore };
  await using ofDriver = await HeldKey.of(score.warehouse, day, driver);
  await using ofLine = await HeldKey.by(
    score.warehouse,
    "INSERT INTO rejected_line VALUES ($1, 'box', $2, '', '')",
    [day, String(box.length)],
  );
  await score.putDay(day, second);
  await score.clear(runId);
  // One table after the other, whichever comes first: nothing is there for others before both are.
  await score.untilSeen(`The run of ${day} writes its rows`, runId, context, async () => ({
    done: (await ofDriver.hasWaiters()) || (await ofLine.hasWaiters()),
    seen: "nothing is being written",
  }));
  await demandOld(score, rewriting, "While the DAG is in the middle of writing", context);
  const [now, then] = (await ofLine.hasWaiters()) ? [ofLine, ofDriver] : [ofDriver, ofLine];
  const writers = await now.waiters();
  await now.release();
  await score.untilSeen(`The run of ${day} writes both tables`, runId, context, async () => ({
    // What another transaction has written is seen once it is over.
    done: (await then.hasWaiters()) && !(await then.letsPass(writers)),
    seen: `${then === ofLine ? "rejected_line" : "driving_score"} is not being written`,
  }));
  await demandOld(score, rewriting, "While the DAG has written one table of two", context);
  // One that waits for a lock only for a while may be between two tries.
  await score.untilSeen(
    `A process of Airflow writes ${day}, and is killed`,
    runId,
    context,
    async () => {
      const killed = (await then.hasWaiters()) ? await score.airflow.killClientsOf(score.port) : 0;
      return { done: killed > 0, seen: "none has a connection to the warehouse and waits" };
    },
  );
  await then.release();
  const demandWhole = async (when: string): Promise<void> =>
    score.demandOneVersion(rewriting, when, context);
  await demandWhole("After the process that wrote was killed with SIGKILL");
  const when = ", whose process was killed with SIGKILL while it wrote";
  await score.untilDone(runId, context, {
    when,
    onLook: async () => demandWhole(`While the run of ${day} goes on after that`),
  });
  await score.demandRows(day, after, `After the run of ${day}${when}`);
  await demandRejectedAt(`box ${box.length}`, score, day, `After the run of ${day}${when}`);
});

/** Demands that a run which is in the middle of writing has changed nothing that others see. */
async function demandOld(
  score: DrivingScore,
  rewriting: Rewriting & { readonly rejectedBefore: string },
  when: string,
  context: CheckContext,
): Promise<void> {
  await score.demandOneVersion(rewriting, when, context);
  const { day, runId, before, rejectedBefore } = rewriting;
  // Who locks a whole table makes readers wait: they see nothing, and so nothing new.
  const seen = await Promise.race([
    Promise.all([score.rowsOf(day), rejectedRows(score, day)]),
    pause(3000),
  ]);
  if (seen === undefined) return;
  const [rows, rejected] = seen;
  const changed = [
    ...(firstDifference(before, rows) === undefined ? [] : ["driving_score"]),
    ...(placesOf(rejected) === rejectedBefore ? [] : ["rejected_line"]),
  ];
  if (changed.length === 0) return;
  await score.keepRun(runId, context.evidence);
  fail(
    `${when}, ${changed.join(" and ")} of ${day} ${changed.length > 1 ? "are" : "is"} not as before any more, for everybody who looks: a part was committed before the rest was written.`,
    {
      expected: "the old rows in both tables, until one commit brings the new ones",
      actual: `${rows.size} rows in driving_score, and lines set aside: ${placesOf(rejected) || "none"}`,
    },
  );
}
