"""How languages tell the next character apart: every character is of a kind.

Characters of one kind lead to the same derivative, those of the kind NOWHERE to none. A search reads one character of each
kind, the most readable. Equal divisions are one object, so that which characters several of them tell apart is remembered.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from weakref import WeakValueDictionary

LAST_CODE_POINT = 0x10FFFF
NOWHERE = -1

READABLE = "abcdefghijklmnopqrstuvwxyz0123456789-_./ABCDEFGHIJKLMNOPQRSTUVWXYZ:~@=+,;!$&'()*% \"#<>?[\\]^`{|}"
_RANK = {character: rank for rank, character in enumerate(READABLE)}
_ASCII = 128
_WORST_FIRST = sorted(map(chr, range(_ASCII)), key=lambda character: -_RANK.get(character, _ASCII + ord(character)))
_POINTS = tuple(map(ord, _WORST_FIRST))
_SURROGATES = (0xD800, 0xDFFF)

Mark = tuple[int, int]
"""The first code point of an interval, and the kind of the characters in it."""


class Division:
    """The kinds of all characters: of those of ASCII, the least readable first, and of the intervals beyond, ascending."""

    __slots__ = ("__weakref__", "ascii", "beyond")

    def __init__(self, ascii_kinds: tuple[int, ...], beyond: tuple[Mark, ...]) -> None:
        self.ascii = ascii_kinds
        self.beyond = beyond

    def kind(self, character: str) -> int:
        """The kind of a character."""
        point = ord(character)
        if point < _ASCII:
            return self.ascii[_POINTS.index(point)]
        return self.beyond[bisect_right(self.beyond, (point, LAST_CODE_POINT)) - 1][1]


_INTERNED: WeakValueDictionary[tuple[tuple[int, ...], tuple[Mark, ...]], Division] = WeakValueDictionary()


def _interned(ascii_kinds: tuple[int, ...], beyond: list[Mark]) -> Division:
    """The division of these kinds, neighbours of one kind in one interval."""
    kept = tuple(mark for place, mark in enumerate(beyond) if not place or beyond[place - 1][1] != mark[1])
    key = (ascii_kinds, kept)
    found = _INTERNED.get(key)
    if found is None:
        found = _INTERNED[key] = Division(*key)
    return found


def _worst_first(row: list[int]) -> tuple[int, ...]:
    """The kinds of ASCII from those by code point."""
    return tuple(map(row.__getitem__, _POINTS))


def apart(kinds: Mapping[str, int], rest: int) -> Division:
    """Some characters of the kinds given, all others of the kind `rest`."""
    row, beyond = [rest] * _ASCII, {_ASCII: rest}
    for character, kind in sorted(kinds.items()):
        point = ord(character)
        if point < _ASCII:
            row[point] = kind
        else:
            beyond[point] = kind
            beyond.setdefault(point + 1, rest)
    beyond.pop(LAST_CODE_POINT + 1, None)
    return _interned(_worst_first(row), sorted(beyond.items()))


WHOLE = apart({}, 0)
"""All characters are of one kind."""


def sets(ranges: Iterable[tuple[int, int, int]]) -> Division:
    """Disjoint ranges of code points, both ends included, each with its kind; what is in none of them leads nowhere."""
    row, beyond = [NOWHERE] * _ASCII, {_ASCII: NOWHERE}
    for first, last, kind in sorted(ranges):
        if first < _ASCII:
            row[first : last + 1] = [kind] * (min(last + 1, _ASCII) - first)
        if last >= _ASCII:
            beyond[max(first, _ASCII)] = kind
            beyond[last + 1] = NOWHERE
    beyond.pop(LAST_CODE_POINT + 1, None)
    return _interned(_worst_first(row), sorted(beyond.items()))


def renamed(division: Division, kinds: Sequence[int]) -> Division:
    """A division of which every character leads somewhere, with other kinds, given by those it has."""
    return _interned(
        tuple(map(kinds.__getitem__, division.ascii)), [(start, kinds[kind]) for start, kind in division.beyond]
    )


class _Numbers(dict[tuple[int, ...], int]):
    """Numbers for kinds that several divisions have for a character, in the order in which they are asked for."""

    def __init__(self, *, every: bool) -> None:
        self._lost = any if every else all
        self._next = 0

    def __missing__(self, kinds: tuple[int, ...]) -> int:
        found = NOWHERE
        if not self._lost(kind == NOWHERE for kind in kinds):
            found, self._next = self._next, self._next + 1
        self[kinds] = found
        return found


@lru_cache(maxsize=8192)
def crossed(divisions: tuple[Division, ...], *, every: bool) -> Division:
    """The coarsest division that is at least as fine as each of some.

    With `every` a character leads nowhere that does so in one of them, else one that does so in all.
    """
    numbers = _Numbers(every=every)
    kinds = zip(*(division.ascii for division in divisions), strict=True)
    return _interned(
        tuple(map(numbers.__getitem__, kinds)), [(start, numbers[found]) for start, found in _beyond(divisions)]
    )


def turned(division: Division) -> Division:
    """A division in which every character leads somewhere."""
    fresh = 1 + max((*division.ascii, *(kind for _, kind in division.beyond)))
    kinds = tuple(fresh if kind == NOWHERE else kind for kind in division.ascii)
    return _interned(kinds, [(start, fresh if kind == NOWHERE else kind) for start, kind in division.beyond])


@lru_cache(maxsize=8192)
def representatives(divisions: frozenset[Division]) -> tuple[str, ...]:
    """The most readable of the characters that some divisions do not tell apart, for all that lead somewhere in each of them.

    The most readable come first.
    """
    kinds = zip(*(division.ascii for division in divisions), strict=True)
    best = dict(zip(kinds, _WORST_FIRST, strict=True))
    marks = _beyond(tuple(divisions))
    for (start, found), (end, _) in zip(marks, (*marks[1:], (LAST_CODE_POINT + 1, ())), strict=True):
        if found not in best and (character := _first(start, end)):
            best[found] = character
    return tuple(sorted((one for found, one in best.items() if NOWHERE not in found), key=_rank))


def _beyond(divisions: tuple[Division, ...]) -> list[tuple[int, tuple[int, ...]]]:
    """The intervals beyond ASCII that several divisions make, with the kinds in each."""
    if all(len(division.beyond) == 1 for division in divisions):
        return [(_ASCII, tuple(division.beyond[0][1] for division in divisions))]
    starts = sorted({start for division in divisions for start, _ in division.beyond})
    return list(zip(starts, zip(*(_kinds_from(division, starts) for division in divisions), strict=True), strict=True))


def _kinds_from(division: Division, starts: Iterable[int]) -> list[int]:
    """The kind of each interval that begins at one of some ascending code points, the first of which is that beyond ASCII."""
    begin = dict(division.beyond)
    kind = begin[_ASCII]
    return [kind := begin.get(start, kind) for start in starts]


def _first(start: int, end: int) -> str:
    """The first printable character of a half-open interval beyond ASCII, any where none is printable; empty for surrogates only."""
    for candidate in (max(start, 0xA1), start):
        point = _SURROGATES[1] + 1 if _SURROGATES[0] <= candidate <= _SURROGATES[1] else candidate
        if point < end:
            return chr(point)
    return ""


class _Ranks(dict[int, int]):
    """The rank of a character by its code point, as `str.translate` asks for it."""

    def __missing__(self, point: int) -> int:
        found = self[point] = min(_rank(chr(point)), LAST_CODE_POINT)
        return found


_RANKS = _Ranks()


def ranked(text: str) -> str:
    """A sort key: how readable the characters are, one after the other."""
    return text.translate(_RANKS)


def readability(text: str) -> tuple[int, str]:
    """A sort key: short before long, then by how readable the characters are."""
    return len(text), ranked(text)


def _rank(character: str) -> int:
    return _RANK.get(character, _ASCII + ord(character))
