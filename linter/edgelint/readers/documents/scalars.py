"""The inside of a scalar: which code points of the source stand for which code points of its value."""

from __future__ import annotations

from collections.abc import Iterable

from edgelint.source import Inner, Span

Unit = tuple[int, int, int]
"""Start and end in the source, and how many code points of the value that stretch stands for.

A stretch as long as what it stands for is read code point by code point, any other (an escape, a folded line break) as one.
"""


def narrow(units: Iterable[Unit], inner: Inner, content: Span) -> Span:
    """The span of the source for a span of the value; the end of the content for what lies beyond the value."""
    first, last = inner
    start: int | None = None
    at = 0
    for unit_start, unit_end, length in units:
        if start is None and first < at + length:
            start = _inside(unit_start, unit_end, length, first - at, past=False)
        if start is not None and last <= at + length:
            return Span(start, max(start, _inside(unit_start, unit_end, length, last - at, past=True)))
        at += length
    return Span(content.end if start is None else start, content.end)


def _inside(start: int, end: int, length: int, offset: int, *, past: bool) -> int:
    if end - start == length:
        return start + offset
    return end if past and offset > 0 else start
