"""The driving score of each driver and day, for the people who talk with members."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from airflow.providers.postgres.hooks.postgres import PostgresHook
from airflow.sdk import Variable, dag, task
from airflow.sdk.exceptions import AirflowFailException

from fleet.sources_sensor import SourcesSensor
from fleet.staging import TooManyBrokenLines, replace_day

LAKE = Path(Variable.get("LAKE"))


@dag(
    dag_id="daily_driving_score",
    schedule="@daily",
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=8,
    default_args={
        "owner": "driving-score",
        "retries": 5,
        "retry_delay": timedelta(seconds=float(Variable.get("RETRY_SECONDS"))),
    },
)
def daily_driving_score() -> None:
    sources = SourcesSensor(
        task_id="wait_for_sources",
        lake=LAKE,
        day="{{ data_interval_start | ds }}",
        poke_interval=float(Variable.get("POKE_SECONDS")),
        timeout=float(Variable.get("DEADLINE_SECONDS")),
    )

    @task(trigger_rule="none_failed")
    def score(
        data_interval_start: datetime | None = None, data_interval_end: datetime | None = None
    ) -> list[str]:
        assert data_interval_start is not None and data_interval_end is not None
        day = data_interval_start.date()
        try:
            with PostgresHook("warehouse").get_conn() as connection:
                return replace_day(connection, LAKE, day, data_interval_start, data_interval_end)
        except TooManyBrokenLines as error:
            raise AirflowFailException(str(error)) from error

    @task
    def alert(source: str, data_interval_start: datetime | None = None) -> None:
        from airflow.providers.http.hooks.http import HttpHook

        assert data_interval_start is not None
        HttpHook(method="POST", http_conn_id="alerts").run(
            "/alerts",
            json={"day": data_interval_start.date().isoformat(), "source": source},
            extra_options={"timeout": 10},
        )

    missing = score()
    sources >> missing
    alert.expand(source=missing)


daily_driving_score()
