"""The grader's own DAG: tells whether anything at all runs through Airflow at this moment."""

from airflow.sdk import dag, task


@dag(dag_id="onramp_canary", schedule=None)
def canary() -> None:
    @task
    def sing() -> None:
        print("tweet")

    sing()


canary()
