"""Runs in Airflow's container: makes the tables of its metadata database, then runs its four parts until one ends.

Each part is the command that it is everywhere (`airflow scheduler`, …). But Python and Airflow's modules are loaded once
and the parts are forked from there: that takes a third off the start, and off the memory.
"""

import importlib
import os
import sys
import traceback
from typing import NoReturn

PARTS = ("api-server", "scheduler", "dag-processor", "triggerer")
MODULES = (
    "airflow.__main__",
    "airflow.api_fastapi.core_api.app",
    "airflow.api_fastapi.execution_api.app",
    "airflow.cli.commands.api_server_command",
    "airflow.cli.commands.dag_processor_command",
    "airflow.cli.commands.scheduler_command",
    "airflow.cli.commands.triggerer_command",
    "airflow.executors.local_executor",
    "airflow.utils.db",
)


def start(*command: str) -> int:
    process = os.fork()
    return process if process else run(*command)


def run(*command: str) -> NoReturn:
    code = 1
    try:
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


for module in MODULES:
    importlib.import_module(module)
_, status = os.waitpid(start("db", "migrate"), 0)
if status != 0:
    sys.exit("Airflow could not make its tables.")
parts = {start(part): part for part in PARTS}
process, status = os.wait()
while process not in parts:
    process, status = os.wait()
sys.exit(f"Airflow's {parts[process]} has ended with code {os.waitstatus_to_exitcode(status)}.")
