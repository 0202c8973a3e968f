"""Places as SARIF 2.1.0 says them: artifacts, regions with their surroundings, and logical locations."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from edgelint.report._line_hash import line_hashes
from edgelint.report._places import Places, below
from edgelint.report._safe import Object, visible
from edgelint.source import Cell, Place, Route, Source, Span, json_pointer

ROOT, FILES = "%SRCROOT%", "%FILES%"
"""The bases of URIs: the root of the repository, and the top of the file system for what lies outside of it."""

LONGEST = 1000
"""How many characters of a line a region covers at most."""

CONTEXT_LINES, CONTEXT_CHARACTERS = 40, 4000
"""How much of a source is quoted around a region at most."""


class SarifPlaces:
    """The places of one run, and the artifacts and logical locations they refer to by index."""

    def __init__(self, root: Path) -> None:
        self.artifacts: list[Object] = []
        self.logical: list[Object] = []
        self._root = Path(os.path.realpath(root))
        self._artifact_indexes: dict[tuple[str, str], int] = {}
        self._artifacts: dict[str, Object] = {}
        self._logical_indexes: dict[str, int] = {}
        self._places = Places()

    def location(self, place: Place) -> Object:
        """A place as a location, for results, related locations and steps of code flows."""
        span = self._span(place)
        region = self.region(place.source, span) if span else _label(place)
        context = self._context(place, span) if span else _label(place, "\n")
        physical: Object = {"artifactLocation": self.artifact(place.source.name), "region": region}
        if context:
            physical["contextRegion"] = context
        location: Object = {"physicalLocation": physical}
        if logical := self._logical(place):
            location["logicalLocations"] = [logical]
        return location

    def line_hashes(self, places: Sequence[Place]) -> list[str]:
        """The hash of each place's line, empty where that says little of it: in a database, a long line, or the only one."""
        wanted = [self._telling_line(place) for place in places]
        by_source: dict[int, tuple[Source, set[int]]] = {}
        for place, line in zip(places, wanted, strict=True):
            if line:
                by_source.setdefault(id(place.source), (place.source, set()))[1].add(line)
        hashes = {key: line_hashes(source.text, lines) for key, (source, lines) in by_source.items()}
        pairs = zip(places, wanted, strict=True)
        return [hashes[id(place.source)][line] if line else "" for place, line in pairs]

    def _telling_line(self, place: Place) -> int | None:
        span = self._span(place)
        lines = self._places.lines(place.source)
        if not span or len(lines.starts) <= 2:
            return None
        number = lines.position(span.start)[0]
        line = lines.span(number)
        return number if line.end - line.start <= LONGEST else None

    def artifact(self, name: str) -> Object:
        """The file of a source, relative to the root where it lies below that, else to the top of the file system."""
        if name not in self._artifacts:
            base, uri = _uri(name, self._root)
            location: Object = {"uri": uri, "uriBaseId": base}
            if (base, uri) not in self._artifact_indexes:
                self._artifact_indexes[base, uri] = len(self.artifacts)
                self.artifacts.append({"location": location, "roles": ["analysisTarget"]})
            self._artifacts[name] = {**location, "index": self._artifact_indexes[base, uri]}
        return self._artifacts[name]

    @property
    def all_below_root(self) -> bool:
        """Whether every file that was named so far lies below the root."""
        return all(base == ROOT for base, _ in self._artifact_indexes)

    def _span(self, place: Place) -> Span | None:
        """The part of a place on its first line: a pull request shows no alert whose lines it changes only in part."""
        span = self._places.mark(place)
        return Span(span.start, min(span.end, span.start + LONGEST)) if span else None

    def region(self, source: Source, span: Span, *, quoted: bool = True) -> Object:
        """A span of a text, with the text itself where it is quoted."""
        lines = self._places.lines(source)
        (line, column), (end_line, end_column) = lines.position(span.start), lines.position(span.end)
        region: Object = {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}
        return {**region, "snippet": {"text": source.text[span.start : span.end]}} if quoted else region

    def _context(self, place: Place, inner: Span) -> Object | None:
        """The lines of the rule around a place, or a few lines, or a piece of a long line; more than the region itself."""
        for outer in self._surroundings(place, inner):
            whole = outer.start <= inner.start and inner.end <= outer.end and outer != inner
            if whole and outer.end - outer.start <= CONTEXT_CHARACTERS:
                return self.region(place.source, outer)
        return None

    def _surroundings(self, place: Place, inner: Span) -> list[Span]:
        lines = self._places.lines(place.source)
        at = lines.position(inner.start)[0]
        around = []
        entry = place.source.find(_entry(place.route), None)
        if isinstance(entry, Span):
            first, last = lines.position(entry.start)[0], lines.position(max(entry.start, entry.end - 1))[0]
            if last - first < CONTEXT_LINES:
                around.append(Span(lines.span(first).start, lines.span(last).end))
        first, last = max(1, at - 2), min(len(lines.starts), at + 2)
        around.append(Span(lines.span(first).start, lines.span(last).end))
        line = lines.span(at)
        around.append(Span(max(line.start, inner.start - 60), min(line.end, inner.end + 60)))
        return around

    def _logical(self, place: Place) -> Object | None:
        found = place.span()
        index = self._cell(found) if isinstance(found, Cell) else self._value(place.route)
        return (
            None if index is None else {"index": index, "fullyQualifiedName": self.logical[index]["fullyQualifiedName"]}
        )

    def _cell(self, cell: Cell) -> int:
        index = self._register(cell.table, cell.table, "table", None)
        if cell.row:
            index = self._register(f"{cell.table}[{cell.row}]", cell.row, "row", index)
        if cell.column:
            index = self._register(f"{cell.table}[{cell.row}].{cell.column}", cell.column, "column", index)
        return index

    def _value(self, route: Route) -> int | None:
        index = None
        for depth, step in enumerate(route, start=1):
            below = route[depth] if depth < len(route) else None
            index = self._register(json_pointer(route[:depth]), str(step), _kind(step, below), index)
        return index

    def _register(self, full_name: str, name: str, kind: str, parent: int | None) -> int:
        key = visible(full_name)
        if key not in self._logical_indexes:
            entry: Object = {"name": visible(name) or "(empty)", "fullyQualifiedName": key, "kind": kind}
            self._logical_indexes[key] = len(self.logical)
            self.logical.append(entry if parent is None else {**entry, "parentIndex": parent})
        return self._logical_indexes[key]


def _label(place: Place, end: str = "") -> Object:
    """A region for a place that has no lines, in a database or an empty file: code scanning takes no result without one.

    It is said to be the first line, as if that held the name of the place; with a line end it is the context of that.
    """
    text = visible(place.location().logical) or "(empty)"
    lines = {"startLine": 1, "startColumn": 1, "endLine": 2 if end else 1, "endColumn": 1 if end else len(text) + 1}
    return {**lines, "snippet": {"text": text + end}}


def _kind(step: str | int, below: str | int | None) -> str:
    """What kind of a value lies here (SARIF 2.1.0, section 3.33.7), judged by the step that follows."""
    if below is not None:
        return "array" if isinstance(below, int) else "object"
    return "value" if isinstance(step, int) else "property"


def _entry(route: Route) -> Route:
    """The route to the nearest entry of a list around a place, which in most exports is the rule."""
    while route and not isinstance(route[-1], int):
        route = route[:-1]
    return route


def _uri(name: str, root: Path) -> tuple[str, str]:
    """The base of a file's URI, and the URI relative to it. GitHub refuses absolute ones."""
    if name == "-":
        return ROOT, "stdin"
    inside = below(name, root)
    if inside is not None:
        return ROOT, quote(os.fsencode(inside))
    path = Path(os.path.realpath(name))
    return FILES, quote(os.fsencode(path.relative_to(path.anchor).as_posix()))
