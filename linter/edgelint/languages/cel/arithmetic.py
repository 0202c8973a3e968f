"""CEL's operators on numbers, texts, lists and times: cel-spec, langdef.md, "Standard Definitions"."""

from __future__ import annotations

import math
from collections.abc import Callable

from edgelint.languages.cel.times import duration, timestamp
from edgelint.languages.cel.values import (
    Duration,
    EvaluationError,
    Timestamp,
    Uint,
    Value,
    checked_int,
    checked_uint,
    no_overload,
)


def add(one: Value, other: Value) -> Value:
    """Sum, or concatenation."""
    match one, other:
        case (str(), str()) | (bytes(), bytes()) | (tuple(), tuple()):
            return one + other  # type: ignore[operator]  # both have the same type here
        case Timestamp(start, offset), Duration(length):
            return timestamp(start + length, offset)
        case Duration(length), Timestamp(start, offset):
            return timestamp(start + length, offset)
        case Duration(length), Duration(more):
            return duration(length + more)
    return _numbers("+", one, other, lambda a, b: a + b, lambda a, b: a + b)


def subtract(one: Value, other: Value) -> Value:
    """Difference."""
    match one, other:
        case Timestamp(end, offset), Duration(length):
            return timestamp(end - length, offset)
        case Timestamp(end), Timestamp(start):
            return duration(end - start)
        case Duration(length), Duration(less):
            return duration(length - less)
    return _numbers("-", one, other, lambda a, b: a - b, lambda a, b: a - b)


def multiply(one: Value, other: Value) -> Value:
    """Product."""
    return _numbers("*", one, other, lambda a, b: a * b, lambda a, b: a * b)


def divide(one: Value, other: Value) -> Value:
    """Quotient, rounded towards zero for whole numbers."""
    return _numbers("/", one, other, _quotient, _ratio)


def modulo(one: Value, other: Value) -> Value:
    """Remainder of a division that rounds towards zero."""
    if isinstance(one, float):
        raise no_overload("%", one, other)
    return _numbers("%", one, other, lambda a, b: a - b * _quotient(a, b), math.fmod)


def negate(value: Value) -> Value:
    """The number with the other sign."""
    if isinstance(value, float):
        return -value
    if type(value) is int:
        return checked_int(-value)
    if isinstance(value, Duration):
        return duration(-value.nanoseconds)
    raise no_overload("-", value)


def _numbers(
    operator: str,
    one: Value,
    other: Value,
    whole: Callable[[int, int], int],
    real: Callable[[float, float], float],
) -> Value:
    if isinstance(one, float) and isinstance(other, float):
        return real(one, other)
    if isinstance(one, Uint) and isinstance(other, Uint):
        return checked_uint(whole(int(one), int(other)))
    if type(one) is int and type(other) is int:
        result = checked_int(whole(one, other))
        if operator == "%" and other == -1:
            checked_int(-one)  # cel-go reports the overflow of the division
        return result
    raise no_overload(operator, one, other)


def _quotient(one: int, other: int) -> int:
    if other == 0:
        raise EvaluationError("division by zero")
    whole = abs(one) // abs(other)
    return whole if (one < 0) == (other < 0) else -whole


def _ratio(one: float, other: float) -> float:
    if other != 0:
        return one / other
    if one == 0 or math.isnan(one):
        return math.nan
    return math.copysign(math.inf, one) * math.copysign(1.0, other)
