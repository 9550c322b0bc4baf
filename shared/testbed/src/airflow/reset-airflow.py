"""Runs as root in a container in which Airflow waits for orders (start-airflow.py), and brings it back to that state.

Whatever runs besides is killed, and what it has written is removed: nothing of a grading is left for the next one.
"""

import os
import shutil
import signal
import time
from pathlib import Path

DIRECTORIES = ("/opt/airflow/dags", "/opt/airflow/logs", "/lake", "/tmp", "/dev/shm")


def living() -> dict[int, int]:
    """The parents of all processes that are alive, by their numbers."""
    parents = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (process / "stat").read_text().rpartition(") ")[2].split()[:2]
        except OSError:
            continue
        if state != "Z":
            parents[int(process.name)] = int(parent)
    return parents


Path("/opt/onramp/order.json").unlink(missing_ok=True)
# The first child of the container's first process. Orphans become its children too, and have higher numbers.
waiting = min(process for process, parent in living().items() if parent == 1)
while others := living().keys() - {1, waiting, os.getpid()}:
    for process in others:
        try:
            os.kill(process, signal.SIGKILL)
        except ProcessLookupError:
            pass
    time.sleep(0.02)
for directory in map(Path, DIRECTORIES):
    for entry in directory.iterdir() if directory.exists() else ():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
