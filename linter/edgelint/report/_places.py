"""Lines and columns of many places. The lines of a source are counted once, however many findings it has."""

from __future__ import annotations

import re
from bisect import bisect_right

from edgelint.source import Cell, Location, Place, Source, Span, json_pointer

_LINE_END = re.compile(r"\r\n|\r|\n")


class Lines:
    """The lines of a text, as `line_and_column` counts them: LF, CR LF and CR end a line."""

    def __init__(self, text: str) -> None:
        ends = [(found.start(), found.end()) for found in _LINE_END.finditer(text)]
        self.starts = [0, *(end for _, end in ends)]
        self.stops = [*(start for start, _ in ends), len(text)]

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, from 1."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def span(self, line: int) -> Span:
        """Where the text of a line is, without its end."""
        return Span(self.starts[line - 1], self.stops[line - 1])


class Places:
    """Answers where places are, for one report."""

    def __init__(self) -> None:
        self._lines: dict[int, tuple[Source, Lines]] = {}  # the source is held so that its id stays taken

    def lines(self, source: Source) -> Lines:
        """The lines of a source."""
        if id(source) not in self._lines:
            self._lines[id(source)] = source, Lines(source.text)
        return self._lines[id(source)][1]

    def location(self, place: Place) -> Location:
        """The same as `place.location()`."""
        found = place.span()
        if isinstance(found, Cell):
            return place.location()
        lines = self.lines(place.source)
        return Location(
            place.source.name, json_pointer(place.route), *lines.position(found.start), *lines.position(found.end)
        )

    def first_line(self, place: Place) -> Span | None:
        """The part of a place on its first line, at least one character where the line has one; None in a database."""
        found = place.span()
        if isinstance(found, Cell):
            return None
        lines = self.lines(place.source)
        line = lines.span(lines.position(found.start)[0])
        start = min(found.start, line.end)
        return Span(start, min(max(found.end, start + 1), line.end))
