import type { CheckContext } from "@onramp/grading/check";
import { fail } from "@onramp/grading/check-failure";
import { sharedRun } from "@onramp/grading/shared-run";
import { shifted } from "@onramp/testbed/driving-score/days";
import { firstDifference, type ScoresByDriver } from "@onramp/testbed/driving-score/score-rows";
import { checkOfDag } from "./check.ts";
import { dayOf } from "./days.ts";
import { fullDay, lateDrivers, otherDaysDrivers } from "./full-day.ts";
import type { StreamScore } from "./stream-score.ts";

const shared = { withinMs: 180_000 };

interface ScoredDay {
  readonly day: string;
  readonly expected: ScoresByDriver;
  readonly rows: ScoresByDriver;
  /** What Airflow shows of its tasks. */
  readonly log: string;
}

/** The run of a day with everything in it; each check looks at drivers of its own. */
const scoredDay = sharedRun(async (score: StreamScore, context): Promise<ScoredDay> => {
  const day = dayOf(context.seed, "scoring");
  const { records, expected } = fullDay(context.seed, day);
  await score.insertRow(day, "driver-of-an-earlier-version");
  for (const neighbour of [shifted(day, -1), shifted(day, 1)])
    await score.insertRow(neighbour, "driver-next-door");
  await score.produce(records);
  const runId = await score.trigger(day);
  await score.untilDone(runId, context);
  return { day, expected, rows: await score.rowsOf(day), log: await score.logOf(runId) };
});

function without(rows: ScoresByDriver, drivers: readonly string[]): ScoresByDriver {
  return new Map([...rows].filter(([driver]) => !drivers.includes(driver)));
}

function onlyOf(rows: ScoresByDriver, drivers: readonly string[]): ScoresByDriver {
  return new Map([...rows].filter(([driver]) => drivers.includes(driver)));
}

function demandSame(
  day: string,
  expected: ScoresByDriver,
  rows: ScoresByDriver,
  why: string,
): void {
  const difference = firstDifference(expected, rows);
  if (difference === undefined) return;
  fail(`driving_score is not right for ${day}: ${difference}.${why}`, {
    expected: "the rows that the topic comes to",
    actual: difference,
  });
}

checkOfDag("scores-the-day", shared, async (score, context) => {
  const { day, expected, rows, log } = await scoredDay(score, context);
  const others = [...lateDrivers, ...otherDaysDrivers];
  demandSame(day, without(expected, others), without(rows, others), "");
  // Whether there is a log at all is the matter of another check.
  const told = [...log.matchAll(/"drivers":\s*(\d+)/g)].at(-1)?.[1];
  if (told === undefined || Number(told) === rows.size) return;
  fail(`The job of ${day} says that it wrote ${told} rows, and it wrote ${rows.size}.`, {
    expected: `"drivers":${rows.size}`,
    actual: `"drivers":${told}`,
  });
});

checkOfDag("leaves-other-days-alone", shared, async (score, context: CheckContext) => {
  const { day, expected, rows } = await scoredDay(score, context);
  const why =
    " The trips of driver-before ended the day before, and those of driver-after the day after.";
  demandSame(day, onlyOf(expected, otherDaysDrivers), onlyOf(rows, otherDaysDrivers), why);
  const kept = new Map([["driver-next-door", { score: "0.00", trips: 0, complete: false }]]);
  for (const neighbour of [shifted(day, -1), shifted(day, 1)])
    await score.demandRows(neighbour, kept, `After the run of ${day}`);
});

checkOfDag("counts-late-records", shared, async (score, context) => {
  const { day, expected, rows } = await scoredDay(score, context);
  const why =
    " The trip of driver-late came into the topic 1 ms before the lateness was over, and a correction of it, as the trip of driver-too-late, in the moment when it was.";
  demandSame(day, onlyOf(expected, lateDrivers), onlyOf(rows, lateDrivers), why);
});
