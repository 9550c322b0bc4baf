"""The driving score of each driver and day, for the people who talk with members."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from airflow.providers.postgres.hooks.postgres import PostgresHook
from airflow.providers.standard.operators.python import PythonOperator
from airflow.providers.standard.sensors.python import PythonSensor
from airflow.sdk import DAG, Variable
from airflow.sdk.exceptions import AirflowFailException
from airflow.timetables.interval import CronDataIntervalTimetable

from fleet.driver_score import score_drivers
from fleet.lake import SOURCES, trip_file
from fleet.trip_day import TripDay, read_trip_day

LAKE = Path(Variable.get("LAKE"))

INSERT_SCORES = """
INSERT INTO driving_score (score_date, driver_id, score, trips, complete)
SELECT %(day)s, driver_id, score, trips, %(complete)s
FROM json_to_recordset(%(scores)s) AS each (driver_id text, score numeric, trips integer)
"""
INSERT_REJECTED = """
INSERT INTO rejected_line (score_date, source, line_number, reason, line)
SELECT %(day)s, source, number, reason, text
FROM json_to_recordset(%(rejected)s) AS each (source text, number integer, reason text, text text)
"""


def is_there(source: str, data_interval_start: datetime) -> bool:
    return trip_file(LAKE, data_interval_start.date(), source).is_file()


def score_day(data_interval_start: datetime, data_interval_end: datetime) -> list[str]:
    day = data_interval_start.date()
    with PostgresHook("warehouse").get_conn() as connection, connection.cursor() as cursor:
        # Two tries of a day come one after the other; readers are not held up.
        cursor.execute("LOCK TABLE driving_score IN SHARE ROW EXCLUSIVE MODE")
        read = read_trip_day(LAKE, day)
        if read.has_too_many_rejected:
            raise AirflowFailException(f"{len(read.rejected)} of {read.lines} lines are broken.")
        values = {
            "day": day,
            "complete": not read.missing,
            "scores": scores_as_json(read, data_interval_start, data_interval_end),
            "rejected": rejected_as_json(read),
        }
        cursor.execute("DELETE FROM driving_score WHERE score_date = %(day)s", values)
        cursor.execute("DELETE FROM rejected_line WHERE score_date = %(day)s", values)
        cursor.execute(INSERT_SCORES, values)
        cursor.execute(INSERT_REJECTED, values)
    return read.missing


def scores_as_json(read: TripDay, start: datetime, end: datetime) -> str:
    scores = score_drivers(read.trips.values(), start, end)
    return json.dumps(
        [
            {"driver_id": str(each.driver_id), "score": str(each.score), "trips": each.trips}
            for each in scores
        ]
    )


def rejected_as_json(read: TripDay) -> str:
    return json.dumps(
        [
            {
                "source": each.source,
                "number": each.number,
                "reason": each.reason,
                "text": each.text,
            }
            for each in read.rejected
        ]
    )


def tell(source: str, data_interval_start: datetime) -> None:
    from airflow.providers.http.hooks.http import HttpHook

    day: date = data_interval_start.date()
    HttpHook(method="POST", http_conn_id="alerts").run(
        endpoint="alerts",
        data=json.dumps({"day": str(day), "source": source}),
        headers={"Content-Type": "application/json"},
        extra_options={"timeout": 10},
    )


with DAG(
    dag_id="daily_driving_score",
    schedule=CronDataIntervalTimetable("0 0 * * *", timezone="UTC"),
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=8,
    default_args={
        "owner": "driving-score",
        "retries": 4,
        "retry_delay": timedelta(seconds=float(Variable.get("RETRY_SECONDS"))),
    },
):
    wait = PythonSensor.partial(
        task_id="wait_for_source",
        python_callable=is_there,
        mode="reschedule",
        poke_interval=float(Variable.get("POKE_SECONDS")),
        timeout=float(Variable.get("DEADLINE_SECONDS")),
        soft_fail=True,
    ).expand(op_args=[[source] for source in SOURCES])

    score = PythonOperator(task_id="score", python_callable=score_day, trigger_rule="all_done")

    alert = PythonOperator.partial(task_id="alert", python_callable=tell).expand(
        op_args=score.output.map(lambda source: [source])
    )

    wait >> score >> alert
