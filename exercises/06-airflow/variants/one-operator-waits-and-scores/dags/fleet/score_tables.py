"""The rows of a day in the warehouse."""

from datetime import date

from airflow.providers.postgres.hooks.postgres import CompatConnection

from fleet.driver_score import DriverScore
from fleet.trip_day import RejectedLine

UPSERT = """
INSERT INTO driving_score (score_date, driver_id, score, trips, complete) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (score_date, driver_id)
DO UPDATE SET score = excluded.score, trips = excluded.trips, complete = excluded.complete
"""


def lock_day(connection: CompatConnection, day: date) -> None:
    """Takes the rows of the day until the transaction ends. Where somebody has one it raises, and Airflow tries again.

    Two tries of a day without rows meet at the primary key.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM driving_score WHERE score_date = %s FOR UPDATE NOWAIT", [day]
        )


def replace_day(
    connection: CompatConnection,
    day: date,
    scores: list[DriverScore],
    rejected: list[RejectedLine],
    *,
    complete: bool,
) -> None:
    drivers = [each.driver_id for each in scores]
    with connection.cursor() as cursor:
        cursor.executemany(
            UPSERT, [(day, each.driver_id, each.score, each.trips, complete) for each in scores]
        )
        cursor.execute(
            "DELETE FROM driving_score WHERE score_date = %s AND driver_id <> ALL (%s::text[])",
            [day, drivers],
        )
        cursor.execute("DELETE FROM rejected_line WHERE score_date = %s", [day])
        cursor.executemany(
            "INSERT INTO rejected_line (score_date, source, line_number, reason, line)"
            " VALUES (%s, %s, %s, %s, %s)",
            [(day, each.source, each.number, each.reason, each.text) for each in rejected],
        )
