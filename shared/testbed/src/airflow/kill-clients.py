"""Kills every process of this container that has a connection to a port of another machine. Tells their numbers."""

import os
import signal
import sys
from pathlib import Path

port = int(sys.argv[1])
established = "01"
sockets = set()
for table in ("/proc/net/tcp", "/proc/net/tcp6"):
    for line in Path(table).read_text().splitlines()[1:]:
        fields = line.split()
        if int(fields[2].rpartition(":")[2], 16) == port and fields[3] == established:
            sockets.add(f"socket:[{fields[9]}]")
for process in Path("/proc").glob("[0-9]*"):
    try:
        held = {os.readlink(entry) for entry in (process / "fd").iterdir()}
    except OSError:
        continue
    if held & sockets:
        os.kill(int(process.name), signal.SIGKILL)
        print(process.name)
