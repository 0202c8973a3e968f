"""Lines and columns of many places. The lines of a source are counted once, however many findings it has."""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from pathlib import Path
from typing import Literal

from edgelint.record import replace
from edgelint.source import Cell, Location, Place, Source, Span, json_pointer

Unit = Literal["utf-8", "utf-16-le"]
"""What columns are counted in, where not in code points: the units of an encoding."""

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
    """Answers where places are, for one report: in files as the user named them, or as seen from a root."""

    def __init__(self, root: Path | None = None) -> None:
        self._lines: dict[int, tuple[Source, Lines]] = {}  # the source is held so that its id stays taken
        self._root = Path(os.path.realpath(root)) if root else None
        self._paths: dict[str, str] = {}

    def path(self, name: str) -> str:
        """The path of a file from the root, `stdin` for standard input; what lies elsewhere as the user named it."""
        if self._root is None:
            return name
        if name not in self._paths:
            self._paths[name] = "stdin" if name == "-" else below(name, self._root) or name
        return self._paths[name]

    def lines(self, source: Source) -> Lines:
        """The lines of a source."""
        if id(source) not in self._lines:
            self._lines[id(source)] = source, Lines(source.text)
        return self._lines[id(source)][1]

    def location(self, place: Place) -> Location:
        """The same as `place.location()`, in a file as it is named here."""
        path, found = self.path(place.source.name), place.span()
        if isinstance(found, Cell):
            return replace(place.location(), path=path)
        lines = self.lines(place.source)
        return Location(path, json_pointer(place.route), *lines.position(found.start), *lines.position(found.end))

    def position(self, source: Source, offset: int, unit: Unit) -> tuple[int, int]:
        """Line and column of an offset, from 1, the column counted in units of an encoding."""
        lines = self.lines(source)
        line, column = lines.position(offset)
        if source.text.isascii():  # known without a look at the text, which may be one line of many megabytes
            return line, column
        before = source.text[lines.starts[line - 1] : offset].encode(unit, "surrogatepass")
        return line, len(before) // len("a".encode(unit)) + 1

    def mark(self, place: Place) -> Span | None:
        """What is marked for a reader: `first_line`, None as well where there is no text."""
        return self.first_line(place) if place.source.text else None

    def first_line(self, place: Place) -> Span | None:
        """The part of a place on its first line, at least one character where the line has one; None in a database."""
        found = place.span()
        if isinstance(found, Cell):
            return None
        lines = self.lines(place.source)
        line = lines.span(lines.position(found.start)[0])
        start = min(found.start, line.end)
        return Span(start, min(max(found.end, start + 1), line.end))


def below(name: str, root: Path) -> str | None:
    """The path of a file from a root, with slashes and links followed; None where it lies elsewhere. The root has no links."""
    path = Path(os.path.realpath(name))
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else None
