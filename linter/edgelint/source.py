"""The text we were given, and places in it whose line and column are computed late."""

from __future__ import annotations

from collections.abc import Callable

from edgelint.record import record

Route = tuple[str | int, ...]
"""The way from the top of a document to one of its values: keys and indexes."""

Inner = tuple[int, int]
"""A half-open span of code points inside the decoded text of a scalar."""


@record
class Span:
    """Half-open span of code-point offsets into the text of a source."""

    start: int
    end: int


@record
class Cell:
    """A value of a database: table, row id and column (column and row may be absent for a whole row or table)."""

    table: str
    row: str = ""
    column: str = ""


@record(eq=False)
class Source:
    """One input as it was read.

    `name` is the path as the user gave it, `-` for standard input. `text` is the decoded text without a byte-order mark,
    empty for a database. `find` answers where a route leads: the span of its value in `text` (narrowed to `Inner` when the
    value is a scalar), or the cell of a database. It answers the nearest enclosing value that exists, never fails.
    """

    name: str
    text: str
    find: Callable[[Route, Inner | None], Span | Cell]


@record
class Location:
    """What a person calls a place. Lines and columns count from 1, columns in code points, ends exclusive."""

    path: str
    logical: str
    line: int | None = None
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None

    def spot(self) -> str:
        """The file with line and column, as editors recognise it; in a database the file alone."""
        return self.path if self.line is None else f"{self.path}:{self.line}:{self.column}"


@record
class Place:
    """A route into a source, and optionally a span inside the scalar it leads to."""

    source: Source
    route: Route = ()
    inner: Inner | None = None

    def child(self, *steps: str | int) -> Place:
        """The place further down the same document."""
        return Place(self.source, self.route + steps)

    def within(self, start: int, end: int) -> Place:
        """The place of a span inside this scalar."""
        return Place(self.source, self.route, (start, end))

    def span(self) -> Span | Cell:
        """Where this place is: offsets into the source's text, or a cell of a database."""
        return self.source.find(self.route, self.inner)

    def location(self) -> Location:
        """Line and column of this place, or table, row and column for a database."""
        found = self.span()
        if isinstance(found, Cell):
            row = f"[{found.row}]" if found.row else ""
            column = f".{found.column}" if found.column else ""
            return Location(self.source.name, f"{found.table}{row}{column}")
        text = self.source.text
        line, column_number = line_and_column(text, found.start)
        end_line, end_column = line_and_column(text, found.end)
        return Location(self.source.name, json_pointer(self.route), line, column_number, end_line, end_column)


def json_pointer(route: Route) -> str:
    """The route as a JSON Pointer (RFC 6901)."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in route)


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Line and column, from 1, of a code-point offset. Only LF, CR LF and CR end a line, as editors count."""
    before = text[:offset]
    line = before.count("\n") + before.count("\r") - before.count("\r\n")
    if before.endswith("\r") and text[offset : offset + 1] == "\n":
        line -= 1
    start = max(before.rfind("\n"), before.rfind("\r")) + 1
    return line + 1, offset - start + 1
