"""CEL's standard functions on values: cel-spec, langdef.md, "Standard Definitions". Arguments are not checked beforehand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

from edgelint.languages.cel import arithmetic, times
from edgelint.languages.cel.conversions import CONVERSIONS
from edgelint.languages.cel.environment import CALENDAR
from edgelint.languages.cel.values import Duration, Timestamp, Value, compare, no_overload

Function = Callable[..., Value]
"""A function on values; `EvaluationError` when it fails or does not take such values."""


def _size(value: Value) -> int:
    if isinstance(value, str | bytes | tuple | Mapping):
        return len(value)
    raise no_overload("size", value)


def _on_texts(name: str, question: Callable[[str, str], bool]) -> Function:
    def ask(text: Value, part: Value) -> bool:
        if not isinstance(text, str) or not isinstance(part, str):
            raise no_overload(name, text, part)
        return question(text, part)

    return ask


def _on_times(name: str) -> Function:
    def ask(value: Value, *zone: Value) -> int:
        result = None
        match value, zone:
            case Timestamp(), () | (str(),):
                result = times.part_of_timestamp(name, value, *cast("tuple[str, ...]", zone))
            case Duration(), ():
                result = times.part_of_duration(name, value)
        if result is None:
            raise no_overload(name, value, *zone)
        return result

    return ask


ARITHMETIC: dict[str, Callable[[Value, Value], Value]] = {
    "<": lambda one, other: compare(one, other) < 0,
    "<=": lambda one, other: compare(one, other) <= 0,
    ">": lambda one, other: compare(one, other) > 0,
    ">=": lambda one, other: compare(one, other) >= 0,
    "+": arithmetic.add,
    "-": arithmetic.subtract,
    "*": arithmetic.multiply,
    "/": arithmetic.divide,
    "%": arithmetic.modulo,
}

FUNCTIONS: dict[str, Function] = {
    **CONVERSIONS,
    "size": _size,
    "contains": _on_texts("contains", str.__contains__),
    "startsWith": _on_texts("startsWith", str.startswith),
    "endsWith": _on_texts("endsWith", str.endswith),
    **{name: _on_times(name) for name in CALENDAR},
}
