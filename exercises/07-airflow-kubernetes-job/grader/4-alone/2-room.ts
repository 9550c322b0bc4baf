import { fail } from "@onramp/grading/check-failure";
import { scoresOf } from "@onramp/testbed/driving-score/score-rows";
import { checkOfDag } from "../check.ts";
import { dayOf } from "../days.ts";
import { pauses } from "../stream-score.ts";
import { recordOf, tripsOf } from "../trip-records.ts";

/** Beside POD_START_SECONDS: what Airflow takes to begin a task and to end it, in milliseconds. */
const graceMs = 30_000;

checkOfDag("gives-up-without-room", { withinMs: 240_000 }, async (score, context) => {
  const day = dayOf(context.seed, "no room");
  const trips = tripsOf(context.seed, day, 30);
  await score.produce(trips.map((event) => recordOf(event)));
  await using full = await score.leaveNoRoom();
  const runId = await score.trigger(day);
  const start = performance.now();
  await score.untilSeen(
    `The task of ${day} gives up ${pauses.podStart} s after it asked for a pod for which no node has room`,
    runId,
    context,
    async () => {
      const states = (await score.airflow.runs.tasks(score.dagId, runId)).map(({ state }) => state);
      const gaveUp = states.some((state) => state === "up_for_retry" || state === "failed");
      return { done: gaveUp, seen: states.join(", ") };
    },
    { withinMs: pauses.podStart * 1000 + graceMs },
  );
  const seconds = (performance.now() - start) / 1000;
  if (seconds < pauses.podStart)
    fail(
      `The task of ${day} gave up after ${seconds.toFixed(0)} s, when no node had room for its pod.`,
      {
        expected: `it waits for POD_START_SECONDS (${pauses.podStart})`,
        actual: `${seconds.toFixed(0)} s`,
      },
    );
  // First of all: the next try may be under way.
  await full[Symbol.asyncDispose]();
  const log = await score.logOf(runId, 1);
  if (!log.includes("nodes are available")) {
    context.evidence("The log of the task", log.slice(-6000));
    fail(`The log of the task that gave up does not say why its pod found no room.`, {
      expected: "what the scheduler says: “0/1 nodes are available: …”",
      actual: log.trim().split("\n").at(-1) ?? "an empty log",
    });
  }
  await score.untilDone(runId, context, { when: ", when there is room again" });
  await score.demandRows(day, scoresOf(trips, true), "After there is room again");
});
