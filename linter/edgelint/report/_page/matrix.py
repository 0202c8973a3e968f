"""The route table against the phases: which rules touch which route."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from edgelint.model.policy import Route
from edgelint.picture import words
from edgelint.picture.matrix import Entry, Matrix, Row, matrix
from edgelint.picture.overview import Overview
from edgelint.report._page.anchors import Anchors
from edgelint.report._page.markup import Html, code, joined, link, listed, said, tag

_CELL = 6
"""How many rules of a cell stand open; the others fold."""

_MARKS = {
    "wholly": ("●", "takes all that earlier rules leave"),
    "partly": ("◐", "takes a part"),
    "perhaps": ("?", "not decided whether any"),
}
"""A sign for how much of a route a rule touches, and what it means."""


def route_table(overview: Overview, anchors: Anchors) -> Html:
    """The table, with what its signs mean."""
    return _Table(overview, anchors).table(matrix(overview))


class _Table:
    def __init__(self, overview: Overview, anchors: Anchors) -> None:
        self._anchors = anchors
        self._names = words.route_names(overview.policy)
        self._services = {route: one.name for one in overview.services for route in one.routes if len(one.routes) > 1}

    def table(self, found: Matrix) -> Html:
        """The table in a box of its own that can be scrolled."""
        head = tag("tr", tag("th", "route", scope="col"), *(tag("th", one.title, scope="col") for one in found.phases))
        rows = [*self._everywhere(found), *(self._row(row) for row in found.rows)]
        table = tag("table", tag("thead", head), tag("tbody", *rows), class_="matrix")
        legend = listed(
            (
                joined([tag("span", sign, class_="sign", aria_hidden="true"), " ", meaning])
                for sign, meaning in _MARKS.values()
            ),
            class_="legend",
        )
        return joined(
            [legend, tag("div", table, class_="scroll", tabindex=0, role="group", aria_label="rules by route")]
        )

    def _everywhere(self, found: Matrix) -> Iterator[Html]:
        if any(found.everywhere):
            name = tag("th", "every route", scope="row")
            yield tag("tr", name, *map(self._cell, found.everywhere), class_="every")

    def _row(self, row: Row) -> Html:
        name = tag("th", *self._name(row.route), scope="row", id=self._anchors.at(row.route.place))
        return tag("tr", name, *map(self._cell, row.cells))

    def _name(self, route: Route) -> Iterator[Html]:
        yield said(self._names[route])
        if service := self._services.get(route):
            yield tag("span", "of ", code(service.strip("`")), class_="aside")

    def _cell(self, entries: Sequence[Entry]) -> Html:
        shown = [self._entry(entry) for entry in entries]
        if len(shown) <= _CELL + 1:
            return tag("td", listed(shown) or tag("span", "–", class_="none"))
        more = tag("details", tag("summary", f"{len(shown) - _CELL:,} more"), listed(shown[_CELL:]))
        return tag("td", listed(shown[:_CELL]), more)

    def _entry(self, entry: Entry) -> Html:
        sign, meaning = _MARKS[entry.extent]
        name = link(self._anchors.at(entry.rule.place), code(entry.rule.name or entry.rule.id))
        return joined([tag("span", sign, class_="sign", role="img", aria_label=meaning, title=meaning), " ", name])
