"""Cache rules that match requests, none of which can ever have its answer kept."""

from __future__ import annotations

from collections.abc import Iterator

from edgelint.evidence import reached, witness
from edgelint.facts import Facts, subject
from edgelint.finding import Confidence, Finding, Severity, Subject
from edgelint.knowledge.caching import Cache, requirements, storing
from edgelint.model.policy import Rule
from edgelint.replay import route_name
from edgelint.space.questions import member, overlap
from edgelint.space.region import Region

_PARTIAL = frozenset({206, 416})
"""The statuses of answers to requests for a range."""
_SHOWN = 3


def check(facts: Facts) -> Iterator[Finding]:
    """Report rules without a request to keep the answer of, and a cache that is switched off although there are rules."""
    for rule in facts.subjects("cache"):
        word, reason = _reason(facts, rule)
        request = reached(facts, rule) if reason else None
        if request is not None:
            yield Finding(
                check="dead-cache-rule",
                severity=Severity.MEDIUM,
                confidence=Confidence.PROVEN,
                message=f"{rule} never keeps an answer: {reason}",
                subject=subject(rule),
                place=rule.at(word),
                witness=witness(facts, request),
                advice="remove the rule, or change what keeps all answers out",
            )
    yield from _switched_off(facts)


def _reason(facts: Facts, rule: Rule) -> tuple[str, str]:
    """The word for what keeps every answer out, and why it does; no reason where one may be kept, or it is not decided."""
    keyed, caching = storing(rule), facts.policy.platform.caching
    refused = next((name for name in keyed.vary if name in caching.refused_vary), "")
    if refused:
        return "vary", f"it varies on `{refused}`, and such answers are not kept"
    if keyed.statuses and set(keyed.statuses) <= _PARTIAL and "range" in caching.bypassing:
        codes = " and ".join(map(str, keyed.statuses))
        return "statuses", f"only requests for a range are answered {codes}, and these pass the cache by"
    live = facts.live(rule)
    for met_by_none, requirement in requirements(facts):
        if overlap(live, facts.matching(requirement)).no:
            return "match", f"it matches only requests {met_by_none}"
    return "match", _unserved(facts, facts.once(Cache).storable(rule))


def _unserved(facts: Facts, region: Region) -> str:
    if member(region).no:
        return "all that it matches passes the cache by"
    routes = facts.routing.routes
    if not routes or any(not facts.routing.landing(region, one).no for one in facts.once(Cache).reaching(region)):
        return ""
    ends = [route_name(one) for one in routes if facts.routing.landing(region, one).yes]
    return f"its requests never get to an origin, they end at {', '.join(ends[:_SHOWN])}" if ends else ""


def _switched_off(facts: Facts) -> Iterator[Finding]:
    store = facts.policy.store
    rules = [rule for rule in facts.policy.rules if rule.outcome.kind == "cache"]
    if store is not None and not store.enabled and rules:
        told = "its rule says" if len(rules) == 1 else f"its {len(rules)} rules say"
        yield Finding(
            check="dead-cache-rule",
            severity=Severity.LOW,
            confidence=Confidence.PROVEN,
            message=f"the cache is switched off: nothing is ever kept, whatever {told}",
            subject=Subject("cache", "", facts.policy.name, store.place),
            place=store.place,
            advice="switch the cache on, or remove its rules",
        )
