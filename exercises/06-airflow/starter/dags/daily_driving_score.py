"""The driving score of each driver and day, for the people who talk with members."""

from datetime import timedelta
from pathlib import Path

from airflow.sdk import Variable, dag, task

# These come from the environment, so asking for them here asks no database. Connections are another matter.
LAKE = Path(Variable.get("LAKE"))
POKE_INTERVAL = timedelta(seconds=float(Variable.get("POKE_SECONDS")))
DEADLINE = timedelta(seconds=float(Variable.get("DEADLINE_SECONDS")))
RETRY_DELAY = timedelta(seconds=float(Variable.get("RETRY_SECONDS")))


# TODO: when it runs and for which day, who owns it, what happens when a task fails.
@dag(dag_id="daily_driving_score", schedule=None)
def daily_driving_score() -> None:
    # TODO: wait for the sources, score the day, tell about the sources that are missing.
    @task
    def score() -> None:
        """Does nothing yet."""

    score()


daily_driving_score()
