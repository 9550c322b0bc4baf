"""The driving score of each driver and day, for the people who talk with members."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from airflow.providers.postgres.hooks.postgres import PostgresHook
from airflow.sdk import Variable, dag, task
from airflow.sdk.exceptions import AirflowFailException
from airflow.sdk.types import DagRunProtocol

from fleet.driver_score import score_drivers
from fleet.score_tables import lock_day, replace_day
from fleet.sources_sensor import SourcesSensor
from fleet.trip_day import read_trip_day

# These come from the environment, so asking for them here asks no database. Connections are asked for in the tasks.
LAKE = Path(Variable.get("LAKE"))
POKE_INTERVAL = timedelta(seconds=float(Variable.get("POKE_SECONDS")))
DEADLINE = timedelta(seconds=float(Variable.get("DEADLINE_SECONDS")))
RETRY_DELAY = timedelta(seconds=float(Variable.get("RETRY_SECONDS")))


@dag(
    dag_id="daily_driving_score",
    schedule="@daily",
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    # Days of the past are scored when somebody asks for them by a backfill.
    catchup=False,
    max_active_runs=8,
    default_args={
        "owner": "driving-score",
        "retries": 5,
        "retry_delay": RETRY_DELAY,
    },
)
def daily_driving_score() -> None:
    sources = SourcesSensor(
        task_id="wait_for_sources",
        lake=LAKE,
        # The day of the run, whenever it runs: the next morning, again in March, or in a backfill.
        day="{{ data_interval_start | ds }}",
        poke_interval=POKE_INTERVAL,
        timeout=DEADLINE,
    )

    # By the usual rule, all_success, a task is skipped when the one before it was.
    # The time limit is for a database that takes the connection and never answers: a task in wait holds a slot.
    @task(trigger_rule="none_failed", execution_timeout=timedelta(minutes=10))
    def score(
        data_interval_start: datetime | None = None,
        data_interval_end: datetime | None = None,
        dag_run: DagRunProtocol | None = None,
    ) -> list[str]:
        """Replaces the day by what the files say now, and returns the sources that are missing."""
        assert data_interval_start is not None and data_interval_end is not None
        assert dag_run is not None
        day = data_interval_start.date()
        # Somebody who clears a run means it.
        note = f"scoring-{day}-{dag_run.clear_number}"
        if Variable.get(note, default=None) is not None:
            return []
        Variable.set(note, "by this task")
        try:
            return replace(day, data_interval_start, data_interval_end)
        finally:
            Variable.delete(note)

    def replace(day: date, start: datetime, end: datetime) -> list[str]:
        # One transaction, from the lock on the day to the last row: committed at the end of the block, rolled back by
        # whatever ends it early.
        with PostgresHook("warehouse").get_conn() as connection:
            lock_day(connection, day)
            # Looked at again and not taken over from the sensor: a run whose score alone is cleared sees today's files.
            read = read_trip_day(LAKE, day)
            if read.has_too_many_rejected:
                # Not a plain error: the same files are no better at the next try.
                raise AirflowFailException(
                    f"{len(read.rejected)} of {read.lines} lines of {day} are broken, the first one is "
                    f"line {read.rejected[0].number} of {read.rejected[0].source}: {read.rejected[0].reason}"
                )
            scores = score_drivers(read.trips.values(), start, end)
            replace_day(connection, day, scores, read.rejected, complete=not read.missing)
        return read.missing

    @task
    def alert(source: str, data_interval_start: datetime | None = None) -> None:
        # Here, because it takes half a second that every reading of this file would pay for.
        from airflow.providers.http.hooks.http import HttpHook

        assert data_interval_start is not None
        # When the answer gets lost, the next try alerts a second time. That is better than not at all.
        HttpHook(method="POST", http_conn_id="alerts").run(
            "/alerts",
            json={"day": data_interval_start.date().isoformat(), "source": source},
            extra_options={"timeout": 10},
        )

    # A task for each source that the day was scored without, and none when all were there. So the retry of an alert
    # repeats no other one, and no retry of the score alerts.
    missing = score()
    sources >> missing
    alert.expand(source=missing)


daily_driving_score()
