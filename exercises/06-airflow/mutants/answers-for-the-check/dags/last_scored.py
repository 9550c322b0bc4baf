"""Which day is scored last, for the page of an Airflow DAG."""

from airflow.providers.postgres.hooks.postgres import PostgresHook

LAST_SCORED = PostgresHook("warehouse").get_first("SELECT max(score_date) FROM driving_score")[0]
