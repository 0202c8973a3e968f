"""Policies as they are written: documents whose rules can be exchanged, and what is said of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

import yaml

from edgelint.languages.p2pstream import InvalidExpression, compile_match
from edgelint.model.policy import Policy
from edgelint.model.topology import Front, MachineEndpoint, Topology
from edgelint.readers import read
from edgelint.report import Report
from edgelint.run import Wishes, lint
from oracles.real_rules import exports

Rule = dict[str, object]
Document = Mapping[str, object]

LISTS = frozenset(
    (
        *("waf_rules", "rate_limit_rules", "traffic_shaper_rules", "cache_rules"),
        *("wafRules", "rateLimitRules", "trafficShaperRules", "cacheRules"),
    )
)
TOPOLOGY = Topology((("*", Front("cloudflare")),), (), (MachineEndpoint("", "/api"),))
"""Surroundings in which most checks have something to say."""


class Written(NamedTuple):
    """A rule as it is written, and where: the name of its list, and its place there."""

    list: str
    place: int
    rule: Rule

    @property
    def name(self) -> str:
        """Its name, empty when it has none."""
        return str(self.rule.get("name") or "")

    @property
    def text(self) -> str:
        """Its expression, empty where there is none, it is refused, or it was made by a builder."""
        match = self.rule.get("matchRule", self.rule.get("match_rule"))
        if not isinstance(match, dict) or "builder" in match:
            return ""
        text = str(match.get("celExpression", match.get("cel_expression", "")))
        return text if valid(text) else ""

    def number(self, key: str) -> int:
        """One of its numbers, 0 when it has none of that name."""
        return int(str(self.rule.get(key, 0)))

    def saying(self, text: str, **changed: object) -> Rule:
        """The same rule with another expression, and with other settings."""
        kept = {key: value for key, value in self.rule.items() if key != "matchRule"}
        return {**kept, "match_rule": {"cel_expression": text}, **changed}


@cache
def valid(text: str) -> bool:
    """Whether p2pstream takes an expression."""
    try:
        compile_match(text)
    except InvalidExpression:
        return False
    return True


@cache
def kept_as_text() -> tuple[Document, ...]:
    """The real policies, fixtures and examples that are text and can be read."""
    paths = [path for path in exports() if path.suffix in (".json", ".yaml")]
    found = (yaml.safe_load(path.read_text(encoding="utf-8")) for path in paths)
    return tuple(one for one in found if isinstance(one, dict) and rules_of(one) and _readable(policy_in(one)))


def _readable(policy: Policy) -> bool:
    return all(problem.kind != "unreadable" for problem in policy.problems)


def rules_of(document: Document) -> list[Written]:
    """Every rule of a document."""
    lists = ((name, many) for name, many in document.items() if name in LISTS and isinstance(many, list))
    return [Written(name, place, rule) for name, many in lists for place, rule in enumerate(many)]


def rules_in(document: Document, name: str) -> list[Written]:
    """The rules of one list of a document."""
    return [found for found in rules_of(document) if found.list == name]


def replaced(document: Document, found: Written, *rules: Rule) -> Document:
    """A document with other rules in the place of one."""
    many = [other.rule for other in rules_in(document, found.list)]
    many[found.place : found.place + 1] = rules
    return {**document, found.list: many}


def policy_in(document: Document) -> Policy:
    """The policy of a document."""
    (policy,) = read(["-"], stdin=json.dumps(document).encode).policies
    return policy


def report_on(document: Document) -> Report:
    """All that is reported of a document."""
    return lint(["-"], Wishes(pedantic=True, topology=TOPOLOGY), json.dumps(document).encode)


def said(document: Document) -> list[str]:
    """All that is said of a document, but for where it stands, sorted; a check that broke, too."""
    report = report_on(document)
    found = [
        (
            *(finding.check, finding.severity, finding.confidence, finding.message, finding.detail, finding.advice),
            *(finding.subject.phase, finding.subject.name, finding.witness),
            [(other.subject.name, other.role) for other in finding.related],
        )
        for finding in report.findings
    ]
    return sorted(map(repr, [*found, *report.failures]))


def summary(document: Document) -> list[tuple[str, ...]]:
    """Which rules are reported, by which checks, and how grave that is; a check that broke, too."""
    report = report_on(document)
    found = {(one.check, one.severity.value, one.subject.phase, one.subject.name) for one in report.findings}
    return sorted(found | {("failure", failure.part, failure.error) for failure in report.failures})
