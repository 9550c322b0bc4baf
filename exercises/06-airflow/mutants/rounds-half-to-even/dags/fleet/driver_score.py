"""The score of a driver and day."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from fleet.trip import Trip

SPEEDING_ABOVE_KMH = 130


@dataclass(frozen=True, slots=True)
class DriverScore:
    driver_id: str
    score: Decimal
    trips: int


def score_drivers(trips: Iterable[Trip], start: datetime, end: datetime) -> list[DriverScore]:
    """The score of each driver with a trip that ended in [start, end)."""
    trips_of_driver: defaultdict[str, list[Trip]] = defaultdict(list)
    for trip in trips:
        # Compared as instants: 01:30 of the next day is still this day at +02:00.
        if trip.status == "ended" and trip.ended_at is not None and start <= trip.ended_at < end:
            trips_of_driver[trip.driver_id].append(trip)
    return [
        DriverScore(driver_id, _score(counted), len(counted))
        for driver_id, counted in trips_of_driver.items()
    ]


def _score(trips: list[Trip]) -> Decimal:
    km = sum((trip.distance_km for trip in trips), Decimal(0))
    faults = (
        2 * sum(trip.hard_brakes for trip in trips)
        + sum(trip.hard_accelerations for trip in trips)
        + 5 * sum(trip.max_speed_kmh > SPEEDING_ABOVE_KMH for trip in trips)
    )
    score = 100 - Decimal(100 * faults) / max(km, Decimal(1))
    return max(score, Decimal(0)).quantize(Decimal("0.01"))
