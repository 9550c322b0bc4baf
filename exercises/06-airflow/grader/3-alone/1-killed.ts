import { HeldKey } from "@onramp/testbed/driving-score/held-key";
import { dayOf } from "../days.ts";
import { checkOfDag } from "../check.ts";
import { expectedScores } from "../scores.ts";
import { plainDay, tripLine } from "../trip-files.ts";

checkOfDag("writes-all-or-nothing", { withinMs: 240_000 }, async (score, context) => {
  const { seed } = context;
  const day = dayOf(seed, "kill");
  const first = plainDay(seed, day, 60);
  const before = expectedScores(day, first);
  await score.putDay(day, first);
  const runId = await score.trigger(day);
  await score.untilDone(runId, context);
  await score.demandRows(day, before, "After the first run");

  // In the middle of the drivers, from whichever end they are written.
  const driver = "driver-20-new";
  const second = {
    ...first,
    box: [...first.box.slice(5), tripLine(seed, day, "new", { driverId: driver })],
  };
  const after = expectedScores(day, second);
  await using held = await HeldKey.of(score.warehouse, day, driver);
  await score.putDay(day, second);
  await score.clear(runId);
  await score.untilWriterWaits(held, day, runId, context);
  const rewriting = { day, runId, before, after };
  const demandWhole = async (when: string): Promise<void> =>
    score.demandOneVersion(rewriting, when, context);
  await demandWhole("While the DAG is in the middle of writing");
  // One that waits for a lock only for a while may be between two tries.
  await score.untilSeen(
    `A process of Airflow writes ${day}, and is killed`,
    runId,
    context,
    async () => {
      const killed = (await held.hasWaiters()) ? await score.airflow.killClientsOf(score.port) : 0;
      return { done: killed > 0, seen: "none has a connection to the warehouse and waits" };
    },
  );
  await held.release();
  await demandWhole("After the process that wrote was killed with SIGKILL");
  const when = ", whose process was killed with SIGKILL while it wrote";
  await score.untilDone(runId, context, {
    when,
    onLook: async () => demandWhole(`While the run of ${day} goes on after that`),
  });
  await score.demandRows(day, after, `After the run of ${day}${when}`);
});
