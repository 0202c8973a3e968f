"""The values of CEL at run time, their equality and order: cel-spec, langdef.md, "Values", "Equality" and "Ordering".

null, bool, int, double, string and bytes are Python's own; a uint is `Uint`; a list is a tuple; a type is `Type` by its name.
A map is a mapping by `map_key`. Keys that are equal numbers of different types are one key here; cel-go keeps them apart.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TypeAlias

from edgelint.languages.cel.literals import MAX_INT, MAX_UINT, MIN_INT
from edgelint.languages.cel.type_system import Type
from edgelint.record import field as attribute
from edgelint.record import record


class EvaluationError(Exception):
    """An evaluation that ends in an error, with the reason in a few words."""


class Uint(int):
    """An unsigned 64-bit integer."""

    __slots__ = ()


@record(order=True)
class Timestamp:
    """A point in time: nanoseconds since 1970 in UTC, and the offset in seconds it was written with."""

    nanoseconds: int
    offset: int = attribute(default=0, compare=False)


@record(order=True)
class Duration:
    """A span of time in nanoseconds."""

    nanoseconds: int


Key: TypeAlias = "str | float | tuple[bool]"
Value: TypeAlias = (
    "bool | int | float | str | bytes | Timestamp | Duration | Type | tuple[Value, ...] | Mapping[Key, Value] | None"
)
"""Any value; `Key` is one as the key of a map."""

_NAMES = {
    bool: "bool", int: "int", Uint: "uint", float: "double", str: "string", bytes: "bytes", tuple: "list", Type: "type",
    Timestamp: "google.protobuf.Timestamp", Duration: "google.protobuf.Duration", type(None): "null_type",
}  # fmt: skip


def type_name(value: Value) -> str:
    """The name of a value's type."""
    return _NAMES.get(type(value), "map")


def is_number(value: Value) -> bool:
    """Whether a value is an int, a uint or a double."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def map_key(value: Value) -> Key:
    """A value as the key of a map; bools are wrapped, since Python takes True for 1."""
    if isinstance(value, bool):
        return (value,)
    if isinstance(value, str | int | float):
        return value
    raise EvaluationError(f"no key of a map: {type_name(value)}")


def key_value(key: Key) -> Value:
    """The value that a key of a map stands for."""
    return key[0] if isinstance(key, tuple) else key


def equal(one: Value, other: Value, step: Callable[[], None]) -> bool:
    """Whether two values are equal; values of different types are not, except for numbers. `step` is called for each pair."""
    step()
    if is_number(one) and is_number(other):
        return _compare_numbers(one, other) == 0
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(equal(*pair, step) for pair in zip(one, other, strict=True))
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(equal(value, other[key], step) for key, value in one.items())
    return type(one) is type(other) and one == other


def compare(one: Value, other: Value) -> int:
    """-1, 0 or 1 for less, equal or greater."""
    if is_number(one) and is_number(other):
        order = _compare_numbers(one, other)
        if order is None:
            raise EvaluationError("NaN has no order")
        return order
    match one, other:
        case (
            (bool(), bool())
            | (str(), str())
            | (bytes(), bytes())
            | (Timestamp(), Timestamp())
            | (Duration(), Duration())
        ):
            return (one > other) - (one < other)  # type: ignore[operator]  # both have the same type here
    raise no_overload("<", one, other)


def no_overload(function: str, *arguments: Value) -> EvaluationError:
    """The error of a function that does not take arguments of these types."""
    return EvaluationError(f"no such overload: {function}({', '.join(map(type_name, arguments))})")


def checked_int(value: int) -> int:
    """The value, if it fits an int."""
    if not MIN_INT <= value <= MAX_INT:
        raise EvaluationError("integer overflow")
    return value


def checked_uint(value: int) -> Uint:
    """The value as a uint, if it fits one."""
    if not 0 <= value <= MAX_UINT:
        raise EvaluationError("unsigned integer overflow")
    return Uint(value)


def _compare_numbers(one: Value, other: Value) -> int | None:
    if isinstance(one, float) or isinstance(other, float):
        # cel-go compares a whole number with a double as doubles.
        one, other = float(one), float(other)  # type: ignore[arg-type]  # both are numbers
        if math.isnan(one) or math.isnan(other):
            return None
    return (one > other) - (one < other)  # type: ignore[operator]  # both are numbers
