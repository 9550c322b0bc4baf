import { fail } from "@onramp/grading/check-failure";
import { watchFor } from "@onramp/grading/watch-for";
import { shifted } from "@onramp/testbed/driving-score/days";
import { dayOf } from "../days.ts";
import { checkOfDag } from "../check.ts";
import { pauses } from "../driving-score.ts";
import { expectedScores } from "../scores.ts";
import { plainDay } from "../trip-files.ts";

const outageMs = 2000;
/** Within the outage: one try each RETRY_SECONDS is less than this by far. */
const mostAttempts = 10;

checkOfDag("retries-the-database", { withinMs: 240_000 }, async (score, context) => {
  const day = dayOf(context.seed, "database");
  const lines = plainDay(context.seed, day, 30);
  await score.putDay(day, lines);
  await score.door.sever();
  const before = await score.door.connections();
  const runId = await score.trigger(day);
  await score.untilSeen(
    "The DAG connects to the warehouse, which closes every connection at once",
    runId,
    context,
    async () => {
      const attempts = (await score.door.connections()) - before;
      return { done: attempts > 0, seen: `${attempts} connections` };
    },
  );
  const surplus = await watchFor(
    async () => {
      const attempts = (await score.door.connections()) - before;
      return { done: attempts > mostAttempts, seen: `${attempts} connections` };
    },
    { forMs: outageMs, signal: context.signal },
  );
  if (surplus !== undefined)
    fail(`While the database was away for ${outageMs / 1000} s, the DAG made ${surplus.seen}.`, {
      expected: `at most ${mostAttempts}: a pause of RETRY_SECONDS (${pauses.retry}) between two tries`,
      actual: surplus.seen,
    });
  await score.door.heal();
  const when = `, whose database was away for ${outageMs / 1000} s`;
  await score.untilDone(runId, context, { when });
  await score.demandRows(day, expectedScores(day, lines), `After the run of ${day}${when}`);
});

// The last one: everything after it has the new connection.
checkOfDag("reads-the-connection", { withinMs: 180_000 }, async (score, context) => {
  const before = dayOf(context.seed, "connection");
  const day = shifted(before, 1);
  const lines = plainDay(context.seed, day, 30);
  await score.putDay(before, plainDay(context.seed, before, 30));
  await score.putDay(day, lines);
  // Whoever keeps the connection from its first use has used it now.
  await score.untilDone(await score.trigger(before), context);
  await score.moveWarehouse(context.seed.hex("new password", 24));
  const when = ", after the warehouse got another port and its user another password";
  await score.untilDone(await score.trigger(day), context, { when });
  await score.demandRows(day, expectedScores(day, lines), `In the run of ${day}${when}`);
});
