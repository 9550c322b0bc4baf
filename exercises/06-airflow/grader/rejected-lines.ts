// The table of the lines that could not be read.
import { fail } from "@onramp/grading/check-failure";
import type { DrivingScore } from "./driving-score.ts";

export interface RejectedRow {
  readonly source: string;
  readonly line_number: number;
  readonly reason: string;
  readonly line: string;
}

/** Where the line of {@link insertRejected} stands. */
export const placeOfEarlierVersion = "app 999";

/** Sets a line of an earlier version of a day aside: it has no such line any more. */
export async function insertRejected(score: DrivingScore, day: string): Promise<void> {
  await score.warehouse.query(
    "INSERT INTO rejected_line (score_date, source, line_number, reason, line) VALUES ($1, 'app', 999, 'of an earlier version', '{')",
    [day],
  );
}

/** The lines of a day that were set aside. */
export async function rejectedRows(score: DrivingScore, day: string): Promise<RejectedRow[]> {
  return score.warehouse.query<RejectedRow & Record<string, unknown>>(
    "SELECT source, line_number, reason, line FROM rejected_line WHERE score_date = $1 ORDER BY source, line_number",
    [day],
  );
}

/** Demands that lines of these places are set aside for a day, and no others. */
export async function demandRejectedAt(
  expected: string,
  score: DrivingScore,
  day: string,
  when: string,
): Promise<void> {
  const places = placesOf(await rejectedRows(score, day));
  if (places === expected) return;
  const inWords = (list: string): string => (list === "" ? "no row" : `rows for ${list}`);
  fail(
    `${when}, rejected_line is not right for ${day}: it has ${inWords(places)}, and should have ${inWords(expected)}.`,
    { expected: inWords(expected), actual: inWords(places) },
  );
}

/** Where lines stand, such as `app 21, box 4`; empty when there are none. */
export function placesOf(rows: readonly RejectedRow[]): string {
  return rows.map(({ source, line_number }) => `${source} ${line_number}`).join(", ");
}
