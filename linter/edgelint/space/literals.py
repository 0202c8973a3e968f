r"""Regular expressions that are plain string tests: `^/admin$`, `^/api/`, `\.(css|js)$`, `phpmyadmin`.

A pattern is unfolded into rows, of which a text must hold one: characters, anchors, and marks for what may be left out
(`.*`, `x{0,9}`). Where a row does not begin or end with an anchor, such a mark at that end means nothing. What remains must be
text, with anchors on the same sides in every row.
"""

from __future__ import annotations

from enum import Enum
from typing import Literal

from edgelint.space.regex import parse
from edgelint.space.syntax import Alternation, Assertion, Concatenation, Regex, Repetition, Symbol, Where, bottom_up

Kind = Literal["equals", "prefix", "suffix", "contains"]

_MOST_ROWS = 64
_LARGEST_CLASS = 10  # a digit is worth unfolding, a letter is not
_LONGEST_ROW = 10_000


class _Mark(Enum):
    START = "start of text"
    END = "end of text"
    OPTIONAL = "may be left out"


_Row = tuple[str | _Mark, ...]
_Rows = tuple[_Row, ...]
_ANCHORS = {Where.TEXT_START: _Mark.START, Where.TEXT_END: _Mark.END}


def simplify(pattern: str) -> tuple[Kind, tuple[str, ...]] | None:
    """The string test that is true of the same texts: its kind, and the texts of which any may be found.

    The texts are sorted, and none is there that another makes needless. None if there is no such test with at most 64 texts,
    or if a letter may be of either case. Raises InvalidPattern and Unbounded, as `parse` does.
    """
    rows = bottom_up(parse(pattern), _rows)
    if not rows:
        return None
    tests = [_test(row) for row in rows]
    kind = tests[0][0]
    if kind is None or any(other != kind for other, _ in tests):
        return None
    texts = sorted({text for _, text in tests})
    return kind, tuple(text for text in texts if not any(_needless(kind, text, other) for other in texts))


def _needless(kind: Kind, text: str, other: str) -> bool:
    if text == other:
        return False
    match kind:
        case "equals":
            return False
        case "prefix":
            return text.startswith(other)
        case "suffix":
            return text.endswith(other)
        case _:
            return other in text


def _test(row: _Row) -> tuple[Kind | None, str]:
    """The test of one row, of no kind if it is not plain."""
    inner, start = _stripped(row, _Mark.START)
    backwards, end = _stripped(inner[::-1], _Mark.END)
    text = [piece for piece in reversed(backwards) if isinstance(piece, str)]
    if len(text) < len(backwards):
        return None, ""
    kinds: dict[tuple[bool, bool], Kind] = {
        (True, True): "equals",
        (True, False): "prefix",
        (False, True): "suffix",
        (False, False): "contains",
    }
    return kinds[start, end], "".join(text)


def _stripped(row: _Row, anchor: _Mark) -> tuple[_Row, bool]:
    """The row without what means nothing at its beginning, and whether the anchor was there."""
    anchored = False
    for index, piece in enumerate(row):
        if piece is anchor:
            anchored = True
        elif piece is not _Mark.OPTIONAL or anchored:
            return row[index:], anchored
    return (), anchored


def _rows(node: Regex, below: list[_Rows | None]) -> _Rows | None:
    """The rows of a node; None if they are too many or not plain."""
    match node:
        case Symbol():
            return _members(node)
        case Assertion(where=where):
            return ((_ANCHORS[where],),) if where in _ANCHORS else None
        case Concatenation():
            return _joined(below)
        case Alternation():
            return _gathered(below)
        case Repetition(least=0, most=most):
            return _gathered([*below, ((),)]) if most == 1 and below[0] is not None else ((_Mark.OPTIONAL,),)
        case _:
            rest: list[_Rows | None] = [] if node.most == node.least else [((_Mark.OPTIONAL,),)]
            return _joined(below * node.least + rest)


def _members(symbol: Symbol) -> _Rows | None:
    ranges = symbol.characters.ranges
    if sum(high - low + 1 for low, high in ranges) > _LARGEST_CLASS:
        return None
    members = [chr(point) for low, high in ranges for point in range(low, high + 1)]
    if len({member.casefold() for member in members}) < len(members):
        return None
    return tuple((member,) for member in members)


def _gathered(parts: list[_Rows | None]) -> _Rows | None:
    rows: dict[_Row, None] = {}
    for part in parts:
        if part is None:
            return None
        rows.update(dict.fromkeys(part))
    return tuple(rows) if len(rows) <= _MOST_ROWS else None


def _joined(parts: list[_Rows | None]) -> _Rows | None:
    rows: _Rows = ((),)
    tail: list[
        str | _Mark
    ] = []  # what every row goes on with, so that a long literal is not copied for every character
    for part in parts:
        if part is None or len(rows) * len(part) > _MOST_ROWS or len(tail) > _LONGEST_ROW:
            return None
        if len(part) == 1:
            tail += part[0]
        else:
            rows = tuple((*row, *tail, *end) for row in rows for end in part)
            tail = []
    return tuple((*row, *tail) for row in rows)
