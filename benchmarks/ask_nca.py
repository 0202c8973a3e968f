"""NP-Guard's NCA as a contender of `rivals.py`: rules are conditions of `subset.py`, and become sets of hypercubes.

The Python it is run by needs nothing but the package `network-config-analyzer`. It is asked in the way that was fastest of
those tried: the automata as the last axes, and the earlier rules that share something cut away one by one, which takes a third
of the time of asking whether their union contains a rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

from asking import serve
from nca.CoreDS.CanonicalHyperCubeSet import CanonicalHyperCubeSet as Cubes
from nca.CoreDS.CanonicalIntervalSet import CanonicalIntervalSet as Intervals
from nca.CoreDS.DimensionsManager import DimensionsManager
from nca.CoreDS.MinDFA import MinDFA

AXES = ["method", "address", "host", "path"]
"""The order in which NCA looks at the axes."""

ADDRESSES = (1 << 32) + (1 << 128)
"""All addresses, IPv4 first and IPv6 behind it."""

METHODS = 6
"""The five methods that rules name, and one number for all others."""


def domains() -> None:
    """Tell NCA what the axes are."""
    known, kinds = DimensionsManager(), DimensionsManager.DimensionType
    known.set_domain("host", kinds.DFA, alphabet_str="[.\\w/\\-]*")
    known.set_domain("path", kinds.DFA, alphabet_str="/[.\\w/\\-]*")
    known.set_domain("method", kinds.IntervalSet, (0, METHODS - 1))
    known.set_domain("address", kinds.IntervalSet, (0, ADDRESSES - 1))


def cubes(condition: dict[str, Any]) -> Cubes:
    """The set of a condition."""
    match condition:
        case {"all": operands}:
            return conjunction(operands)
        case {"any": operands}:
            return reduce(Cubes.__or__, map(cubes, operands))
        case {"not": operand}:
            return Cubes(AXES, allow_all=True) - cubes(operand)
    return cube({condition["axis"]: value(condition)})


def conjunction(operands: Sequence[dict[str, Any]]) -> Cubes:
    """What satisfies all operands: the tests of single axes as one cube at once, the others one by one."""
    values: dict[str, Any] = {}
    for operand in operands:
        if "axis" in operand:
            axis, found = operand["axis"], value(operand)
            values[axis] = values[axis] & found if axis in values else found
    others = (cubes(operand) for operand in operands if "axis" not in operand)
    return reduce(Cubes.__and__, others, cube(values))


def cube(values: dict[str, Any]) -> Cubes:
    """The set of what has these values on some axes."""
    axes = [axis for axis in AXES if axis in values]
    if not axes:
        return Cubes(AXES, allow_all=True)
    return Cubes.create_from_cube(AXES, [values[axis] for axis in axes], axes)


def value(test: dict[str, Any]) -> MinDFA | Intervals:
    """The values of one axis that satisfy a test."""
    if "text" in test:
        return MinDFA.dfa_from_regex(test["text"])
    return reduce(Intervals.__or__, (Intervals.get_interval_set(first, last) for first, last in test["ranges"]))


def overlaps(rule: Cubes, other: Cubes) -> bool:
    """Whether two rules share a request."""
    return bool(rule & other)


def covered(rule: Cubes, earlier: Sequence[Cubes]) -> bool:
    """Whether earlier rules leave a rule nothing."""
    for other in earlier:
        if rule & other:
            rule = rule - other
    return not rule


if __name__ == "__main__":
    domains()
    serve(cubes, overlaps, covered)
