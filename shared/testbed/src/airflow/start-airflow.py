"""Runs in Airflow's container: makes the tables of its metadata database, then runs its four parts until one ends.

Each part is the command that it is everywhere (`airflow scheduler`, …). But Python and Airflow's modules are loaded once
and the parts are forked from there: that takes a third off the start, and off the memory.

With ONRAMP_WAITS in the environment it waits before that for an order, a file with variables for the environment of the
parts; and when all of them are gone, for the next one. So one container serves gradings one after the other.
"""

import asyncio
import gc
import importlib
import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

PARTS = ("api-server", "scheduler", "dag-processor", "triggerer")
MODULES = (
    "alembic.context",
    "airflow.__main__",
    "airflow.cli.commands.api_server_command",
    "airflow.cli.commands.dag_processor_command",
    "airflow.cli.commands.scheduler_command",
    "airflow.cli.commands.triggerer_command",
    "airflow.executors.local_executor",
    "airflow.utils.db",
    # What DAGs import: else each reading of a file and each task does, half a second and more at a time.
    "airflow.providers.cncf.kubernetes.operators.job",
    "airflow.providers.cncf.kubernetes.operators.pod",
    "airflow.providers.http.hooks.http",
    "airflow.providers.postgres.hooks.postgres",
)
APPLICATION = "airflow.api_fastapi.main"
ORDER = Path("/opt/onramp/order.json")
# What the module of the API server's application sets for its own process when it is loaded.
CONTEXT = "_AIRFLOW_PROCESS_CONTEXT"


def load(work: Callable[[], None]) -> None:
    """Loads what stays: to look for garbage meanwhile takes a third of the time, and later it takes each part's."""
    gc.disable()
    work()
    gc.freeze()
    gc.enable()


def load_modules() -> None:
    for module in MODULES:
        importlib.import_module(module)


def load_application() -> None:
    """Four seconds of a processor. Connections that it may have opened are not for those that are forked."""
    importlib.import_module(APPLICATION)
    os.environ.pop(CONTEXT, None)
    importlib.import_module("sqlalchemy.orm").configure_mappers()
    importlib.import_module("airflow.settings").engine.dispose()


def make_routes() -> None:
    """The tasks' API makes its routes when it is asked first: four seconds of a processor, once."""

    async def ask() -> None:
        httpx = importlib.import_module("httpx")
        transport = httpx.ASGITransport(sys.modules[APPLICATION].app)
        async with httpx.AsyncClient(transport=transport, base_url="http://airflow") as client:
            (await client.get("/execution/health")).raise_for_status()

    asyncio.run(ask())


def start(*command: str) -> int:
    process = os.fork()
    return process if process else run(*command)


def run(*command: str) -> NoReturn:
    code = 1
    try:
        if command == ("api-server",):
            os.environ[CONTEXT] = "server"
            load(make_routes)
        sys.argv = ["airflow", *command]
        importlib.import_module("airflow.__main__").main()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def run_parts() -> str:
    """Runs the parts until one ends, and says which."""
    parts = {start(part): part for part in PARTS}
    process, status = os.wait()
    while process not in parts:
        process, status = os.wait()
    for other in parts.keys() - {process}:
        os.kill(other, signal.SIGKILL)
    return f"Airflow's {parts[process]} has ended with code {os.waitstatus_to_exitcode(status)}."


def read_order() -> dict[str, str] | None:
    """The order, once it is written to its end."""
    try:
        return json.loads(ORDER.read_text())
    except (FileNotFoundError, ValueError):
        return None


def reap() -> None:
    try:
        while True:
            os.wait()
    except ChildProcessError:
        pass


load(load_modules)
migration = start("db", "migrate")
load(load_application)
_, status = os.waitpid(migration, 0)
if status != 0:
    sys.exit("Airflow could not make its tables.")
if "ONRAMP_WAITS" not in os.environ:
    sys.exit(run_parts())
# Here for all gradings; else in the one API server, while the other parts start.
load(make_routes)
print("Airflow waits for an order", flush=True)
while True:
    while (order := read_order()) is None:
        time.sleep(0.05)
    os.environ.update(order)
    print(run_parts(), flush=True)
    reap()
    while ORDER.exists():
        time.sleep(0.05)
