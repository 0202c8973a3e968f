"""An index of boxes: which of many boxes can share a request with a given one, without asking about each.

Every box has a bit. For each axis and each distinct constraint on it there is a row: the bits of the boxes whose constraint on
that axis can hold together with it. The `and` of a box's rows are the boxes that overlap it on every axis.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from edgelint.space.language import Language
from edgelint.space.limits import Unbounded
from edgelint.space.region import Box
from edgelint.space.theory import Axis, Constraint, Theory


class Index:
    """An index of a sequence of boxes of one space; bit n stands for the n-th box."""

    def __init__(self, boxes: Sequence[Box]) -> None:
        self._everyone = (1 << len(boxes)) - 1
        self._columns: dict[Axis, _Column] = {}
        masks: dict[Axis, dict[Constraint, int]] = {}
        for position, box in enumerate(boxes):
            for axis, constraint in box.constraints.items():
                column = masks.setdefault(axis, {})
                column[constraint] = column.get(constraint, 0) | 1 << position
        for axis, found in masks.items():
            self._columns[axis] = _Column(boxes[0].space.theory(axis), found, self._everyone)

    def overlapping(self, box: Box) -> int:
        """The bits of the boxes that overlap a box on every axis they share with it."""
        found = self._everyone
        for axis, constraint in box.constraints.items():
            column = self._columns.get(axis)
            if column is not None:
                found &= column.row(constraint)
                if not found:
                    break
        return found


class _Column:
    """The distinct constraints of one axis with the bits of the boxes that have them; `free` boxes have none."""

    def __init__(self, theory: Theory, masks: dict[Constraint, int], everyone: int) -> None:
        self._theory = theory
        self._masks = masks
        self._rows: dict[Constraint, int] = {}
        self._begun: dict[Constraint, int] = {}
        held = 0
        for mask in masks.values():
            held |= mask
        self._free = everyone & ~held
        self._heads: dict[str, list[Constraint]] = {}
        for constraint in masks:
            self._heads.setdefault(_head(constraint), []).append(constraint)
        self._sorted_heads = sorted(self._heads)

    def row(self, constraint: Constraint) -> int:
        found = self._rows.get(constraint)
        if found is None:
            found = self._rows[constraint] = self._compare(constraint)
        return found

    def _compare(self, constraint: Constraint) -> int:
        """A row by pairs; pairs that an earlier row has decided are taken from there."""
        own = self._masks.get(constraint, 0)
        found = self._free | self._begun.get(constraint, 0)
        for other in self._candidates(_head(constraint)):
            if own and other in self._rows:
                continue
            if self._together(constraint, other):
                found |= self._masks[other]
                self._begun[other] = self._begun.get(other, 0) | own
        return found

    def _candidates(self, head: str) -> Iterator[Constraint]:
        """The constraints whose members can begin like this."""
        for size in range(len(head)):
            yield from self._heads.get(head[:size], ())
        for position in range(bisect_left(self._sorted_heads, head), len(self._sorted_heads)):
            other = self._sorted_heads[position]
            if not other.startswith(head):
                break
            yield from self._heads[other]

    def _together(self, one: Constraint, other: Constraint) -> bool:
        try:
            return self._theory.compatible(one, other)
        except Unbounded:
            return True


def _head(constraint: Constraint) -> str:
    return constraint.head if isinstance(constraint, Language) else ""


def bits(mask: int) -> Iterator[int]:
    """The positions of the bits that are set, ascending."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest
