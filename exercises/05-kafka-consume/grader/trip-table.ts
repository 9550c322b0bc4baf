// The table, as the grader looks at it.
import { fail } from "@onramp/grading/check-failure";
import type { Database } from "@onramp/testbed/postgres/database";
import type { TripEvent } from "@onramp/testbed/trips/trip-event";
import { columnsOf, type Row } from "./trip-rows.ts";

export async function readRows(database: Database): Promise<Row[]> {
  return ask(database, "SELECT * FROM trips");
}

export async function countRows(database: Database): Promise<number> {
  return count(database, "SELECT count(*) FROM trips");
}

/** How many of these events are what their trips' rows show. */
export async function countRowsOf(
  database: Database,
  events: readonly TripEvent[],
): Promise<number> {
  const ids = events.map(({ eventId }) => eventId);
  return count(database, "SELECT count(*) FROM trips WHERE event_id::text = ANY($1)", [ids]);
}

/** How many of these events' trips have a row, whatever it shows. */
export async function countTripsOf(
  database: Database,
  events: readonly TripEvent[],
): Promise<number> {
  const ids = events.map(({ tripId }) => tripId);
  return count(database, "SELECT count(*) FROM trips WHERE trip_id::text = ANY($1)", [ids]);
}

/** Takes the rows of these events' trips away. */
export async function deleteRows(database: Database, events: readonly TripEvent[]): Promise<void> {
  const ids = events.map(({ tripId }) => tripId);
  await ask(database, "DELETE FROM trips WHERE trip_id::text = ANY($1)", [ids]);
}

/** Writes rows past the program. */
export async function insertRows(database: Database, events: readonly TripEvent[]): Promise<void> {
  for (const event of events) {
    const columns = Object.entries({ trip_id: event.tripId, ...columnsOf(event) });
    const names = columns.map(([name]) => name).join(", ");
    const places = columns.map((_, index) => `$${index + 1}`).join(", ");
    const values = columns.map(([, value]) => value);
    await ask(database, `INSERT INTO trips (${names}) VALUES (${places})`, values);
  }
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
    // Classes of SQLSTATE. https://www.postgresql.org/docs/15/errcodes-appendix.html
    const { code = "", message } = error as Error & { code?: string };
    const what = {
      // An undefined table or column.
      "42": "The table is not as schema.sql made it",
      // A broken constraint, or an exception of a function: the program's own, on the grader's change.
      "23": "Something that the program made keeps the grader from changing the table",
      P0: "Something that the program made keeps the grader from changing the table",
    }[code.slice(0, 2)];
    if (what === undefined) throw error;
    return fail(`${what}: ${message}.`, {
      expected: "the table trips as schema.sql makes it, and nothing that depends on it",
      actual: message,
    });
  }
}
