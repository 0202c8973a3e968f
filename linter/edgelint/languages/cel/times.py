"""Timestamps and durations as texts and in parts: RFC 3339 and durations as Go reads and writes them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from edgelint.languages.cel.literals import MAX_INT, MIN_INT
from edgelint.languages.cel.values import Duration, EvaluationError, Timestamp

SECOND = 1_000_000_000
"""A second in nanoseconds."""

MIN_SECONDS, MAX_SECONDS = -62_135_596_800, 253_402_300_799
"""Timestamps reach from the year 1 to the end of the year 9999."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_RFC3339 = r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{1,2}):([0-9]{2}):([0-9]{2})(?:[.,]([0-9]+))?(?:Z|([+-])([0-9]{2}):([0-9]{2}))"
_OFFSET = r"([+-]?[0-9]{1,3}):([+-]?[0-9]{1,4})"
_UNITS = {
    "ns": 1, "us": 1_000, "\u00b5s": 1_000, "\u03bcs": 1_000, "ms": 1_000_000,
    "s": SECOND, "m": 60 * SECOND, "h": 3600 * SECOND,
}  # fmt: skip
_DURATION_PART = r"([0-9]*)(?:\.([0-9]*))?(ns|us|\u00b5s|\u03bcs|ms|s|m|h)"


def timestamp(nanoseconds: int, offset: int = 0) -> Timestamp:
    """A timestamp, if it is in range."""
    if not MIN_SECONDS <= nanoseconds // SECOND <= MAX_SECONDS:
        raise EvaluationError("timestamp overflow")
    return Timestamp(nanoseconds, offset)


def duration(nanoseconds: int) -> Duration:
    """A duration, if it is in range."""
    if not MIN_INT <= nanoseconds <= MAX_INT:
        raise EvaluationError("duration overflow")
    return Duration(nanoseconds)


def read_timestamp(text: str) -> Timestamp:
    """The timestamp of a text in RFC 3339 format."""
    found = re.fullmatch(_RFC3339, text)
    if not found:
        raise EvaluationError("no timestamp")
    *numbers, fraction, sign, hours, minutes = found.groups()
    if sign and not (int(hours) <= 24 and int(minutes) <= 60):
        raise EvaluationError("no timestamp")
    offset = (int(hours) * 3600 + int(minutes) * 60) * (-1 if sign == "-" else 1) if sign else 0
    seconds = _seconds(*map(int, numbers)) - offset
    return timestamp(seconds * SECOND + int((fraction or "")[:9].ljust(9, "0")), offset)


def _seconds(year: int, month: int, day: int, hour: int, minute: int, second: int) -> int:
    try:
        moment = datetime(year or 1, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        raise EvaluationError("no timestamp") from None
    if not year:
        raise EvaluationError("timestamp overflow")
    return (moment - _EPOCH) // timedelta(seconds=1)


def write_timestamp(value: Timestamp) -> str:
    """A timestamp in RFC 3339 format, with the offset it was read with and no trailing zeros."""
    try:
        moment = _EPOCH + timedelta(seconds=value.nanoseconds // SECOND + value.offset)
    except OverflowError:
        raise EvaluationError("timestamp overflow") from None
    fraction = f".{value.nanoseconds % SECOND:09}".rstrip("0").rstrip(".")
    hours, minutes = divmod(abs(value.offset) // 60, 60)
    zone = f"{'-' if value.offset < 0 else '+'}{hours:02}:{minutes:02}" if value.offset else "Z"
    return f"{moment.year:04}-{moment:%m-%dT%H:%M:%S}{fraction}{zone}"


def read_duration(text: str) -> Duration:
    """The duration of a text such as `1h30m` or `-1.5s`."""
    unsigned = text[1:] if text[:1] in ("+", "-") else text
    total, end = 0, 0
    while end < len(unsigned) and unsigned != "0":
        part = re.compile(_DURATION_PART).match(unsigned, end)
        if not part or not (part[1] or part[2]):
            raise EvaluationError("no duration")
        total += _part(part[1] or "0", part[2] or "", _UNITS[part[3]])
        end = part.end()
    if not unsigned or total > MAX_INT + 1:
        raise EvaluationError("no duration")
    return duration(-total if text[0] == "-" else total)


def _part(whole: str, fraction: str, unit: int) -> int:
    if len(whole.lstrip("0")) > 19:
        raise EvaluationError("no duration")
    # Go takes as many digits of the fraction as an int64 holds, and rounds down in floating point.
    digits = fraction[: 19 if fraction[:19] <= str(MAX_INT) else 18]
    return int(whole) * unit + int(int(digits or "0") * (unit / 10.0 ** len(digits)))


def write_duration(value: Duration) -> str:
    """A duration in seconds, such as `90s` or `0.5s`."""
    from decimal import Decimal  # late: seldom needed

    whole, rest = divmod(abs(value.nanoseconds), SECOND)
    seconds = float(whole) + rest / 1e9
    text = format(Decimal(repr(seconds)).normalize(), "f")
    return f"{'-' if value.nanoseconds < 0 else ''}{text}s"


def part_of_timestamp(function: str, value: Timestamp, zone: str = "UTC") -> int:
    """What a function such as `getHours` gives for a timestamp in a time zone."""
    try:
        moment = (_EPOCH + timedelta(seconds=value.nanoseconds // SECOND)).astimezone(_zone(zone))
    except OverflowError:
        raise EvaluationError("timestamp overflow") from None
    parts = {
        "getFullYear": moment.year,
        "getMonth": moment.month - 1,
        "getDayOfYear": moment.timetuple().tm_yday - 1,
        "getDayOfMonth": moment.day - 1,
        "getDate": moment.day,
        "getDayOfWeek": moment.isoweekday() % 7,
        "getHours": moment.hour,
        "getMinutes": moment.minute,
        "getSeconds": moment.second,
        "getMilliseconds": value.nanoseconds % SECOND // 1_000_000,
    }
    return parts[function]


def part_of_duration(function: str, value: Duration) -> int | None:
    """What a function such as `getHours` gives for a duration; None for those it does not have."""
    units = {"getHours": 3600 * SECOND, "getMinutes": 60 * SECOND, "getSeconds": SECOND, "getMilliseconds": 1_000_000}
    if function not in units:
        return None
    whole = abs(value.nanoseconds) // units[function]
    return -whole if value.nanoseconds < 0 else whole


def _zone(name: str) -> tzinfo:
    from zoneinfo import ZoneInfo  # late: seldom needed

    found = re.fullmatch(_OFFSET, name)
    try:
        if not found:
            return ZoneInfo(name or "UTC")
        hours, minutes = int(found[1]), int(found[2])
        return timezone(timedelta(minutes=hours * 60 + (-minutes if name[0] == "-" else minutes)))
    except (OSError, ValueError, KeyError):
        raise EvaluationError("unknown time zone") from None
