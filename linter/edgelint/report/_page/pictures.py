"""What is worked out about a policy for its part of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from edgelint.model.policy import Policy, Route, Rule
from edgelint.record import record
from edgelint.report import Report
from edgelint.source import Place

if TYPE_CHECKING:
    from edgelint.picture.graph import Graph
    from edgelint.picture.overview import Overview

MOST_RULES = 2000
"""Up to how many rules of a policy have cards; of more only those that findings speak of, and no more than that."""


@record(eq=False)
class Picture:
    """A policy, the rules of it that are shown, and what was found of them; `trouble` says why that is missing."""

    policy: Policy
    rules: tuple[Rule, ...]
    overview: Overview | None
    graph: Graph | None
    trouble: str = ""

    @property
    def routes(self) -> tuple[Route, ...]:
        """The routes of the table, none where the rules that touch them are not all known."""
        return self.overview.routes if self.overview and self.overview.complete else ()


def pictures(report: Report) -> list[Picture]:
    """The pictures of all policies."""
    spoken = frozenset(
        subject.place
        for finding in report.findings
        for subject in (finding.subject, *(related.subject for related in finding.related))
    )
    return [_pictured(report, policy, _shown(policy, spoken)) for policy in report.policies]


def _shown(policy: Policy, spoken: frozenset[Place]) -> tuple[Rule, ...]:
    if len(policy.rules) <= MOST_RULES:
        return policy.rules
    return tuple(rule for rule in policy.rules if rule.place in spoken)[:MOST_RULES]


def _pictured(report: Report, policy: Policy, rules: tuple[Rule, ...]) -> Picture:
    try:
        return _worked_out(report, policy, rules)
    except Exception as error:  # noqa: BLE001 - whatever it is, the findings are to be told
        return Picture(policy, rules, None, None, f"{type(error).__name__}: {error}"[:300])


def _worked_out(report: Report, policy: Policy, rules: tuple[Rule, ...]) -> Picture:
    from edgelint.facts import Facts, steps_for
    from edgelint.picture.graph import graph
    from edgelint.picture.overview import overview
    from edgelint.space.limits import WORK

    chosen = None if rules == policy.rules else frozenset(rules)
    with WORK.allowance(steps_for(policy)):
        facts = Facts(policy, report.topology)
        return Picture(policy, rules, overview(facts, chosen), graph(facts, chosen))
