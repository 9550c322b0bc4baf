"""Where the trip files are, and what a line of one is."""

from datetime import date
from pathlib import Path

# In the order of the alphabet, which settles ties between them.
SOURCES = ("app", "box", "partner")


def trip_file(lake: Path, day: date, source: str) -> Path:
    return lake / "trips" / f"date={day.isoformat()}" / f"{source}.ndjson"


def missing_sources(lake: Path, day: date) -> list[str]:
    return [source for source in SOURCES if not trip_file(lake, day, source).is_file()]


def read_lines(lake: Path, day: date, source: str) -> list[str] | None:
    """The lines without their ends; none of a file of zero bytes, and None when there is no file."""
    try:
        # Opened once and read as a whole: a newer file that is put into its place now does not mix with it.
        with trip_file(lake, day, source).open(encoding="utf-8", errors="replace") as file:
            return [line.removesuffix("\n") for line in file]
    except FileNotFoundError:
        return None
