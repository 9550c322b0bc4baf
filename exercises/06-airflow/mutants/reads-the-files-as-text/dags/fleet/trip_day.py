"""What the files of a day say, before anything is counted."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from uuid import UUID

from fleet.lake import SOURCES, read_lines
from fleet.trip import Trip, parse_trip

# Of 100 lines.
MOST_REJECTED = 5


@dataclass(frozen=True, slots=True)
class RejectedLine:
    source: str
    number: int
    reason: str
    text: str


@dataclass(slots=True)
class TripDay:
    missing: list[str] = field(default_factory=list)
    lines: int = 0
    rejected: list[RejectedLine] = field(default_factory=list)
    # The newest event of each trip.
    trips: dict[UUID, Trip] = field(default_factory=dict)

    @property
    def has_too_many_rejected(self) -> bool:
        # In whole numbers: exactly 5 in 100 are not too many.
        return len(self.rejected) * 100 > self.lines * MOST_REJECTED


def read_trip_day(lake: Path, day: date) -> TripDay:
    read = TripDay()
    for source in SOURCES:
        lines = read_lines(lake, day, source)
        if lines is None:
            read.missing.append(source)
            continue
        read.lines += len(lines)
        for number, line in enumerate(lines, start=1):
            try:
                trip = parse_trip(line)
            except ValueError as error:
                read.rejected.append(RejectedLine(source, number, str(error), _as_text(line)))
                continue
            known = read.trips.get(trip.trip_id)
            # Not >=: on equal times the source that is first in the alphabet wins, and its first line.
            if known is None or trip.event_time > known.event_time:
                read.trips[trip.trip_id] = trip
    return read


def _as_text(line: str) -> str:
    # PostgreSQL's text does not take it.
    return line.replace("\0", "\N{REPLACEMENT CHARACTER}")
