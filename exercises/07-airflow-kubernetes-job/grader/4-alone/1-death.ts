import { fail } from "@onramp/grading/check-failure";
import { eventually } from "@onramp/grading/eventually";
import { sharedRun } from "@onramp/grading/shared-run";
import { HeldKey } from "@onramp/testbed/driving-score/held-key";
import { scoresOf } from "@onramp/testbed/driving-score/score-rows";
import { checkOfDag } from "../check.ts";
import { dayOf } from "../days.ts";
import type { StreamScore } from "../stream-score.ts";
import { tripOf } from "@onramp/testbed/driving-score/trip-of";
import { recordOf, tripsOf } from "../trip-records.ts";

/** How long the pod of a run that was given up may still be there, in milliseconds: the brief gives the number. */
const endLimitMs = 45_000;

/** A run whose pod is killed while it writes, and tried again. */
const killedRun = sharedRun(async (score: StreamScore, context) => {
  const { seed } = context;
  const day = dayOf(seed, "death");
  const trips = [...tripsOf(seed, day, 60), tripOf(seed, day, "held", { driverId: "driver-held" })];
  await score.produce(trips.map((event) => recordOf(event)));
  await score.insertRow(day, "driver-of-an-earlier-version");
  const old = await score.rowsOf(day);
  await using held = await HeldKey.of(score.warehouse, day, "driver-held");
  const runId = await score.trigger(day);
  await score.untilWriterWaits(held, day, runId, context);
  const after = scoresOf(trips, true);
  const rewriting = { day, runId, before: old, after };
  await score.demandOneVersion(rewriting, "While the job is in the middle of writing", context);
  const name = await score.runningPodOf(day);
  await score.killPod(name);
  await held.release();
  const when = ", whose pod was killed with SIGKILL while it wrote";
  await score.untilDone(runId, context, {
    when,
    onLook: async () =>
      score.demandOneVersion(
        rewriting,
        `After the pod of ${day} was killed while it wrote`,
        context,
      ),
  });
  return { day, when, name, expected: after };
});

checkOfDag("survives-a-dead-pod", { withinMs: 240_000 }, async (score, context) => {
  const { day, when, expected } = await killedRun(score, context);
  await score.demandRows(day, expected, `After the run of ${day}${when}`);
});

checkOfDag("keeps-the-pod-that-failed", { withinMs: 240_000 }, async (score, context) => {
  const { day, name } = await killedRun(score, context);
  const left = (await score.namespace.pods()).map(({ metadata }) => metadata?.name ?? "");
  if (left.includes(name)) return;
  fail(
    `The pod ${name} was killed in the run of ${day}, and it is gone: nobody can look after it.`,
    {
      expected: `the pod ${name} is still there`,
      actual: left.length === 0 ? "no pod is there" : `there are ${left.join(", ")}`,
    },
  );
});

checkOfDag("ends-the-pod-with-the-run", { withinMs: 240_000 }, async (score, context) => {
  const { seed } = context;
  const day = dayOf(seed, "giving up");
  const trips = [...tripsOf(seed, day, 30), tripOf(seed, day, "held", { driverId: "driver-held" })];
  await score.produce(trips.map((event) => recordOf(event)));
  await using held = await HeldKey.of(score.warehouse, day, "driver-held");
  const runId = await score.trigger(day);
  await score.untilWriterWaits(held, day, runId, context);
  const pod = await score.runningPodOf(day);
  await score.airflow.runs.markFailed(score.dagId, runId);
  await score.withEvidence(runId, context, async () =>
    eventually(
      `The pod ${pod} ends, after the run of ${day} was marked as failed`,
      async () => {
        const alive = (await score.podsOf(day)).filter(
          ({ status }) => status?.phase === "Running" || status?.phase === "Pending",
        );
        const names = alive.map(({ metadata }) => metadata?.name).join(", ");
        return { done: alive.length === 0, seen: `${names} runs on` };
      },
      { withinMs: endLimitMs, everyMs: 300, signal: context.signal },
    ),
  );
  // As the database does, when it finds out that nobody waits for the answer any more.
  await held.cutWaiters();
  await held.release();
  await score.demandRows(
    day,
    new Map(),
    `After the run of ${day} was marked as failed while it wrote`,
  );
});
