"""Overviews as Markdown, for a pull request or a wiki."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from edgelint.budgets import counted
from edgelint.picture import words
from edgelint.picture.matrix import Entry, Matrix, Row, matrix
from edgelint.picture.overview import Overview, View
from edgelint.report._safe import markdown
from edgelint.showing import Look
from edgelint.wording import listener_names
from edgelint.wording.outcomes import outcome
from edgelint.wording.said import Said, plain

_MARKS = {"wholly": "**", "partly": "", "perhaps": "*"}


def render(overviews: Sequence[Overview], _look: Look) -> str:
    """Every policy, one behind the other."""
    return "\n".join("\n".join(_Page(overview).lines()) + "\n" for overview in overviews)


def _marked(parts: Said) -> str:
    """Words with the user's texts as code: in HTML, since a code span of Markdown knows no escapes."""
    return plain(parts, _code)


def _code(text: str) -> str:
    return f"<code>{markdown(text)}</code>"


class _Page:
    """Lays out one policy."""

    def __init__(self, overview: Overview) -> None:
        self._overview = overview
        self._listeners = listener_names(overview.policy)
        self._routes = words.route_names(overview.policy)

    def lines(self) -> Iterator[str]:
        """The lines of the page."""
        overview = self._overview
        rules = sum(len(section.views) for section in overview.sections)
        yield f"# {_code(overview.policy.name)}"
        yield from ("", f"{counted(rules, 'rule')}, {counted(len(overview.routes), 'route')}")
        for section in overview.sections:
            if section.views:
                yield from (
                    "",
                    f"## {section.phase.title[:1].upper()}{section.phase.title[1:]}",
                    "",
                    words.ALGORITHMS[section.phase.algorithm],
                )
                for view in section.views:
                    yield from ("", *self._rule(view))
        if overview.routes and overview.complete:
            yield from self._matrix(matrix(overview))

    def _rule(self, view: View) -> Iterator[str]:
        number = f"{view.place}\\. " if view.place else ""
        disabled = "" if view.place else " (disabled)"
        yield f"### {number}{_marked(words.rule_name(view.rule))}{disabled}"
        yield from ("", _marked(outcome(self._overview.policy, view.rule)), "")
        for label, parts in words.notes(self._overview, view, self._routes, self._listeners):
            first, *more = map(_marked, parts)
            yield f"- **{label}** {first}" if not more else f"- **{label}**"
            yield from (f"  - {line.removeprefix('- ')}" for line in (first, *more) if more)
        if view.witness:
            yield f"- **request** {_code(view.witness.curl())} from {view.witness.address}"

    def _matrix(self, found: Matrix) -> Iterator[str]:
        yield from ("", "## Routes", "", "Rules in bold take all that earlier ones leave of a route.", "")
        yield f"| route | {' | '.join(phase.title for phase in found.phases)} |"
        yield "| --- " * (1 + len(found.phases)) + "|"
        yield from (self._row(found, row) for row in found.rows)

    def _row(self, found: Matrix, row: Row) -> str:
        cells = (_names((*every, *cell)) for every, cell in zip(found.everywhere, row.cells, strict=True))
        return f"| {_marked(self._routes[row.route])} | {' | '.join(cells)} |"


def _names(entries: Sequence[Entry]) -> str:
    return ", ".join(f"{_MARKS[one.extent]}{_marked(words.rule_name(one.rule))}{_MARKS[one.extent]}" for one in entries)
