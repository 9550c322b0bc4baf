// The table, as the grader looks at it.
import { fail } from "@onramp/grading/check-failure";
import type { Database } from "@onramp/testbed/postgres/database";
import type { TripEvent } from "@onramp/testbed/trips/trip-event";
import type { Row } from "./trip-rows.ts";

export async function readRows(database: Database): Promise<Row[]> {
  return ask(database, "SELECT * FROM trips");
}

export async function countRows(database: Database): Promise<number> {
  return count(database, "SELECT count(*) FROM trips");
}

/** Fails unless these events are what their trips' rows show: a sample, where there are too many rows to compare. */
export async function demandRowsOf(
  database: Database,
  events: readonly TripEvent[],
): Promise<void> {
  const ids = events.map(({ eventId }) => eventId);
  const sql = "SELECT count(*) FROM trips WHERE event_id::text = ANY($1)";
  const found = await count(database, sql, [ids]);
  if (found === events.length) return;
  fail(`Of ${events.length} events that were looked for, ${found} are in the table.`, {
    expected: `${events.length} events`,
    actual: `${found} of them`,
  });
}

async function count(database: Database, sql: string, values?: unknown[]): Promise<number> {
  const [row] = await ask<{ count: string }>(database, sql, values);
  return Number(row?.count ?? 0);
}

/** A table that is gone is the program's doing, and no fault of ours. */
async function ask<Found extends Record<string, unknown>>(
  database: Database,
  sql: string,
  values: unknown[] = [],
): Promise<Found[]> {
  try {
    return await database.query<Found>(sql, values);
  } catch (error) {
    // Class 42 of SQLSTATE: an undefined table or column. https://www.postgresql.org/docs/15/errcodes-appendix.html
    const { code = "", message } = error as Error & { code?: string };
    if (!code.startsWith("42")) throw error;
    return fail(`The table is not as schema.sql made it: ${message}.`, {
      expected: "the table trips, with its columns",
      actual: message,
    });
  }
}
