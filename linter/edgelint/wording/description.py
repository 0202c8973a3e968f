"""Regions in a form that can be said and read back: alternatives of conditions, with exceptions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from edgelint.facts import Facts
from edgelint.meaning import Entry
from edgelint.model.expression import And, AnyValue, Expression, Not, Or, Test, ValueAt
from edgelint.model.walk import atoms, literals
from edgelint.record import record
from edgelint.space.language import Language
from edgelint.space.limits import Unbounded
from edgelint.space.region import OPAQUE, Box, Region
from edgelint.space.theory import Axis
from edgelint.wording.conditions import Condition, condition
from edgelint.wording.minimising import BOXES, hull, simplest


@record
class Alternative:
    """The requests that meet all of some conditions, at most one for each axis, and are no exception."""

    conditions: tuple[Condition, ...] = ()
    exceptions: tuple[Alternative, ...] = ()

    def expression(self) -> Expression:
        """The condition that is true of these requests."""
        exceptions = (Not(exception.expression()) for exception in self.exceptions)
        return And((*(one.expression for one in self.conditions), *exceptions))

    def size(self) -> int:
        """How many tests it takes to say it."""
        return 1 + sum(map(_size, self.conditions)) + sum(exception.size() for exception in self.exceptions)


@record
class Description:
    """What a region comes to among the requests that were looked at.

    Where `exact`, the alternatives together are all of it. Else they are a part, and `most` holds what is not among them,
    too; None where no such bound is known. Of none, it is empty.
    """

    alternatives: tuple[Alternative, ...]
    exact: bool = True
    most: Alternative | None = None

    def expression(self) -> Expression:
        """The condition that is true of the alternatives."""
        return Or(tuple(one.expression() for one in self.alternatives))


def describe(facts: Facts, region: Region, within: Region | None = None) -> Description:
    """A region as it is said where only some requests are spoken of, those that can arrive unless others are given.

    Whatever these have in common anyway is left out: the description is the region only together with that.
    """
    if within is not None:
        return _Describer(facts, within, within).described(region)
    arriving = facts.meaning.entered(facts.listeners) if facts.listeners else facts.meaning.space.everything
    return _Describer(facts, facts.possible, arriving).described(region)


class _Describer:
    """Says regions among some requests; hosts where they do not go without saying among others, too."""

    def __init__(self, facts: Facts, within: Region, hosts: Region) -> None:
        self._facts = facts
        self._within = within
        self._hosts = hosts
        self._entries = _entries(facts, within)

    def described(self, region: Region) -> Description:
        try:
            boxes = simplest(region, self._within, self._hosts)
            if len(boxes) > BOXES:
                return self._partly(boxes)
            plain = tuple(map(self._alternative, boxes))
            return Description(
                self._excepted(region, boxes, plain) if len(boxes) > 1 else plain, most=self._most(boxes)
            )
        except Unbounded:
            return Description((), exact=False)

    def _partly(self, boxes: Sequence[Box]) -> Description:
        return Description(tuple(map(self._alternative, boxes[:BOXES])), exact=False, most=self._most(boxes))

    def _most(self, boxes: Sequence[Box]) -> Alternative | None:
        found = hull(boxes, self._within, self._hosts) if len(boxes) > 1 else None
        return self._alternative(found) if found is not None else None

    def _alternative(self, box: Box) -> Alternative:
        found = (condition(axis, constraint, self._entries) for axis, constraint in box.constraints.items())
        return Alternative(tuple(sorted(found, key=lambda one: _ORDER.index(one.axis.kind))))

    def _excepted(
        self, region: Region, boxes: Sequence[Box], plain: tuple[Alternative, ...]
    ) -> tuple[Alternative, ...]:
        """Alternatives, or what holds them all with exceptions where that is said in fewer words."""
        whole = hull(boxes, self._within, self._hosts)
        if whole is None:
            return plain
        around = Region(region.space, (whole,)) & self._within
        try:
            left_out = simplest(around - region, around, around)
        except Unbounded:
            return plain
        if len(left_out) > BOXES:
            return plain
        inner = _Describer(self._facts, around, around)
        found = Alternative(self._alternative(whole).conditions, tuple(map(inner._alternative, left_out)))
        return (found,) if found.size() < _together(plain) else plain


_ORDER = ("method", "path", "host", "entry", "address", "header", "cookie", "query", OPAQUE)
"""The kinds of axes as they follow one another in a sentence."""


def _entries(facts: Facts, within: Region) -> list[Entry]:
    """The ways in that requests of a region may take."""
    asked = [box.constraints.get(Axis("entry")) for box in within.boxes]
    return [
        entry
        for entry in facts.meaning.entries
        if any(one is None or entry.name in cast(Language, one) for one in asked)
    ]


def shared(alternatives: Sequence[Alternative]) -> tuple[Condition, ...]:
    """The conditions that all of some alternatives have."""
    first, *others = alternatives
    return tuple(one for one in first.conditions if all(one in other.conditions for other in others))


def _together(alternatives: Sequence[Alternative]) -> int:
    """How many tests it takes to say some alternatives, what they share being said once."""
    common = sum(map(_size, shared(alternatives)))
    return common + sum(one.size() - common for one in alternatives)


def _size(one: Condition) -> int:
    return sum(_leaves(atom) for atom, _ in atoms(one.expression))


def _leaves(atom: Expression) -> int:
    """How many tests an atom consists of; what is to be read as "all but" takes one more."""
    if isinstance(atom, Test | AnyValue | ValueAt):
        return sum(1 if positive else 2 for _, positive in literals(atom.predicate))
    return 1
