"""An index of boxes: which of many boxes can share a request with a given one, without asking about each.

Every box has a bit. Axis by axis, the boxes whose constraint cannot hold together with the given one drop out; the axes that
are cheap to ask come first, so that few boxes are left where asking means searching. What texts begin and end with decides
most questions for many constraints at once; what is left is asked once for two constraints.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from operator import or_

from edgelint.space.limits import Unbounded
from edgelint.space.region import Box
from edgelint.space.theory import Axis, Constraint, Theory

_COSTLY = ("path", "header", "query", "cookie")
_REMEMBERED = 1 << 29
"""How many bits of answers one axis may keep."""

_FEW = 24


class Index:
    """An index of a sequence of boxes of one space; bit n stands for the n-th box."""

    def __init__(self, boxes: Sequence[Box]) -> None:
        self._everyone = (1 << len(boxes)) - 1
        owners: dict[Axis, dict[int, Constraint]] = {}
        for position, box in enumerate(boxes):
            for axis, constraint in box.constraints.items():
                owners.setdefault(axis, {})[position] = constraint
        self._columns = {axis: _Column(boxes[0].space.theory(axis), found) for axis, found in owners.items()}

    def overlapping(self, box: Box) -> int:
        """The bits of the boxes that overlap a box on every axis they share with it."""
        found = self._everyone
        for axis in sorted(box.constraints, key=lambda axis: axis.kind in _COSTLY):
            column = self._columns.get(axis)
            if column is not None and found:
                found = column.among(box.constraints[axis], found)
        return found


class _Column:
    """The constraints of one axis by the box that has them, and which of them were found to hold together."""

    def __init__(self, theory: Theory, owners: dict[int, Constraint]) -> None:
        self._theory = theory
        self._owners = owners
        self._bound = mask(owners)
        boxes: dict[Constraint, list[int]] = {}
        for position, constraint in owners.items():
            boxes.setdefault(constraint, []).append(position)
        self._masks = {constraint: mask(positions) for constraint, positions in boxes.items()}
        self._spellings = _spellings(theory, boxes)
        self._rows: dict[Constraint, tuple[int, int]] = {}
        self._most = max(64, _REMEMBERED // (self._bound.bit_length() + 1))

    def among(self, constraint: Constraint, boxes: int) -> int:
        """The boxes of some boxes that may have a request whose value satisfies a constraint."""
        asked, together = self._rows.get(constraint) or (self._bound & ~self._agreeing(constraint), 0)
        fresh = boxes & self._bound & ~asked
        if fresh:
            for other in self._constraints(fresh):
                if self._together(constraint, other):
                    together |= self._masks[other]
                asked |= self._masks[other]
            if len(self._rows) >= self._most:
                self._rows.clear()
            self._rows[constraint] = asked, together
        return boxes & (together | ~self._bound)

    def _agreeing(self, constraint: Constraint) -> int:
        """The boxes whose constraint does not contradict another one by what their values begin or end with."""
        found = self._bound
        for affixes, texts in zip(self._spellings, self._theory.affixes(constraint), strict=True):
            found &= reduce(or_, map(affixes.agreeing, texts), 0)
        return found

    def _constraints(self, boxes: int) -> Iterable[Constraint]:
        """The distinct constraints of some boxes."""
        if boxes.bit_count() < len(self._masks):
            return dict.fromkeys(map(self._owners.__getitem__, bits(boxes)))
        return [constraint for constraint, found in self._masks.items() if found & boxes]

    def _together(self, one: Constraint, other: Constraint) -> bool:
        try:
            return self._theory.compatible(one, other)
        except Unbounded:
            return True


class _Affixes:
    """Boxes by a text that all values of their constraint begin with."""

    def __init__(self, texts: dict[str, list[int]]) -> None:
        self._masks = {text: mask(positions) for text, positions in texts.items()}
        self._sorted = sorted(texts)
        self._sizes = sorted(set(map(len, texts)))
        self._known: dict[str, int] = {}

    def agreeing(self, text: str) -> int:
        """The boxes whose text begins with another one, or the other way round."""
        found = self._known.get(text)
        if found is None:
            found = 0
            for size in self._sizes:
                if size < len(text):
                    found |= self._masks.get(text[:size], 0)
            first = bisect_left(self._sorted, text)
            last = bisect_right(self._sorted, text, lo=first, key=lambda longer: longer[: len(text)])
            for longer in self._sorted[first:last]:
                found |= self._masks[longer]
            self._known[text] = found
        return found


def _spellings(theory: Theory, boxes: dict[Constraint, list[int]]) -> list[_Affixes]:
    """The boxes by what their values begin with, for each spelling of the values."""
    found: list[dict[str, list[int]]] = [{} for _ in theory.affixes(theory.everything)]
    for constraint, positions in boxes.items():
        for texts, affixes in zip(found, theory.affixes(constraint), strict=True):
            for affix in affixes:
                texts.setdefault(affix, []).extend(positions)
    return [_Affixes(texts) for texts in found]


def mask(positions: Iterable[int]) -> int:
    """The bits at some positions."""
    chosen = list(positions)
    found = bytearray(max(chosen, default=0) // 8 + 1)
    for position in chosen:
        found[position >> 3] |= 1 << (position & 7)
    return int.from_bytes(found, "little")


def bits(mask: int) -> Iterator[int]:
    """The positions of the bits that are set, ascending."""
    if mask.bit_count() < _FEW:
        while mask:
            lowest = mask & -mask
            yield lowest.bit_length() - 1
            mask ^= lowest
        return
    text = bin(mask)[:1:-1]
    at = text.find("1")
    while at >= 0:
        yield at
        at = text.find("1", at + 1)
