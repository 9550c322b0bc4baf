"""The rows of a day in the warehouse."""

from datetime import date

from airflow.providers.postgres.hooks.postgres import CompatConnection

from fleet.driver_score import DriverScore
from fleet.trip_day import RejectedLine


def lock_day(connection: CompatConnection, day: date) -> None:
    """Waits until nobody else replaces this day. The lock ends with the transaction.

    A task that was cleared lives on for some seconds beside its successor. Whoever has the lock reads the files and
    writes, so the last one to write has also read the latest files.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('driving_score'), %s::date - DATE '2026-01-01')",
            [day],
        )


def replace_day(
    connection: CompatConnection,
    day: date,
    scores: list[DriverScore],
    rejected: list[RejectedLine],
    *,
    complete: bool,
) -> None:
    """Replaces the rows of the day in both tables."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM rejected_line WHERE score_date = %s", [day])
        cursor.executemany(
            "INSERT INTO rejected_line (score_date, source, line_number, reason, line)"
            " VALUES (%s, %s, %s, %s, %s)",
            [(day, each.source, each.number, each.reason, each.text) for each in rejected],
        )
        cursor.executemany(
            "INSERT INTO driving_score (score_date, driver_id, score, trips, complete)"
            " VALUES (%s, %s, %s, %s, %s)"
            " ON CONFLICT (score_date, driver_id) DO UPDATE"
            " SET score = excluded.score, trips = excluded.trips, complete = excluded.complete",
            [(day, each.driver_id, each.score, each.trips, complete) for each in scores],
        )
        connection.commit()
        cursor.execute(
            "DELETE FROM driving_score WHERE score_date = %s AND NOT driver_id = ANY(%s)",
            [day, [each.driver_id for each in scores]],
        )
