"""Waits for the sources of a day and scores it."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from airflow.providers.postgres.hooks.postgres import PostgresHook
from airflow.providers.standard.triggers.temporal import TimeDeltaTrigger
from airflow.sdk import BaseOperator, Context, timezone
from airflow.sdk.exceptions import AirflowFailException

from fleet.driver_score import score_drivers
from fleet.lake import missing_sources
from fleet.score_tables import lock_day, replace_day
from fleet.trip_day import read_trip_day


class ScoreOperator(BaseOperator):
    """Returns the sources that the day was scored without."""

    def __init__(
        self, *, lake: Path, poke_interval: timedelta, deadline: timedelta, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.lake = lake
        self.poke_interval = poke_interval
        self.deadline = deadline

    def execute(self, context: Context) -> list[str]:
        return self._look(context, until=timezone.utcnow() + self.deadline)

    def look_again(self, context: Context, event: Any, until: str) -> list[str]:
        return self._look(context, until=datetime.fromisoformat(until))

    def _look(self, context: Context, until: datetime) -> list[str]:
        day = context["data_interval_start"].date()
        now = timezone.utcnow()
        if now < until and missing_sources(self.lake, day):
            self.defer(
                trigger=TimeDeltaTrigger(min(self.poke_interval, until - now)),
                method_name="look_again",
                kwargs={"until": until.isoformat()},
            )
        return self._score(context)

    def _score(self, context: Context) -> list[str]:
        start, end = context["data_interval_start"], context["data_interval_end"]
        with PostgresHook("warehouse").get_conn() as connection:
            lock_day(connection, start.date())
            read = read_trip_day(self.lake, start.date())
            if read.has_too_many_rejected:
                raise AirflowFailException(
                    f"{len(read.rejected)} of {read.lines} lines are broken."
                )
            replace_day(
                connection,
                start.date(),
                score_drivers(read.trips.values(), start, end),
                read.rejected,
                complete=not read.missing,
            )
        return read.missing
