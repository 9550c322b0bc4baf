// The table of the lines that could not be read.
import type { DrivingScore } from "./driving-score.ts";

export interface RejectedRow {
  readonly source: string;
  readonly line_number: number;
  readonly reason: string;
  readonly line: string;
}

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
    "SELECT source, line_number, reason, line FROM rejected_line WHERE score_date = $1",
    [day],
  );
}

/** Where lines stand, such as `app 21, box 4`; empty when there are none. */
export function placesOf(rows: readonly RejectedRow[]): string {
  return rows.map(({ source, line_number }) => `${source} ${line_number}`).join(", ");
}
