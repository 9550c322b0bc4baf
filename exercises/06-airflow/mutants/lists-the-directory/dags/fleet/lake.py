"""Where the trip files are, and what a line of one is."""

from datetime import date
from pathlib import Path

# In the order of the alphabet, which settles ties between them.
SOURCES = ("app", "box", "partner")


def trip_file(lake: Path, day: date, source: str) -> Path:
    return lake / "trips" / f"date={day.isoformat()}" / f"{source}.ndjson"


def missing_sources(lake: Path, day: date) -> list[str]:
    there = {file.stem for file in (lake / "trips" / f"date={day.isoformat()}").iterdir()}
    return [source for source in SOURCES if source not in there]


def read_lines(lake: Path, day: date, source: str) -> list[bytes] | None:
    """The lines without their ends; none of a file of zero bytes, and None when there is no file."""
    try:
        # Opened once and read as a whole: a newer file that is put into its place now does not mix with it.
        content = trip_file(lake, day, source).read_bytes()
    except FileNotFoundError:
        return None
    # Not splitlines(): a line ends with \n and with nothing else, and is bytes until it is known to be UTF-8.
    return content.removesuffix(b"\n").split(b"\n") if content else []
