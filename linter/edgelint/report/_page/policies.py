"""The part of the page about one policy: its routes, the overlaps of its rules, and the rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from edgelint.finding import Finding, Severity
from edgelint.model.policy import Phase, Rule
from edgelint.picture.graph import Graph
from edgelint.report._page.anchors import Anchors
from edgelint.report._page.markup import Html, code, joined, link, listed, tag
from edgelint.report._page.matrix import route_table
from edgelint.report._page.overlaps import OverlapSection, Pair, legend
from edgelint.report._page.pictures import Picture
from edgelint.report._page.pieces import headed
from edgelint.report._page.rules import RuleCards, Told
from edgelint.report._places import Places


class PolicySection:
    """Lays out a policy; findings come with the names they are linked to by."""

    def __init__(
        self, picture: Picture, findings: Sequence[tuple[str, Finding]], places: Places, anchors: Anchors
    ) -> None:
        self._picture = picture
        self._anchors = anchors
        self._told = _told(picture, findings)
        self._cards = RuleCards(picture.policy, picture.overview, self._told, places, anchors)
        self._name = anchors.policy(picture.policy)

    def ways(self) -> Html:
        """The way to the policy, and to its parts."""
        return joined([link(self._name, code(self._picture.policy.name)), listed(link(*way) for way in self._parts())])

    def section(self, *, unfolded: bool) -> Html:
        """Everything about the policy."""
        title = tag("h2", "Policy ", code(self._picture.policy.name), id=f"{self._name}--title")
        parts = [title, self._trouble(), *self._routes(), *self._overlaps(), *self._rules(unfolded=unfolded)]
        return tag("section", *parts, id=self._name, aria_labelledby=f"{self._name}--title", class_="policy")

    def _parts(self) -> Iterator[tuple[str, str]]:
        """The names of the parts that there are, and what they are called."""
        if self._picture.routes:
            yield f"{self._name}--routes", "Routes"
        if self._picture.graph and self._picture.graph.edges:
            yield f"{self._name}--overlaps", "Overlaps"
        for phase, rules in self._phases():
            yield f"{self._name}--{phase.name}", f"{_title(phase)} ({len(rules):,})"

    def _phases(self) -> Iterator[tuple[Phase, list[Rule]]]:
        shown = frozenset(self._picture.rules)
        for phase in self._picture.policy.phases:
            if rules := [rule for rule in phase.rules if rule in shown]:
                yield phase, rules

    def _trouble(self) -> Html:
        if not self._picture.trouble:
            return Html()
        words = "internal error, please report it: what the rules catch could not be worked out: "
        return tag("p", words, code(self._picture.trouble), class_="alarm")

    def _routes(self) -> Iterator[Html]:
        if self._picture.routes and self._picture.overview:
            title = tag("h3", "Routes, and the rules that touch them")
            yield tag("section", title, route_table(self._picture.overview, self._anchors), id=f"{self._name}--routes")

    def _overlaps(self) -> Iterator[Html]:
        graph = self._picture.graph
        if graph and graph.edges:
            drawn = OverlapSection(graph, _contested(graph, self._told), _gravest(self._told), self._anchors)
            unfinished = tag("p", "There may be more: ", graph.unfinished) if graph.unfinished else Html()
            parts = [tag("h3", "Where rules overlap"), legend(), unfinished]
            parts += [drawn.phase(phase) for phase in self._picture.policy.phases]
            yield tag("section", *parts, id=f"{self._name}--overlaps")

    def _rules(self, *, unfolded: bool) -> Iterator[Html]:
        for phase, rules in self._phases():
            title = headed("h3", f"{_title(phase)} rules")
            cards = self._cards.phase(phase, rules, unfolded=unfolded)
            name = f"{self._name}--{phase.name}"
            yield tag("section", title, cards, id=name, class_="phase", data_phase=phase.name)


def _title(phase: Phase) -> str:
    return f"{phase.title[:1].upper()}{phase.title[1:]}"


def _told(picture: Picture, findings: Sequence[tuple[str, Finding]]) -> dict[Rule, list[tuple[str, Finding]]]:
    """The findings about each rule that is shown."""
    rules = {rule.place: rule for rule in picture.rules}
    told: dict[Rule, list[tuple[str, Finding]]] = {}
    for name, finding in findings:
        if rule := rules.get(finding.subject.place):
            told.setdefault(rule, []).append((name, finding))
    return told


def _gravest(told: Told) -> dict[Rule, Severity]:
    return {rule: max(finding.severity for _, finding in found) for rule, found in told.items()}


def _contested(graph: Graph, told: Told) -> set[Pair]:
    """The pairs of rules that a finding names together."""
    rules = {node.rule.place: node.rule for node in graph.nodes}
    pairs: set[Pair] = set()
    for rule, found in told.items():
        for _, finding in found:
            others = (rules.get(one.subject.place) for one in finding.related)
            pairs |= {pair for other in others if other for pair in ((rule, other), (other, rule))}
    return pairs
