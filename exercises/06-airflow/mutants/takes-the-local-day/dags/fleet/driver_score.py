"""The score of a driver and day."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from fleet.trip import Trip

SPEEDING_ABOVE_KMH = 130


@dataclass(frozen=True, slots=True)
class DriverScore:
    driver_id: str
    score: Decimal
    trips: int


def score_drivers(trips: Iterable[Trip], day: date) -> list[DriverScore]:
    """The score of each driver with a trip that ended on the day."""
    trips_of_driver: defaultdict[str, list[Trip]] = defaultdict(list)
    for trip in trips:
        if trip.status == "ended" and trip.ended_at is not None and trip.ended_at.date() == day:
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
    # Decimal's own way is half to even, which makes 62.12 of 62.125.
    return max(score, Decimal(0)).quantize(Decimal("0.01"), ROUND_HALF_UP)
