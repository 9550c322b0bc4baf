"""Runs each DAG file by itself, after an empty DAG, and writes how that went as JSON."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

folder = Path("/opt/airflow/dags")
limit_s = 20
# Not as the main program, because Airflow does not run it so either.
reader = "import runpy, sys; runpy.run_path(sys.argv[1]); open(sys.argv[2], 'w').close()"


def run(path: str) -> dict[str, object]:
    """How long a file takes of a processor, and how long it waits for something else than a processor.

    The clock alone would count the other work of a busy machine.
    """
    is_read = Path(tempfile.mkdtemp(), "is-read")
    with tempfile.TemporaryFile() as error:
        start = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-c", reader, path, str(is_read)],
            stdin=subprocess.DEVNULL,
            stdout=error,
            stderr=error,
        )
        while os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is None:
            if time.monotonic() - start > limit_s:
                process.kill()
            time.sleep(0.01)
        seconds = time.monotonic() - start
        # https://docs.kernel.org/scheduler/sched-stats.html#proc-pid-schedstat: nanoseconds, still told of the dead.
        statistics = Path(f"/proc/{process.pid}/schedstat").read_text().split()
        running, queueing = (int(value) / 1e9 for value in statistics[:2])
        code = process.wait()
        error.seek(0)
        text = error.read()[-4000:].decode(errors="replace")
    return {
        "path": path,
        "processorSeconds": running,
        "waitingSeconds": seconds - running - queueing,
        "exitCode": None if seconds > limit_s else code,
        "isRead": is_read.exists(),
        "error": text,
    }


empty = Path("/tmp/empty_dag.py")
empty.write_text("from airflow.sdk import DAG\n\nwith DAG('empty', schedule=None):\n    pass\n")
# Once before it counts: whatever is read from disk is read then.
run(str(empty))
# As Airflow finds out which files it has to read.
files = sorted(
    str(path)
    for path in folder.rglob("*.py")
    if path.is_file() and all(word in path.read_bytes().lower() for word in (b"dag", b"airflow"))
)
print(json.dumps([run(str(empty)), *(run(path) for path in files)]))
