"""Atoms of conditions in words: a stable name, equal for equal atoms."""

from __future__ import annotations

from edgelint.model.expression import (
    AnyValue,
    Contains,
    Count,
    EndsWith,
    Equals,
    Every,
    Expression,
    HostPattern,
    InNetwork,
    Length,
    Matches,
    Never,
    Opaque,
    Ordered,
    PathPrefix,
    Predicate,
    Present,
    Some,
    StartsWith,
    Test,
    ValueAt,
)

_VERBS: dict[type, str] = {
    Equals: "is",
    StartsWith: "begins with",
    EndsWith: "ends with",
    Contains: "contains",
    PathPrefix: "is or lies below",
    HostPattern: "fits",
}


def say(atom: Expression) -> str:
    """An atom in words."""
    match atom:
        case Test(field, predicate):
            return f"{field} {_say(predicate)}"
        case Present(field):
            return f"{field} is there"
        case AnyValue(field, predicate):
            return f"some {field} {_say(predicate)}"
        case ValueAt(field, index, predicate):
            return f"{field} number {index + 1} {_say(predicate)}"
        case Count(field, comparison, number):
            return f"count of {field} {comparison} {number}"
        case Opaque(name):
            return name
    raise TypeError(atom)


def _say(predicate: Predicate) -> str:
    match predicate:
        case Matches(pattern):
            return f"matches `{pattern}`"
        case Length(comparison, number):
            return f"has a length {comparison} {number}"
        case Ordered(comparison, text):
            return f"{comparison} `{text}`"
        case InNetwork(network):
            return f"lies in {network}"
        case Every(predicates):
            return "(" + " and ".join(map(_say, predicates)) + ")"
        case Some(predicates):
            return "(" + " or ".join(map(_say, predicates)) + ")"
        case Never(operand):
            return f"(not {_say(operand)})"
        case _:
            return f"{_VERBS[type(predicate)]} `{predicate.text}`"
