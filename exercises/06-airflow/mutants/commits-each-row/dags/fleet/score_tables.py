"""The rows of a day in the warehouse."""

from datetime import date

from airflow.providers.postgres.hooks.postgres import CompatConnection

from fleet.driver_score import DriverScore
from fleet.trip_day import RejectedLine


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
        # No upsert: the rows of drivers that are no longer in the files have to go.
        cursor.execute("DELETE FROM driving_score WHERE score_date = %s", [day])
        cursor.execute("DELETE FROM rejected_line WHERE score_date = %s", [day])
        for score in scores:
            cursor.execute(
                "INSERT INTO driving_score (score_date, driver_id, score, trips, complete)"
                " VALUES (%s, %s, %s, %s, %s)",
                [day, score.driver_id, score.score, score.trips, complete],
            )
        for line in rejected:
            cursor.execute(
                "INSERT INTO rejected_line (score_date, source, line_number, reason, line)"
                " VALUES (%s, %s, %s, %s, %s)",
                [day, line.source, line.number, line.reason, line.text],
            )
