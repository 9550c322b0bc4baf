import { Client } from "pg";

export interface Score {
  readonly driverId: string;
  /** With two decimals. */
  readonly score: string;
  readonly trips: number;
}

/** Replaces the rows of a day in one transaction: whatever dies, the day is the old one or the new one. */
export async function replaceDay(
  databaseUrl: string,
  day: string,
  scores: readonly Score[],
): Promise<void> {
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    await client.query("BEGIN");
    // Two tries of the same day, one of which lives on unseen, write one after the other.
    await client.query(
      "SELECT pg_advisory_xact_lock(hashtext('driving_score'), $1::date - DATE '2000-01-01')",
      [day],
    );
    await client.query(
      `INSERT INTO driving_score (score_date, driver_id, score, trips, complete)
       SELECT $1, driver_id, score, trips, true FROM unnest($2::text[], $3::numeric[], $4::int[]) AS new (driver_id, score, trips)
       ON CONFLICT (score_date, driver_id) DO UPDATE SET score = excluded.score, trips = excluded.trips, complete = true`,
      [
        day,
        scores.map(({ driverId }) => driverId),
        scores.map(({ score }) => score),
        scores.map(({ trips }) => trips),
      ],
    );
    await client.query("COMMIT");
    await client.query(
      "DELETE FROM driving_score WHERE score_date = $1 AND driver_id <> ALL ($2::text[])",
      [day, scores.map(({ driverId }) => driverId)],
    );
  } finally {
    await client.end();
  }
}
