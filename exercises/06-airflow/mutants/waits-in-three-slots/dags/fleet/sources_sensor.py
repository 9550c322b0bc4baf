"""A sensor that waits for the trip files of a day."""

from datetime import date
from pathlib import Path
from typing import Any

from airflow.sdk import BaseSensorOperator, Context

from fleet.lake import missing_sources


class SourcesSensor(BaseSensorOperator):
    """Ends when all sources of the day are there. When some are still missing after `timeout` it is skipped.

    One task for all sources and not one for each: a task is a process, and starting it costs more than the look.
    """

    template_fields = ("day",)

    def __init__(self, *, lake: Path, day: str, **kwargs: Any) -> None:
        # A source that is missing is no failure: the day is scored without it.
        super().__init__(soft_fail=True, mode="poke", max_active_tis_per_dag=3, **kwargs)
        self.lake = lake
        self.day = day

    def poke(self, context: Context) -> bool:
        day = date.fromisoformat(self.day)
        missing = missing_sources(self.lake, day)
        self.log.info("Missing of %s: %s", day, missing)
        return not missing
