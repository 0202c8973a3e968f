"""Overviews for people: a paragraph for each rule, and a table of what touches each route."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from edgelint.budgets import counted
from edgelint.model.policy import Route
from edgelint.picture import words
from edgelint.picture.matrix import Entry, Matrix, matrix
from edgelint.picture.overview import Overview, Section, View
from edgelint.report._safe import visible
from edgelint.showing import Look
from edgelint.showing._layout import ALARM, FAINT, LABEL, STRONG, Painter, shown, table, widths, wrapped
from edgelint.wording import listener_names
from edgelint.wording.outcomes import outcome
from edgelint.wording.said import Said, joined, plain

_LABEL = 9
_CELL = 8
_ALARMING = ("dead", "unsure")
_MARKS = {"wholly": "*", "partly": "", "perhaps": "?"}


def render(overviews: Sequence[Overview], look: Look) -> str:
    """Every policy, one behind the other."""
    return "\n".join("\n".join(_Page(overview, look).lines()) + "\n" for overview in overviews)


class _Page:
    """Lays out one policy."""

    def __init__(self, overview: Overview, look: Look) -> None:
        self._overview = overview
        self._width = look.width
        self._paint = Painter(look.colour).paint
        self._listeners = listener_names(overview.policy)
        self._routes: Mapping[Route, Said] = words.route_names(overview.policy)

    def lines(self) -> Iterator[str]:
        """The lines of the page."""
        overview = self._overview
        size = [counted(sum(len(section.views) for section in overview.sections), "rule")]
        size += [counted(len(overview.routes), "route")] if overview.routes else []
        yield self._paint(STRONG, visible(overview.policy.name)) + f": {', '.join(size)}"
        for section in overview.sections:
            if section.views:
                yield from ("", *self._heading(section))
                for view in section.views:
                    yield from ("", *self._rule(view))
        if overview.routes and overview.complete:
            yield from self._matrix(matrix(overview))

    def _heading(self, section: Section) -> Iterator[str]:
        title = section.phase.title[:1].upper() + section.phase.title[1:]
        first, *more = wrapped(f"{title}: {words.ALGORITHMS[section.phase.algorithm]}", self._width)
        yield self._paint(STRONG, title) + first.removeprefix(title)
        yield from more

    def _rule(self, view: View) -> Iterator[str]:
        name = visible(view.rule.name or view.rule.id)
        title = f"{view.place}. {name}" if view.place else f"-  {name} (disabled)"
        text = f"{title}  {shown(outcome(self._overview.policy, view.rule))}"
        first, *more = wrapped(text, self._width - 3)
        whole = title if first.startswith(title) else first
        yield self._paint(STRONG if view.place else FAINT, whole) + first[len(whole) :]
        yield from (f"   {line}" for line in more)
        for label, parts in words.notes(self._overview, view, self._routes, self._listeners):
            yield from self._note(label, map(shown, parts))
        if view.witness:  # on one line, whatever its length, so that it can be copied
            yield f"   {self._label('request')}{visible(view.witness.curl())} (from {visible(view.witness.address)})"

    def _label(self, label: str) -> str:
        return self._paint(ALARM if label in _ALARMING else LABEL, label) + " " * (_LABEL - len(label))

    def _note(self, label: str, lines: Iterable[str]) -> Iterator[str]:
        """A label with what belongs to it beside it."""
        head = self._label(label)
        for line in lines:
            hang = "  " if line.startswith("- ") else ""
            for at, part in enumerate(wrapped(line, self._width - _LABEL - 3 - len(hang))):
                yield f"   {head}{hang if at else ''}{part}"
                head = " " * _LABEL

    # The table

    def _matrix(self, found: Matrix) -> Iterator[str]:
        for block in (self._everywhere(found), self._table(found), self._untouched(found)):
            lines = list(block)
            yield from ["", *lines] if lines else []

    def _everywhere(self, found: Matrix) -> Iterator[str]:
        legend = "the rules that touch each; * marks those that take all that earlier ones leave of it"
        yield from wrapped(f"{self._paint(STRONG, 'Routes')}: {legend}", self._width)
        for phase, entries in zip(found.phases, found.everywhere, strict=True):
            if entries:
                yield from wrapped(f"every route, {phase.title}: {_names(entries)}", self._width)

    def _table(self, found: Matrix) -> Iterator[str]:
        """The routes that some rule touches, by the phases with such rules."""
        rows = [row for row in found.rows if any(row.cells)]
        used = [at for at, _ in enumerate(found.phases) if any(row.cells[at] for row in rows)]
        cells = [["route", *(found.phases[at].title for at in used)]]
        cells += (
            [plain(self._routes[row.route], visible), *(_names(row.cells[at]) or "-" for at in used)] for row in rows
        )
        if rows:
            head, *rest = table(cells, widths(cells, self._width))
            yield from (self._paint(STRONG, head), *rest)

    def _untouched(self, found: Matrix) -> Iterator[str]:
        silent = [self._routes[row.route] for row in found.rows if not any(row.cells)]
        other = "other " if any(found.everywhere) else ""
        if silent:
            yield from wrapped(f"no {other}rule touches {shown(joined(silent, 'and'))}", self._width)


def _names(entries: Sequence[Entry]) -> str:
    """The names of rules, marked by how much they touch."""
    names = [visible(entry.rule.name or entry.rule.id) + _MARKS[entry.extent] for entry in entries]
    return ", ".join(names if len(names) <= _CELL else [*names[: _CELL - 1], f"+{len(names) - _CELL + 1}"])
