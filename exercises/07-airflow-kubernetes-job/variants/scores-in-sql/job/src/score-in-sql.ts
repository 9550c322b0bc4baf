import type { Client } from "pg";

export const makeEvents = `
  CREATE TEMPORARY TABLE event (partition int, "offset" bigint, trip jsonb) ON COMMIT DROP`;

/** Merges the rows of a day: $1 its date, $2 and $3 its ends. */
export const mergeScores = `
  WITH newest AS (
    SELECT DISTINCT ON (trip->>'tripId') trip
    FROM event
    ORDER BY trip->>'tripId', (trip->>'eventTime')::timestamptz DESC, partition, "offset"
  ), counted AS (
    SELECT trip->>'driverId' AS driver_id,
      (trip->>'distanceKm')::numeric AS km,
      2 * (trip->>'hardBrakes')::numeric + (trip->>'hardAccelerations')::numeric
        + CASE WHEN (trip->>'maxSpeedKmh')::numeric > 130 THEN 5 ELSE 0 END AS points
    FROM newest
    WHERE trip->>'status' = 'ended'
      AND (trip->>'endedAt')::timestamptz >= $2 AND (trip->>'endedAt')::timestamptz < $3
  ), score AS (
    SELECT driver_id, count(*)::int AS trips,
      greatest(round(100 - 100 * sum(points) / greatest(sum(km), 1), 2), 0) AS score
    FROM counted GROUP BY driver_id
  ), gone AS (
    DELETE FROM driving_score AS old
    WHERE score_date = $1 AND NOT EXISTS (SELECT FROM score WHERE score.driver_id = old.driver_id)
  )
  INSERT INTO driving_score (score_date, driver_id, score, trips, complete)
  SELECT $1, driver_id, score, trips, true FROM score
  ON CONFLICT (score_date, driver_id)
  DO UPDATE SET score = EXCLUDED.score, trips = EXCLUDED.trips, complete = EXCLUDED.complete`;

/** Runs what it is given in one transaction. */
export async function inTransaction<Result>(
  client: Client,
  work: () => Promise<Result>,
): Promise<Result> {
  await client.query("BEGIN");
  const result = await work();
  await client.query("COMMIT");
  return result;
}
