"""The grader's own DAG: tells whether all slots of Airflow can be had at this moment."""

import time
from pathlib import Path

from airflow.sdk import dag, task

# Nobody but the grader can write there.
RELEASE = Path("/lake/onramp/canaries-released")


@dag(dag_id="onramp_canaries", schedule=None)
def canaries() -> None:
    # The next free slot is theirs: what others do in between is no matter.
    @task(priority_weight=1000)
    def sing() -> None:
        print("tweet")
        while not RELEASE.exists():
            time.sleep(0.1)

    for number in range(4):
        sing.override(task_id=f"canary_{number}")()


canaries()
