"""How languages tell the next character apart: all code points in intervals, each of a kind.

Characters of one kind lead to the same derivative, those of the kind NOWHERE to none. A search reads one character of each
kind, the most readable.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain, pairwise
from typing import NamedTuple

LAST_CODE_POINT = 0x10FFFF
NOWHERE = -1

READABLE = "abcdefghijklmnopqrstuvwxyz0123456789-_./ABCDEFGHIJKLMNOPQRSTUVWXYZ:~@=+,;!$&'()*% \"#<>?[\\]^`{|}"
_RANK = {character: rank for rank, character in enumerate(READABLE)}
_SURROGATES = (0xD800, 0xDFFF)


class Division(NamedTuple):
    """The first code point of each interval, from 0 ascending, and the kind of its characters."""

    starts: tuple[int, ...]
    kinds: tuple[int, ...]


WHOLE = Division((0,), (0,))
"""All characters are of one kind."""


def apart(kinds: Mapping[str, int], rest: int) -> Division:
    """Some characters of the kinds given, all others of the kind `rest`."""
    marks = {0: rest}
    for character, kind in sorted(kinds.items()):
        point = ord(character)
        marks[point] = kind
        marks.setdefault(point + 1, rest)
    marks.pop(LAST_CODE_POINT + 1, None)
    return _coarse(sorted(marks.items()))


def sets(ranges: Iterable[tuple[int, int, int]]) -> Division:
    """Disjoint ranges of code points, both ends included, each with its kind; what is in none of them leads nowhere."""
    marks = [(0, NOWHERE)]
    for first, last, kind in sorted(ranges):
        if first == marks[-1][0]:
            marks.pop()
        marks += [(first, kind), (last + 1, NOWHERE)]
    if marks[-1][0] > LAST_CODE_POINT:
        marks.pop()
    return _coarse(marks)


def crossed(divisions: Sequence[Division], *, every: bool) -> Division:
    """The coarsest division that is at least as fine as each of some.

    With `every` a character leads nowhere that does so in one of them, else one that does so in all.
    """
    if len(divisions) == 1:
        return divisions[0]
    starts = sorted(set(chain.from_iterable(division.starts for division in divisions)))
    rows = zip(*([kinds[bisect_right(own, start) - 1] for start in starts] for own, kinds in divisions), strict=True)
    numbers: dict[tuple[int, ...], int] = {}
    marks = []
    for start, row in zip(starts, rows, strict=True):
        lost = NOWHERE in row if every else row.count(NOWHERE) == len(row)
        marks.append((start, NOWHERE if lost else numbers.setdefault(row, len(numbers))))
    return _coarse(marks)


def turned(division: Division) -> Division:
    """A division in which every character leads somewhere."""
    if NOWHERE not in division.kinds:
        return division
    fresh = max(division.kinds) + 1
    return Division(division.starts, tuple(fresh if kind == NOWHERE else kind for kind in division.kinds))


def representatives(division: Division) -> tuple[str, ...]:
    """The most readable character of each kind that leads somewhere, the most readable first."""
    best: dict[int, tuple[int, str]] = {}
    for (first, last), kind in zip(pairwise((*division.starts, LAST_CODE_POINT + 1)), division.kinds, strict=True):
        if kind != NOWHERE:
            found = _readable(first, last)
            if found is not None and (kind not in best or found < best[kind]):
                best[kind] = found
    return tuple(character for _, character in sorted(best.values()))


def readability(text: str) -> tuple[int, tuple[int, ...]]:
    """A sort key: short before long, then by how readable the characters are."""
    return len(text), tuple(map(_rank, text))


def _rank(character: str) -> int:
    return _RANK.get(character, len(_RANK) + ord(character))


@lru_cache(maxsize=4096)
def _readable(first: int, last: int) -> tuple[int, str] | None:
    """The most readable character of a half-open interval of code points, behind its rank; None for surrogates only."""
    plain = (chr(point) for point in range(first, min(last, 128)))
    best = min(((_RANK[character], character) for character in plain if character in _RANK), default=None)
    if best:
        return best
    low, high = _SURROGATES
    for candidate in (max(first, 0xA1), first):
        point = high + 1 if low <= candidate <= high else candidate
        if point < last:
            return _rank(chr(point)), chr(point)
    return None


def _coarse(marks: Sequence[tuple[int, int]]) -> Division:
    """A division with neighbours of one kind as one interval."""
    kept = [marks[0], *(mark for before, mark in pairwise(marks) if before[1] != mark[1])]
    return Division(tuple(start for start, _ in kept), tuple(kind for _, kind in kept))
