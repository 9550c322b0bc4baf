import { type GradeReport, reportOutcome } from "@onramp/grading/report";
import { stringify } from "csv-stringify/sync";
import { z } from "zod";
import { renderValidated } from "./json.ts";
import { visibleText } from "./visible-text.ts";

/** One graded submission of many. */
const scoreRow = z.strictObject({
  name: z
    .string()
    .describe("The end of the submission's path, joined by hyphens: no other row has the same."),
  exercise: z.string().describe("The exercise's id."),
  outcome: reportOutcome.describe("The outcome of the grading."),
  earned: z.int().nonnegative().describe("Points earned."),
  possible: z.int().positive().describe("Points that could be earned."),
  durationMs: z.number().nonnegative().describe("Milliseconds that the grading took."),
  report: z.string().describe("The report's path, relative to the directory of this file."),
  problems: z
    .array(z.string())
    .describe("Codes of what went wrong beside the verdicts, each once."),
});

/** `scores.json`: the schema `onramp/scores@1`. */
export const scoresReport = z
  .strictObject({
    schema: z.literal("onramp/scores@1").describe("The format's name and version."),
    scores: z.array(scoreRow).describe("One row per submission."),
  })
  .describe("The scores of many submissions.");

export type ScoreRow = z.output<typeof scoreRow>;

/** The row of one report. */
export function scoreRowOf(name: string, report: GradeReport, reportPath: string): ScoreRow {
  const causes = report.checks.flatMap((check) => (check.cause ? [check.cause.code] : []));
  return {
    name,
    exercise: report.exercise.id,
    outcome: report.outcome,
    earned: report.score.earned,
    possible: report.score.possible,
    durationMs: report.durationMs,
    report: reportPath,
    problems: [...new Set([...report.problems.map((problem) => problem.code), ...causes])],
  };
}

/** The rows as `scores.json`. */
export function renderScoresJson(rows: readonly ScoreRow[]): string {
  return renderValidated(scoresReport, { schema: "onramp/scores@1", scores: [...rows] });
}

/** The rows as CSV with a head line. What a spreadsheet would take for a formula gets a quote in front of it. */
export function renderScoresCsv(rows: readonly ScoreRow[]): string {
  const columns = Object.keys(scoreRow.shape);
  const records = rows.map((row) => ({
    ...row,
    name: cell(row.name),
    report: cell(row.report),
    problems: row.problems.join(" "),
  }));
  return stringify(records, { header: true, columns, escape_formulas: true });
}

/** One line of safe text. A tab stays: at the beginning of a cell it has to be seen by the guard against formulas. */
function cell(text: string): string {
  return visibleText(text).replaceAll("\n", "\u240A");
}
