"""Reads each DAG file in a process of its own, which has read an empty DAG before, and writes how that went as JSON."""

import contextlib
import gc
import itertools
import json
import os
import runpy
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path
from types import FrameType
from typing import NoReturn

folder = Path("/opt/airflow/dags")
limit_s = 20


def say_where(_number: int, frame: FrameType | None) -> None:
    """Where a file stands that does not end is the first thing to ask about it.

    Not by `faulthandler`, which looks from another thread while this one runs on, and then can end the process. Past
    Python's own streams, for the file may stand in them.
    """
    with contextlib.suppress(Exception):
        stack = traceback.extract_stack(frame)
        # From the file on: what has called it is ours.
        own = itertools.dropwhile(lambda call: not call.filename.startswith(str(folder)), stack)
        text = "".join(traceback.format_list(list(own)))
        os.write(2, f"After {limit_s - 1} s it stands here (most recent call last):\n{text}".encode())


def read(path: str, is_read: Path, exception: Path) -> NoReturn:
    """Ends its process as Airflow ends those in which it reads: threads that a file leaves are over."""
    code = 1
    reader = os.getpid()
    try:
        signal.signal(signal.SIGALRM, say_where)
        signal.setitimer(signal.ITIMER_REAL, limit_s - 1)
        # Here and behind all others, as Airflow has it: in the process that judges, no module is the submission's.
        sys.path.append(str(folder))
        # Not as the main program, because Airflow does not run it so either.
        runpy.run_path(path)
        is_read.touch()
        code = 0
    except BaseException as error:
        traceback.print_exc()
        # Those that a file has forked come here too, and write over each other.
        if os.getpid() == reader:
            exception.write_text(traceback.format_exception_only(error)[-1].strip())
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def run(path: str) -> dict[str, object]:
    """How long a file takes of a processor, and how long it waits for something else than a processor.

    The clock alone would count the other work of a busy machine.
    """
    notes = Path(tempfile.mkdtemp())
    is_read, exception = notes / "is-read", notes / "exception"
    with tempfile.TemporaryFile() as output, open(os.devnull) as nothing:
        start = time.monotonic()
        process = os.fork()
        if process == 0:
            for source, target in ((nothing, 0), (output, 1), (output, 2)):
                os.dup2(source.fileno(), target)
            read(path, is_read, exception)
        while os.waitid(os.P_PID, process, os.WEXITED | os.WNOWAIT | os.WNOHANG) is None:
            if time.monotonic() - start > limit_s:
                os.kill(process, signal.SIGKILL)
            time.sleep(0.01)
        seconds = time.monotonic() - start
        # https://docs.kernel.org/scheduler/sched-stats.html#proc-pid-schedstat: nanoseconds, still told of the dead.
        queueing = int(Path(f"/proc/{process}/schedstat").read_text().split()[1]) / 1e9
        # All its threads, and the processes that it has waited for.
        _, status, usage = os.wait4(process, 0)
        running = usage.ru_utime + usage.ru_stime
        output.seek(max(0, output.seek(0, os.SEEK_END) - 4000))
        text = output.read().decode(errors="replace")
    return {
        "path": path,
        "processorSeconds": running,
        "waitingSeconds": seconds - running - queueing,
        "exitCode": None if seconds > limit_s else os.waitstatus_to_exitcode(status),
        "isRead": is_read.exists(),
        "exception": exception.read_text() if exception.exists() else "",
        "output": text,
    }


def is_read_by_airflow(path: Path) -> bool:
    """Airflow reads the files in which these words stand."""
    if not path.is_file():
        return False
    text = path.read_bytes().lower()
    return b"airflow" in text and (b"dag" in text or b"asset" in text)


# What an empty DAG needs is loaded once, here: what a file takes is then what it takes more.
empty = Path("/tmp/empty_dag.py")
empty.write_text("from airflow.sdk import DAG\n\nwith DAG('empty', schedule=None):\n    pass\n")
runpy.run_path(str(empty))
gc.freeze()
files = sorted(str(path) for path in folder.rglob("*.py") if is_read_by_airflow(path))
print(json.dumps([run(path) for path in files]))
