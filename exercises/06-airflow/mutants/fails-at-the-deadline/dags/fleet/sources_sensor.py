"""A sensor that waits for the trip files of a day without holding a slot."""

import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from airflow.providers.standard.triggers.file import FileTrigger
from airflow.sdk import BaseSensorOperator, Context

from fleet.lake import missing_sources, trip_file


class SourcesSensor(BaseSensorOperator):
    """Ends when all sources of the day are there. When some are still missing after `timeout` it fails.

    One task for all sources and not one for each: a task is a process, and starting it costs more than the look.
    """

    template_fields = ("day",)

    def __init__(self, *, lake: Path, day: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.lake = lake
        self.day = day

    def execute(self, context: Context) -> None:
        self._look(deadline=time.time() + self.timeout)

    def look_again(self, context: Context, event: Any, deadline: float) -> None:
        """Airflow calls this, in a new process, when the trigger has found its file."""
        self._look(deadline)

    def _look(self, deadline: float) -> None:
        day = date.fromisoformat(self.day)
        missing = missing_sources(self.lake, day)
        self.log.info("Missing of %s: %s", day, missing)
        if not missing:
            return
        # From here on the triggerer looks, for one file after the other. The deadline stays the same for all of them.
        self.defer(
            trigger=FileTrigger(
                filepath=str(trip_file(self.lake, day, missing[0])),
                poke_interval=self.poke_interval,
            ),
            timeout=timedelta(seconds=max(0, deadline - time.time())),
            method_name=self.look_again.__name__,
            kwargs={"deadline": deadline},
        )
