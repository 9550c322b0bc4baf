"""The team's rules for a line of a trip file: one event in the life of a trip, version 1 of the schema."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Trip:
    event_id: UUID
    trip_id: UUID
    vehicle_id: str
    driver_id: str
    # Instants, with the offset that stands in the line.
    started_at: datetime
    ended_at: datetime | None
    event_time: datetime
    # The very number that stands in the line, which a float is not.
    distance_km: Decimal
    max_speed_kmh: Decimal
    hard_brakes: int
    hard_accelerations: int
    # started, ended or cancelled
    status: str


def parse_trip(line: bytes | str) -> Trip:
    """Makes a trip of one line.

    Raises ValueError with the reason, which names the field when a field breaks the rules.
    """
    event = _read_object(line)
    values = {name: _read_field(event, name, rule) for name, rule in _RULES.items()}
    unknown = event.keys() - _RULES.keys()
    if unknown:
        raise ValueError(f"{min(unknown)!a} is no field of a trip")

    started_at, ended_at = values["startedAt"], values["endedAt"]
    if values["status"] == "ended" and ended_at is None:
        raise ValueError("endedAt is missing from a trip that has ended")
    if ended_at is not None and ended_at < started_at:
        raise ValueError("endedAt is earlier than startedAt")
    return Trip(
        event_id=values["eventId"],
        trip_id=values["tripId"],
        vehicle_id=values["vehicleId"],
        driver_id=values["driverId"],
        started_at=started_at,
        ended_at=ended_at,
        event_time=values["eventTime"],
        distance_km=values["distanceKm"],
        max_speed_kmh=values["maxSpeedKmh"],
        hard_brakes=values["hardBrakes"],
        hard_accelerations=values["hardAccelerations"],
        status=values["status"],
    )


def _read_object(line: bytes | str) -> dict[str, Any]:
    try:
        text = line.decode() if isinstance(line, bytes) else line
    except UnicodeDecodeError as error:
        raise ValueError(f"no UTF-8: {error.reason} at byte {error.start}") from error
    try:
        value = json.loads(text, parse_float=Decimal, parse_constant=_refuse_constant)
    # Thousands of brackets within brackets are a RecursionError, an exponent of 20 digits is an InvalidOperation.
    except (ValueError, RecursionError, InvalidOperation) as error:
        raise ValueError(f"no JSON: {error}") from error
    if not isinstance(value, dict):
        raise ValueError("no JSON object")
    return value


def _refuse_constant(name: str) -> NoReturn:
    # Python would read NaN and Infinity, which JSON does not have.
    raise ValueError(f"{name} is no number")


def _read_field(event: dict[str, Any], name: str, rule: Callable[[Any], Any]) -> Any:
    try:
        return rule(event.get(name))
    except ValueError as error:
        raise ValueError(f"{name} {error}") from error


def _version(value: Any) -> int:
    if type(value) is not int or value != 1:
        raise ValueError("is not 1")
    return value


def _uuid(value: Any) -> UUID:
    if not isinstance(value, str) or not _UUID_TEXT.fullmatch(value):
        raise ValueError("is no UUID")
    return UUID(value)


def _text(value: Any) -> str:
    if not isinstance(value, str) or value == "":
        raise ValueError("is no text, or an empty one")
    # JSON can spell them as \u0000 and \ud800; one such name would cost the whole day.
    if _NOT_STORED.search(value):
        raise ValueError("holds a character that no database stores")
    return value


def _instant(value: Any) -> datetime:
    # datetime.fromisoformat takes more than RFC 3339: weeks, times without an offset.
    if not isinstance(value, str) or not _INSTANT_TEXT.fullmatch(value):
        raise ValueError("is no instant of RFC 3339")
    return datetime.fromisoformat(value)


def _instant_or_none(value: Any) -> datetime | None:
    return None if value is None else _instant(value)


def _number(value: Any) -> Decimal:
    # type() and not isinstance(): True is an int in Python.
    if type(value) not in (int, Decimal) or value < 0:
        raise ValueError("is no number of 0 or more")
    return Decimal(value)


def _count(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError("is no whole number of 0 or more")
    return value


def _status(value: Any) -> str:
    if value not in ("started", "ended", "cancelled"):
        raise ValueError("is not started, ended or cancelled")
    return value


_NOT_STORED = re.compile("[\0\ud800-\udfff]")
_UUID_TEXT = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_INSTANT_TEXT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})"
)
_RULES: dict[str, Callable[[Any], Any]] = {
    "eventId": _uuid,
    "schemaVersion": _version,
    "eventTime": _instant,
    "tripId": _uuid,
    "vehicleId": _text,
    "driverId": _text,
    "startedAt": _instant,
    "endedAt": _instant_or_none,
    "distanceKm": _number,
    "maxSpeedKmh": _number,
    "hardBrakes": _count,
    "hardAccelerations": _count,
    "status": _status,
}
