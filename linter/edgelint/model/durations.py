"""Spans of time in words."""

from __future__ import annotations

from fractions import Fraction

_UNITS = ((86400, "day"), (3600, "hour"), (60, "minute"))


def lasting(seconds: Fraction | float) -> str:
    """Seconds in the largest unit that divides them, as in `10 minutes`."""
    for size, unit in _UNITS:
        if seconds and seconds % size == 0:
            return _counted(seconds / size, unit)
    return _counted(seconds, "second")


def _counted(number: Fraction | float, unit: str) -> str:
    return f"{float(number):,.10g} {unit}" + ("" if number == 1 else "s")
