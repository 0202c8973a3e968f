"""The route table against the phases: which rules touch each route."""

from __future__ import annotations

from edgelint.model.policy import Phase, Route, Rule
from edgelint.picture.overview import Extent, Overview
from edgelint.record import record


@record(eq=False)
class Entry:
    """A rule that touches a route, and whether all of it."""

    rule: Rule
    extent: Extent


@record(eq=False)
class Row:
    """A route and, for each phase of the matrix, the rules that touch it, in their order."""

    route: Route
    cells: tuple[tuple[Entry, ...], ...]


@record(eq=False)
class Matrix:
    """Rules by routes and phases. `everywhere` are, by phase, those that touch every route alike; they stand in no row."""

    phases: tuple[Phase, ...]
    everywhere: tuple[tuple[Entry, ...], ...]
    rows: tuple[Row, ...]


def matrix(overview: Overview) -> Matrix:
    """The matrix of an overview."""
    sections = [section for section in overview.sections if section.views]
    everywhere, found = [], []
    for section in sections:
        cells: dict[Route, list[Entry]] = {route: [] for route in overview.routes}
        same = []
        for view in section.views:
            extents = {touched.route: touched.extent for touched in view.routes}
            if len(extents) == len(overview.routes) > 1 and len(set(extents.values())) == 1:
                same.append(Entry(view.rule, view.routes[0].extent))
                continue
            for route, extent in extents.items():
                cells[route].append(Entry(view.rule, extent))
        everywhere.append(tuple(same))
        found.append(cells)
    rows = (Row(route, tuple(tuple(cells[route]) for cells in found)) for route in overview.routes)
    return Matrix(tuple(section.phase for section in sections), tuple(everywhere), tuple(rows))
