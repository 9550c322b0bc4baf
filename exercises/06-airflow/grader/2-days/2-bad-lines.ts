import { fail } from "@onramp/grading/check-failure";
import { sharedRun } from "@onramp/grading/shared-run";
import { shifted } from "@onramp/testbed/driving-score/days";
import { runLimitMs } from "@onramp/testbed/driving-score/scoring-dag";
import { dayWithBadLines, linesOfBadDay, type PlacedBadLine } from "../bad-lines.ts";
import { dayOf } from "../days.ts";
import { checkOfDag } from "../check.ts";
import type { DrivingScore } from "../driving-score.ts";
import {
  demandRejectedAt,
  insertRejected,
  placeOfEarlierVersion,
  placesOf,
  type RejectedRow,
  rejectedRows,
} from "../rejected-lines.ts";
import { expectedScores } from "../scores.ts";
import { plainDay } from "../trip-files.ts";

const concurrent = { concurrent: true, withinMs: 240_000 };
/** 5 in 100. */
const mostBadLines = 8;

checkOfDag("sets-bad-lines-aside", concurrent, async (score, context) => {
  const day = dayOf(context.seed, "bad lines");
  const { lines, bad } = dayWithBadLines(context.seed, day, mostBadLines);
  await insertRejected(score, day);
  await score.putDay(day, lines);
  const when = `, with ${bad.length} bad lines among ${linesOfBadDay}`;
  await score.untilDone(await score.trigger(day), context, { when });
  await score.demandRows(
    day,
    expectedScores(day, lines),
    `With ${bad.length} bad lines among ${linesOfBadDay}`,
  );
  demandRejected(bad, await rejectedRows(score, day));
});

function demandRejected(bad: readonly PlacedBadLine[], rows: readonly RejectedRow[]): void {
  const refuse = (what: string, expected: string): never =>
    fail(`rejected_line is not right: ${what}.`, {
      expected,
      actual: rows.length === 0 ? "no rows" : `rows for ${placesOf(rows)}`,
    });
  for (const { source, number, what, names, line } of bad) {
    const place = `line ${number} of ${source} (${what})`;
    const row = rows.find((each) => each.source === source && each.line_number === number);
    if (row === undefined) return refuse(`${place} has no row`, `a row for ${place}`);
    if (row.reason === "" || (names !== undefined && !row.reason.includes(names)))
      refuse(
        `the reason for ${place} is “${row.reason}”`,
        `a reason that names ${names ?? "what is wrong"}`,
      );
    // As the brief says, for what PostgreSQL's text cannot hold.
    const text = line.toString().replaceAll("\0", "\u{fffd}");
    if (row.line !== text)
      refuse(`the row for ${place} keeps “${row.line}”`, `the line as text, “${text}”`);
  }
  if (rows.length > bad.length)
    refuse(`${rows.length} lines were set aside, and ${bad.length} are bad`, `${bad.length} rows`);
}

/** A day with one bad line too many, and the day behind it. */
const runBadDay = sharedRun(async (score: DrivingScore, context) => {
  const day = dayOf(context.seed, "too many bad lines");
  const next = shifted(day, 1);
  await score.insertRow(day, "driver-of-an-earlier-version");
  await insertRejected(score, day);
  const { lines } = dayWithBadLines(context.seed, day, mostBadLines + 1);
  await score.putDay(day, lines);
  await score.putDay(next, plainDay(context.seed, next, 30));
  const runId = await score.trigger(day);
  const nextRunId = await score.trigger(next);
  return { day, runId, next, nextRunId };
});

checkOfDag("stops-at-too-many-bad-lines", concurrent, async (score, context) => {
  const { day, runId } = await runBadDay(score, context);
  const when = `, with ${mostBadLines + 1} bad lines among ${linesOfBadDay}`;
  const state = await score.untilOver(runId, context, { when });
  const before = new Map([
    ["driver-of-an-earlier-version", { score: "0.00", trips: 0, complete: false }],
  ]);
  const unchanged = "With more than 5 bad lines in 100, of which nothing may be written";
  await score.demandRows(day, before, unchanged);
  await demandRejectedAt(placeOfEarlierVersion, score, day, unchanged);
  if (state === "failed") return;
  await score.keepRun(runId, context.evidence);
  fail(`The run of ${day}${when}, has not failed: nobody would hear of it.`, {
    expected: "the run fails",
    actual: `its state is ${state}`,
  });
});

checkOfDag("goes-on-after-a-failed-day", concurrent, async (score, context) => {
  const { day, runId, next, nextRunId } = await runBadDay(score, context);
  const state = await score.untilOver(runId, context);
  const when = state === "failed" ? `, the day after ${day}, whose run has failed` : "";
  await score.untilDone(nextRunId, context, { when, withinMs: runLimitMs / 2 });
  await score.demandRows(
    next,
    expectedScores(next, plainDay(context.seed, next, 30)),
    "On the day after one that failed",
  );
});
