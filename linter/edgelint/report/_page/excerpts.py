"""The lines of a source that a finding is about, with the spot marked."""

from __future__ import annotations

import re

from edgelint.report._page.markup import Html, joined, tag, text
from edgelint.report._places import Places
from edgelint.report.text import pieces
from edgelint.source import Place, Span

_MOST_LINES = 6
"""How many lines are shown of a spot that has more."""

Piece = tuple[str, str, str]


def excerpt(place: Place, places: Places) -> Html:
    """The lines of a place, without what all of them are indented by; nothing in a database."""
    span, first = place.span(), places.mark(place)
    if not isinstance(span, Span) or first is None:
        return Html()
    source, lines = place.source, places.lines(place.source)
    number = lines.position(first.start)[0]
    last = max(number, lines.position(max(span.end - 1, span.start))[0])
    shown = [(number, pieces(source.text, lines.span(number), first))]
    for later in range(number + 1, min(last, number + _MOST_LINES - 1) + 1):
        line = lines.span(later)
        indent = len(source.text[line.start : line.end]) - len(source.text[line.start : line.end].lstrip())
        marked = Span(min(line.start + indent, line.end), min(line.end, span.end))
        shown.append((later, pieces(source.text, line, marked)))
    rest = [joined([tag("span", "", class_="line"), tag("code", "...")])] if last > shown[-1][0] else []
    return tag("pre", *_rows(shown), *rest, class_="source")


def _rows(shown: list[tuple[int, Piece]]) -> list[Html]:
    indent = min(_indent(piece) for _, piece in shown)
    return [
        joined([tag("span", str(number), class_="line", aria_hidden="true"), tag("code", *_marked(piece, indent))])
        for number, piece in shown
    ]


def _indent(piece: Piece) -> int:
    found = re.match(" *", "".join(piece))
    return found.end() if found else 0


def _marked(piece: Piece, indent: int) -> tuple[Html, ...]:
    before, marked, after = piece
    return text(before[indent:]), tag("mark", marked or " "), text(after)
