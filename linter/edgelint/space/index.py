"""An index of boxes: which of many boxes can share a request with a given one, without asking about each.

Every box has a bit. Axis by axis, the boxes whose constraint cannot hold together with the given one drop out; the axes that
are cheap to ask come first, so that few boxes are left where asking means searching. Two constraints are compared once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from edgelint.space.limits import Unbounded
from edgelint.space.region import Box
from edgelint.space.theory import Axis, Constraint, Theory

_COSTLY = ("path", "header", "query", "cookie")


class Index:
    """An index of a sequence of boxes of one space; bit n stands for the n-th box."""

    def __init__(self, boxes: Sequence[Box]) -> None:
        self._everyone = (1 << len(boxes)) - 1
        masks: dict[Axis, dict[Constraint, int]] = {}
        for position, box in enumerate(boxes):
            for axis, constraint in box.constraints.items():
                column = masks.setdefault(axis, {})
                column[constraint] = column.get(constraint, 0) | 1 << position
        self._columns = {axis: _Column(boxes[0].space.theory(axis), found) for axis, found in masks.items()}

    def overlapping(self, box: Box) -> int:
        """The bits of the boxes that overlap a box on every axis they share with it."""
        found = self._everyone
        for axis in sorted(box.constraints, key=lambda axis: axis.kind in _COSTLY):
            column = self._columns.get(axis)
            if column is not None and found:
                found = column.among(box.constraints[axis], found)
        return found


class _Column:
    """The distinct constraints of one axis, each with the bits of the boxes that have it."""

    def __init__(self, theory: Theory, masks: dict[Constraint, int]) -> None:
        self._theory = theory
        self._masks = masks
        self._known: dict[Constraint, dict[Constraint, bool]] = {}

    def among(self, constraint: Constraint, boxes: int) -> int:
        """The boxes of some boxes that may have a request whose value satisfies a constraint."""
        known = self._known.setdefault(constraint, {})
        for other, mask in self._masks.items():
            if boxes & mask:
                together = known.get(other)
                if together is None:
                    together = known[other] = self._together(constraint, other)
                if not together:
                    boxes &= ~mask
        return boxes

    def _together(self, one: Constraint, other: Constraint) -> bool:
        backwards = self._known.get(other, {}).get(one)
        if backwards is not None:
            return backwards
        try:
            return self._theory.compatible(one, other)
        except Unbounded:
            return True


def bits(mask: int) -> Iterator[int]:
    """The positions of the bits that are set, ascending."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest
