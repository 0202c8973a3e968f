"""Facts of Unicode that regular expressions name: general categories, scripts, and simple case folding.

The data lies beside this module and is that of Unicode 15.0.0, which Go has had since 1.21, whatever this Python's version.
google-re2 is a version ahead: its `Han`, `Lo`, `Common` and `So` hold 627 characters that are unassigned here. It has neither
`Cn` nor `LC`, nor the unassigned characters in `C`, which Go has there since 1.25.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator
from functools import cache, lru_cache, reduce
from operator import or_
from pathlib import Path

from edgelint.space.characters import Characters, Range

_Case = tuple[list[int], dict[int, str]]
"""The characters that have case, sorted by code point, and for each of them all those that differ only by case."""

_NAMES = Path(__file__).with_name("unicode_names.txt")
_FOLDING = Path(__file__).with_name("unicode_folding.txt")
_NOT_FOLDED = {"lc", "casedletter"}  # Go folds every other name; these leave U+0345 out


def named(name: str, *, folded: bool, negated: bool) -> Characters | None:
    """The characters of a general category, a script, or `any`, `assigned` or `ascii`, or all others; None for another name.

    Letter case, spaces, hyphens and underscores of the name do not count, as in Go since 1.25. With `folded` the characters
    that differ only by case from a member belong to the set too.
    """
    return _named(_canonical(name), folded=folded, negated=negated)


@lru_cache(maxsize=512)
def _named(key: str, *, folded: bool, negated: bool) -> Characters | None:
    if key not in _definitions():
        return None
    found = _members(key)
    if folded and key not in _NOT_FOLDED:
        found = fold(found)
    return ~found if negated else found


def fold(characters: Characters) -> Characters:
    """These characters and those that differ from one of them only by case, by simple case folding."""
    points, orbits = _case()
    more = (
        orbits[point] for low, high in characters for point in points[bisect(points, low - 1) : bisect(points, high)]
    )
    return characters | Characters.of("".join(more))


def _canonical(name: str) -> str:
    return re.sub("[-_ ]", "", name).lower() if name.isascii() else name


def _members(key: str) -> Characters:
    written = _definitions()[key]
    if written.startswith("="):
        return reduce(or_, (_members(_canonical(name)) for name in written[1:].split()))
    return Characters(pair for points in map(_points, written.split()) for pair in _ranges(points))


@cache
def _definitions() -> dict[str, str]:
    """What follows a name in the data, by the canonical form of the name."""
    lines = (line.partition(" ") for line in _lines(_NAMES))
    return {_canonical(name): written for name, _, written in lines}


@cache
def _case() -> _Case:
    found: dict[int, str] = {}
    for line in _lines(_FOLDING):
        for alike in zip(*map(_points, line.split()), strict=True):
            found.update(dict.fromkeys(alike, "".join(map(chr, alike))))
    return sorted(found), found


def _lines(data: Path) -> Iterator[str]:
    return (line for line in data.read_text(encoding="ascii").splitlines() if not line.startswith("#"))


def _points(written: str) -> range:
    """The code points of `41`, `41-5A`, or `100-136/2`, which is every second one."""
    ends, _, step = written.partition("/")
    first, _, last = ends.partition("-")
    return range(int(first, 16), int(last or first, 16) + 1, int(step or "1"))


def _ranges(points: range) -> Iterator[Range]:
    if points.step == 1:
        yield points[0], points[-1]
    else:
        yield from ((point, point) for point in points)
