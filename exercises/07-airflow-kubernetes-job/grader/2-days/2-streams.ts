import { setTimeout as pause } from "node:timers/promises";
import { shifted } from "@onramp/testbed/driving-score/days";
import { scoresOf } from "@onramp/testbed/driving-score/score-rows";
import { checkOfDag } from "../check.ts";
import { dayOf } from "../days.ts";
import { recordOf, tripOf, tripsOf } from "../trip-records.ts";

/** How long a run may take while the stream goes on, in milliseconds: the brief gives the number. */
const streamingLimitMs = 60_000;

checkOfDag(
  "ends-while-the-stream-goes-on",
  { concurrent: true, withinMs: 180_000 },
  async (score, context) => {
    const { seed } = context;
    const day = dayOf(seed, "streaming");
    const trips = tripsOf(seed, day, 60);
    await score.produce(trips.map((event) => recordOf(event)));
    const stopped = new AbortController();
    const streaming = (async () => {
      for (let count = 0; !stopped.signal.aborted; count += 1) {
        const records = [0, 1, 2].map((partition) => ({
          ...recordOf(tripOf(seed, shifted(day, 1), `stream ${count} ${partition}`)),
          partition,
        }));
        await score.produce(records);
        await pause(200);
      }
    })();
    try {
      await score.untilDone(await score.trigger(day), context, {
        when: ", while five times a second a record comes into each partition",
        withinMs: streamingLimitMs,
      });
    } finally {
      stopped.abort();
      await streaming;
    }
    await score.demandRows(day, scoresOf(trips, true), "After a run while the stream goes on");
  },
);

checkOfDag("keeps-days-apart", { concurrent: true, withinMs: 180_000 }, async (score, context) => {
  const { seed } = context;
  const first = dayOf(seed, "side by side");
  const days = [first, shifted(first, 1)];
  const tripsOn = (day: string) => tripsOf(seed, day, 60);
  await score.produce(days.flatMap((day) => tripsOn(day).map((event) => recordOf(event))));
  const runIds = await Promise.all(days.map(async (day) => score.trigger(day)));
  for (const runId of runIds)
    await score.untilDone(runId, context, { when: ", with another day beside it" });
  for (const day of days)
    await score.demandRows(day, scoresOf(tripsOn(day), true), "After two days at the same time");
});
