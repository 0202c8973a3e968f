"""Findings as cards: what is wrong, where, the request that shows it, and what to do."""

from __future__ import annotations

from collections.abc import Container, Iterator

from edgelint.finding import Accepted, Confidence, Finding, Related, Witness
from edgelint.report._page.anchors import Anchors, check_anchor
from edgelint.report._page.excerpts import excerpt
from edgelint.report._page.fixes import suggestion
from edgelint.report._page.markup import Html, code, joined, link, listed, prose, tag, text
from edgelint.report._page.pieces import badge, command, place, remark
from edgelint.report._places import Places
from edgelint.report._words import AUTHORITIES, where

_MOST_RELATED = 20
"""How many other rules a card names."""


class Cards:
    """Lays out findings, with links to the rules and checks that the page has."""

    def __init__(self, places: Places, anchors: Anchors, explained: Container[str]) -> None:
        self._places = places
        self._anchors = anchors
        self._explained = explained

    def finding(self, finding: Finding, name: str, *, unfolded: bool) -> Html:
        """The card of a finding, `name` being what it is linked to by."""
        head = tag("summary", tag("h3", badge(finding.severity), " ", prose(finding.message)), self._aside(finding))
        return tag(
            "details",
            head,
            *self._body(finding),
            id=name,
            open=unfolded,
            class_=f"card finding {finding.severity.value}",
            data_severity=finding.severity.value,
            data_check=finding.check,
            data_phase=finding.subject.phase,
            data_confidence=finding.confidence.value,
            data_rule=self._anchors.at(finding.subject.place) or None,
        )

    def accepted(self, accepted: Accepted) -> Html:
        """A finding that somebody accepted, and why."""
        finding = accepted.finding
        reason = tag("p", "accepted ", AUTHORITIES[accepted.by], ": ", tag("q", accepted.reason))
        return joined([badge(finding.severity), " ", prose(finding.message), self._links(finding), reason])

    def _aside(self, finding: Finding) -> Html:
        sure = "" if finding.confidence is Confidence.PROVEN else f"{finding.confidence.value} · "
        return tag("p", sure, code(finding.check), " · ", where(self._places.location(finding.place)), class_="aside")

    def _body(self, finding: Finding) -> Iterator[Html]:
        yield self._links(finding)
        yield excerpt(finding.place, self._places)
        if finding.witness:
            yield from _shown(finding.witness)
        if finding.related:
            yield remark("Also", self._related(finding))
        if finding.detail:
            yield remark("Note", *(tag("p", prose(line)) for line in finding.detail))
        if finding.advice:
            yield remark("What to do", tag("p", prose(finding.advice)), class_="remark advice")
        yield from map(suggestion, finding.fixes)

    def _links(self, finding: Finding) -> Html:
        """The ways to the rule and to what is said about the check."""
        rule = self._anchors.at(finding.subject.place)
        check = check_anchor(finding.check) if finding.check in self._explained else ""
        ways = []
        if rule:
            ways.append(link(rule, finding.subject.phase.replace("_", " "), " ", code(_name(finding))))
        if check:
            ways.append(link(check, "about ", code(finding.check)))
        return tag("p", joined(ways, " · "), class_="ways") if ways else Html()

    def _related(self, finding: Finding) -> Html:
        shown = [self._other(related) for related in finding.related[:_MOST_RELATED]]
        left = len(finding.related) - len(shown)
        return listed([*shown, *([text(f"and {left} more")] if left else [])])

    def _other(self, related: Related) -> Html:
        subject = related.subject
        name = joined([subject.phase.replace("_", " "), " ", code(subject.name or subject.id)])
        there = link(self._anchors.at(subject.place), name)
        return joined([there, f", {related.role}: ", place(subject.place, self._places)])


def _name(finding: Finding) -> str:
    return finding.subject.name or finding.subject.id


def _shown(witness: Witness) -> Iterator[Html]:
    """The request that demonstrates a finding, and what becomes of it."""
    yield remark("A request that shows it", command(witness.request))
    if witness.trace:
        yield remark("What happens to it", listed(map(prose, witness.trace), "ol"))
