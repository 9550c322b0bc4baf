import { fail } from "@onramp/grading/check-failure";
import { eventually } from "@onramp/grading/eventually";
import { isOver } from "@onramp/testbed/airflow/dag-runs";
import { shifted } from "@onramp/testbed/driving-score/days";
import { firstDifference } from "@onramp/testbed/driving-score/score-rows";
import { runLimitMs } from "@onramp/testbed/driving-score/scoring-dag";
import { dayOf } from "../days.ts";
import { checkOfDag } from "../check.ts";
import { demandAlerts } from "../missing-sources.ts";
import { dagId } from "../deployment.ts";
import { expectedScores, linesOfDriver } from "../scores.ts";
import { fullDay, plainDay } from "../trip-files.ts";

const concurrent = { concurrent: true, withinMs: 240_000 };

checkOfDag("scores-the-day", concurrent, async (score, context) => {
  const day = dayOf(context.seed, "scoring");
  const lines = fullDay(context.seed, day, 300);
  const expected = expectedScores(day, lines);
  await score.putDay(day, lines);
  await score.untilDone(await score.trigger(day), context);
  const difference = firstDifference(expected, await score.rowsOf(day));
  if (difference === undefined) return;
  const driver = /driver-[^ ,:;]+/.exec(difference)?.[0] ?? "";
  context.evidence(`The lines of ${driver}`, linesOfDriver(driver, lines));
  fail(`driving_score is not right for ${day}: ${difference}.`, {
    expected: `the ${expected.size} rows that the day's files come to`,
    actual: difference,
  });
});

checkOfDag("takes-an-empty-day", concurrent, async (score, context) => {
  const day = dayOf(context.seed, "empty");
  await score.insertRow(day, "driver-of-an-earlier-version");
  await score.putDay(day, { app: [], box: [], partner: [] });
  await score.untilDone(await score.trigger(day), context, {
    when: ", whose three files are empty",
  });
  await score.demandRows(day, new Map(), "After a day whose three files are empty");
  await demandAlerts(score.airflow, day, [], context);
});

checkOfDag("backfills-five-days", concurrent, async (score, context) => {
  const first = dayOf(context.seed, "backfill");
  const last = shifted(first, 4);
  const days = Array.from({ length: 7 }, (_, index) => shifted(first, index - 1));
  const linesOf = (day: string) => plainDay(context.seed, day, 30);
  await Promise.all(days.map(async (day) => score.putDay(day, linesOf(day))));
  await score.airflow.runs.backfill(dagId, first, last);
  await eventually(
    `The backfill from ${first} to ${last} is over`,
    async () => {
      const runs = await score.airflow.runs.all(dagId);
      const backfill = runs.filter(({ run_type }) => run_type === "backfill");
      const states = backfill.map(
        ({ data_interval_start, state }) => `${data_interval_start?.slice(0, 10)} ${state}`,
      );
      const done = backfill.length >= 5 && backfill.every(({ state }) => isOver(state));
      return { done, seen: states.join(", ") };
    },
    { withinMs: runLimitMs, everyMs: 500, signal: context.signal },
  );
  for (const day of days) {
    const isAsked = day >= first && day <= last;
    const expected = isAsked ? expectedScores(day, linesOf(day)) : new Map();
    const what = isAsked ? "which is one of them" : "which is none of them";
    await score.demandRows(day, expected, `After the backfill from ${first} to ${last}, ${what}`);
  }
});
