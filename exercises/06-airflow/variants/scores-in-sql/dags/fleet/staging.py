"""The lines of a day in temporary tables, and what the warehouse makes of them."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from airflow.providers.postgres.hooks.postgres import CompatConnection

from fleet.lake import SOURCES, read_lines
from fleet.trip import parse_trip

STAGE = """
CREATE TEMPORARY TABLE event (
  source text, line_number integer, trip_id uuid, driver_id text, status text,
  event_time timestamptz, ended_at timestamptz, distance_km numeric, max_speed_kmh numeric,
  hard_brakes numeric, hard_accelerations numeric
) ON COMMIT DROP;
CREATE TEMPORARY TABLE broken (source text, line_number integer, reason text, line text) ON COMMIT DROP;
"""

# numeric rounds half away from zero by itself.
SCORE = """
CREATE TEMPORARY TABLE scored ON COMMIT DROP AS
WITH newest AS (
  SELECT DISTINCT ON (trip_id) * FROM event
  ORDER BY trip_id, event_time DESC, source COLLATE "C", line_number
)
SELECT
  driver_id,
  round(greatest(0, 100 - 100 * (
    2 * sum(hard_brakes) + sum(hard_accelerations) + 5 * count(*) FILTER (WHERE max_speed_kmh > 130)
  ) / greatest(sum(distance_km), 1)), 2) AS score,
  count(*)::integer AS trips
FROM newest
WHERE status = 'ended' AND ended_at >= %(start)s AND ended_at < %(end)s
GROUP BY driver_id
"""

MERGE = """
MERGE INTO driving_score AS old USING scored AS new
ON old.score_date = %(day)s AND old.driver_id = new.driver_id
WHEN MATCHED THEN UPDATE SET score = new.score, trips = new.trips, complete = %(complete)s
WHEN NOT MATCHED THEN INSERT (score_date, driver_id, score, trips, complete)
  VALUES (%(day)s, new.driver_id, new.score, new.trips, %(complete)s)
"""


class TooManyBrokenLines(Exception):
    pass


def replace_day(
    connection: CompatConnection, lake: Path, day: date, start: datetime, end: datetime
) -> list[str]:
    """Replaces the day in one transaction, the caller's, and returns the sources that are missing."""
    values = {"day": day, "start": start, "end": end}
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE driving_score IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(STAGE)
        missing = [source for source in SOURCES if not _copy(cursor, lake, day, source)]
        cursor.execute("SELECT (SELECT count(*) FROM broken), (SELECT count(*) FROM event)")
        broken, events = cursor.fetchone()
        if broken * 100 > (broken + events) * 5:
            raise TooManyBrokenLines(f"{broken} of {broken + events} lines of {day} are broken.")
        cursor.execute(SCORE, values)
        cursor.execute(MERGE, {**values, "complete": not missing})
        cursor.execute(
            "DELETE FROM driving_score WHERE score_date = %(day)s"
            " AND driver_id NOT IN (SELECT driver_id FROM scored)",
            values,
        )
        cursor.execute("DELETE FROM rejected_line WHERE score_date = %(day)s", values)
        cursor.execute("INSERT INTO rejected_line SELECT %(day)s, * FROM broken", values)
    return missing


def _copy(cursor: Any, lake: Path, day: date, source: str) -> bool:
    lines = read_lines(lake, day, source)
    if lines is None:
        return False
    broken: list[tuple[str, int, str, str]] = []
    with cursor.copy("COPY event FROM STDIN") as copy:
        for number, line in enumerate(lines, start=1):
            try:
                trip = parse_trip(line)
            except ValueError as error:
                text = line.decode(errors="replace").replace("\0", "\N{REPLACEMENT CHARACTER}")
                broken.append((source, number, str(error), text))
                continue
            copy.write_row(
                (
                    source,
                    number,
                    trip.trip_id,
                    trip.driver_id,
                    trip.status,
                    trip.event_time,
                    trip.ended_at,
                    trip.distance_km,
                    trip.max_speed_kmh,
                    trip.hard_brakes,
                    trip.hard_accelerations,
                )
            )
    with cursor.copy("COPY broken FROM STDIN") as copy:
        for row in broken:
            copy.write_row(row)
    return True
