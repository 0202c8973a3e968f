"""Sets of characters, and the division of all characters that several sets make.

A character is a Unicode scalar value: U+0000 to U+10FFFF without the surrogates U+D800 to U+DFFF. Go reads strings as UTF-8,
in which a surrogate cannot be written, so no text holds one; sets leave them out and their complement does not bring them in.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from string import ascii_lowercase, ascii_uppercase, digits, printable
from weakref import WeakValueDictionary

Range = tuple[int, int]
"""The code points from the first to the second, both included."""

LAST = 0x10FFFF
"""The greatest code point."""

_SURROGATES = (0xD800, 0xDFFF)
_SCALAR_VALUES = ((0, 0xD7FF), (0xE000, LAST))
_READABLE = dict.fromkeys(ascii_lowercase + digits + "-._/" + ascii_uppercase + printable.rstrip()) | {" ": None}


class Characters:
    """A set of characters: sorted ranges that neither touch nor overlap. Equal sets are one object."""

    __slots__ = ("__weakref__", "ranges")

    ranges: tuple[Range, ...]

    def __new__(cls, ranges: Iterable[Range] = ()) -> Characters:
        """The set of the characters in these ranges, which may overlap and come in any order."""
        normal = tuple(_merged(sorted(ranges)))
        if any(low <= _SURROGATES[1] and high >= _SURROGATES[0] for low, high in normal):
            normal = tuple(_scalar_values(normal))
        known = _INTERNED.get(normal)
        if known is None:
            known = object.__new__(cls)
            object.__setattr__(known, "ranges", normal)
            _INTERNED[normal] = known
        return known

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a set of characters is shared, {name} cannot be changed")

    def __reduce__(self) -> tuple[type[Characters], tuple[tuple[Range, ...]]]:
        return Characters, (self.ranges,)

    @staticmethod
    def of(text: str) -> Characters:
        """The characters of a text."""
        return Characters((ord(character), ord(character)) for character in text)

    def __or__(self, other: Characters) -> Characters:
        return Characters(self.ranges + other.ranges)

    def __invert__(self) -> Characters:
        edges = [-1, *(edge for pair in self.ranges for edge in pair), LAST + 1]
        return Characters((before + 1, after - 1) for before, after in zip(edges[::2], edges[1::2], strict=True))

    def __and__(self, other: Characters) -> Characters:
        return ~(~self | ~other)

    def __sub__(self, other: Characters) -> Characters:
        return ~(~self | other)

    def __bool__(self) -> bool:
        return bool(self.ranges)

    def __iter__(self) -> Iterator[Range]:
        return iter(self.ranges)

    def __contains__(self, character: str) -> bool:
        point = ord(character)
        index = bisect_right(self.ranges, (point, LAST)) - 1
        return index >= 0 and point <= self.ranges[index][1]

    def smallest(self) -> str:
        """The member with the smallest code point. The set must not be empty."""
        return chr(self.ranges[0][0])

    def readable(self) -> str:
        """The member that reads best in an example: lower-case letters first, control characters last. Not for the empty set."""
        for character in _READABLE:
            if character in self:
                return character
        points = (chr(point) for low, high in self.ranges for point in range(low, high + 1))
        return next(filter(str.isprintable, points), self.smallest())


_INTERNED: WeakValueDictionary[tuple[Range, ...], Characters] = WeakValueDictionary()


def _scalar_values(ranges: Iterable[Range]) -> Iterator[Range]:
    for low, high in ranges:
        for least, most in _SCALAR_VALUES:
            if low <= most and high >= least:
                yield max(low, least), min(high, most)


def _merged(ranges: Iterable[Range]) -> Iterator[Range]:
    start, end = 0, -2
    for low, high in ranges:
        if low > end + 1:
            if end >= start:
                yield start, end
            start, end = low, high
        elif high > end:
            end = high
    if end >= start:
        yield start, end


NOTHING = Characters()
"""The empty set."""

EVERYTHING = ~NOTHING
"""Every character."""


def partition(marks: Mapping[Characters, int]) -> tuple[tuple[Characters, int], ...]:
    """The coarsest division of all characters in which every set is a union of classes, in order of smallest members.

    Each set has a mark, a bit mask that shares no bit with another's. A class comes with the marks of the sets it lies in.
    """
    changes: defaultdict[int, int] = defaultdict(int, {0: 0, LAST + 1: 0})
    for characters, mark in marks.items():
        for low, high in characters:
            changes[low] ^= mark
            changes[high + 1] ^= mark
    classes: defaultdict[int, list[Range]] = defaultdict(list)
    marked = 0
    for start, end in pairwise(sorted(changes)):
        marked ^= changes[start]
        classes[marked].append((start, end - 1))
    found = ((Characters(ranges), mark) for mark, ranges in classes.items())
    return tuple(sorted((pair for pair in found if pair[0]), key=lambda pair: pair[0].ranges))
