"""Findings at lines that a change touched: reviews show nothing that stands beside the lines of a pull request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from edgelint.finding import Finding, Related, Subject
from edgelint.model.policy import Policy, Rule
from edgelint.record import replace
from edgelint.source import Cell, Place, line_and_column

Ranges = Sequence[tuple[int, int]]
"""First and last line of each piece that is new or edited, from 1."""


def anchored(
    findings: Iterable[Finding], policies: Iterable[Policy], changed: Mapping[str, Ranges]
) -> tuple[Finding, ...]:
    """The findings, each at a changed line of its subject, else of another rule that takes part, else where it was.

    What it is about stays the same; a subject that is no longer the place of its finding is named beside it.
    """
    rules = {rule.place: rule for policy in policies for rule in policy.rules}
    return tuple(_anchored(finding, rules, changed) for finding in findings)


def _anchored(finding: Finding, rules: Mapping[Place, Rule], changed: Mapping[str, Ranges]) -> Finding:
    own = (finding.place, *_places(finding.subject, rules))
    if place := _touched(own, changed):
        return replace(finding, place=place)
    for position, other in enumerate(finding.related):
        if place := _touched(_places(other.subject, rules), changed):
            subject = Related(finding.subject, "is the rule in question")
            rest = (*finding.related[:position], *finding.related[position + 1 :])
            return replace(finding, place=place, related=(subject, *rest))
    return finding


def _places(subject: Subject, rules: Mapping[Place, Rule]) -> Iterator[Place]:
    """Where a rule is written down: its condition first, its name last."""
    rule = rules.get(subject.place)
    if rule is not None:
        yield rule.match.place
        yield from rule.places.values()
    yield subject.place


def _touched(places: Iterable[Place], changed: Mapping[str, Ranges]) -> Place | None:
    """The first of some places that begins on a changed line."""
    return next((place for place in places if _is_touched(place, changed)), None)


def _is_touched(place: Place, changed: Mapping[str, Ranges]) -> bool:
    ranges = changed.get(place.source.name, ())
    found = place.span() if ranges else Cell("")
    if isinstance(found, Cell):
        return False
    line, _ = line_and_column(place.source.text, found.start)
    return any(first <= line <= last for first, last in ranges)
