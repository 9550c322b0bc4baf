"""The driving score of each driver and day, for the people who talk with members."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from airflow.sdk import Variable, dag, task

from fleet.score_operator import ScoreOperator


def seconds(variable: str) -> timedelta:
    return timedelta(seconds=float(Variable.get(variable)))


@dag(
    dag_id="daily_driving_score",
    schedule="0 0 * * *",
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=8,
    default_args={
        "owner": "driving-score",
        "retries": 3,
        "retry_delay": seconds("RETRY_SECONDS"),
    },
)
def daily_driving_score() -> None:
    score = ScoreOperator(
        task_id="score",
        lake=Path(Variable.get("LAKE")),
        poke_interval=seconds("POKE_SECONDS"),
        deadline=seconds("DEADLINE_SECONDS"),
    )

    @task
    def alert(source: str, data_interval_start: datetime | None = None) -> None:
        import requests
        from airflow.sdk import Connection

        assert data_interval_start is not None
        alerts = Connection.get("alerts")
        requests.post(
            f"{alerts.schema or 'http'}://{alerts.host}:{alerts.port}/alerts",
            json={"day": data_interval_start.strftime("%Y-%m-%d"), "source": source},
            timeout=10,
        ).raise_for_status()

    alert.expand(source=score.output)


daily_driving_score()
