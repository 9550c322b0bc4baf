import { setTimeout as pause } from "node:timers/promises";
import type { CheckContext } from "@onramp/grading/check";
import { fail } from "@onramp/grading/check-failure";
import { shifted } from "@onramp/testbed/driving-score/days";
import { HeldKey } from "@onramp/testbed/driving-score/held-key";
import { scoresOf } from "@onramp/testbed/driving-score/score-rows";
import { describePod } from "@onramp/testbed/kubernetes/pod-state";
import { checkOfDag } from "./check.ts";
import { dayOf } from "./days.ts";
import type { StreamScore } from "./stream-score.ts";
import { tripOf } from "@onramp/testbed/driving-score/trip-of";
import { tripPartitions } from "@onramp/testbed/trips/trip-record";
import { recordOf, tripsOf } from "./trip-records.ts";

/** How often a record comes into each partition, in milliseconds: the brief's twenty a second. No pause is left to take for the end. */
const streamEveryMs = 50;
/** How long a run may take while the stream goes on, in milliseconds: the brief gives the number. */
const streamingLimitMs = 60_000;

checkOfDag("ends-while-the-stream-goes-on", { withinMs: 180_000 }, async (score, context) => {
  const { seed } = context;
  const day = dayOf(seed, "streaming");
  const trips = tripsOf(seed, day, 60);
  await score.produce(trips.map((event) => recordOf(event)));
  const stopped = new AbortController();
  const stream = async (): Promise<void> => {
    for (let count = 0; !stopped.signal.aborted; count += 1) {
      const records = Array.from({ length: tripPartitions }, (_, partition) => ({
        ...recordOf(tripOf(seed, shifted(day, 1), `stream ${count} ${partition}`)),
        partition,
      }));
      await score.produce(records);
      await pause(streamEveryMs);
    }
  };
  const streaming = stream();
  try {
    await score.untilDone(await score.trigger(day), context, {
      when: ", while twenty times a second a record comes into each partition",
      withinMs: streamingLimitMs,
    });
  } finally {
    stopped.abort();
    // What the run has come to is told first.
    await Promise.allSettled([streaming]);
  }
  await streaming;
  await score.demandRows(day, scoresOf(trips, true), "After a run while the stream goes on");
});

/** A driver of an earlier version of a day, who has no trip any more. */
const goneDriver = "driver-of-an-earlier-version";

checkOfDag("keeps-days-apart", { withinMs: 240_000 }, async (score, context) => {
  const { seed } = context;
  const first = dayOf(seed, "side by side");
  const second = shifted(first, 1);
  const days = [first, second];
  const tripsOn = (day: string) => tripsOf(seed, day, 60);
  await score.produce(days.flatMap((day) => tripsOn(day).map((event) => recordOf(event))));
  // Each waits in the middle of writing until the other one is there as well.
  await using locks = new AsyncDisposableStack();
  const held = new Map<string, HeldKey>();
  for (const day of days) {
    await score.insertRow(day, goneDriver);
    held.set(day, locks.use(await HeldKey.ofRow(score.warehouse, day, goneDriver)));
  }
  const runIds = new Map<string, string>();
  for (const day of days) runIds.set(day, await score.trigger(day));
  for (const [day, key] of held)
    await score.untilWriterWaits(key, day, runIds.get(day) ?? "", context);
  // One that locks the whole table waits for both rows, and is one.
  await score.untilSeen(
    "The jobs of both days write",
    runIds.get(first) ?? "",
    context,
    async () => {
      const waiting = await Promise.all([...held.values()].map(async (key) => key.waiters()));
      const writers = new Set(waiting.flat()).size;
      return { done: writers >= days.length, seen: `${writers} of them does` };
    },
  );
  for (const day of days) {
    const before = new Map([[goneDriver, { score: "0.00", trips: 0, complete: false }]]);
    const rewriting = {
      day,
      runId: runIds.get(day) ?? "",
      before,
      after: scoresOf(tripsOn(day), true),
    };
    await score.demandOneVersion(rewriting, "While the jobs of both days write", context);
  }
  // The one ends while the other is in the middle of writing.
  const letGo = async (day: string): Promise<void> => {
    await held.get(day)?.release();
    await score.untilDone(runIds.get(day) ?? "", context, { when: ", with another day beside it" });
  };
  const atWork = await score.runningPodOf(second);
  await letGo(first);
  await demandAtWork(score, atWork, { day: second, after: first }, context);
  await letGo(second);
  for (const day of days)
    await score.demandRows(day, scoresOf(tripsOn(day), true), "After two days at the same time");
});

/** Demands that a pod has outlived the end of another day's run. */
async function demandAtWork(
  score: StreamScore,
  name: string,
  { day, after }: { readonly day: string; readonly after: string },
  { evidence }: CheckContext,
): Promise<void> {
  const pods = await score.namespace.pods();
  const pod = pods.find(({ metadata }) => metadata?.name === name);
  if (pod?.status?.phase === "Running" && pod.metadata?.deletionTimestamp === undefined) return;
  await score.namespace.keepEvidence(evidence);
  const seen = pod === undefined ? "it is gone" : describePod(pod);
  fail(
    `The pod ${name} wrote the rows of ${day} when the run of ${after} ended, and did not outlive that: ${seen}.`,
    { expected: `the pod of ${day} goes on when another day's run ends`, actual: seen },
  );
}
