"""Cache rules that share answers between targets that differ, or keep copies for targets that do not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from edgelint.evidence import witness
from edgelint.facts import Facts, subject
from edgelint.finding import Confidence, Finding, Severity
from edgelint.knowledge.caching import Cache, storing
from edgelint.model.durations import lasting
from edgelint.model.policy import Route, Rule, Target
from edgelint.replay import route_name

_CANARY = 4
"""From this ratio of their weights on, targets are taken for versions on trial rather than for machines of unequal size."""
_COPIES = 3
_ASSUMPTION = "assumes that they do not answer alike"


class _Misfit(NamedTuple):
    """What is wrong with the scope of a rule on one route."""

    severity: Severity
    confidence: Confidence
    what: str


def check(facts: Facts) -> Iterator[Finding]:
    """Report the first route of each rule whose targets do not fit the scope of what the rule keeps."""
    cache = facts.once(Cache)
    for rule in facts.subjects("cache"):
        for route in cache.reaching(cache.storable(rule)):
            misfit = _misfit(rule, route)
            request = cache.stored(rule, cache.storable(rule), route) if misfit else None
            if misfit and request:
                scope = "selected_backend" if storing(rule).shared else "route"
                yield Finding(
                    check="cache-scope-target-mismatch",
                    severity=misfit.severity,
                    confidence=misfit.confidence,
                    message=f"{rule} keeps {misfit.what}",
                    subject=subject(rule),
                    place=rule.at("scope"),
                    witness=witness(facts, request),
                    detail=(_ASSUMPTION,) if misfit.confidence is Confidence.LIKELY else (),
                    advice=f"set `{facts.policy.platform.term(rule.phase, 'scope')}` to `{scope}`",
                )
                break


def _misfit(rule: Rule, route: Route) -> _Misfit | None:
    wanted = {one.id for one in rule.references if one.kind == "target"}
    targets = [one for one in route.targets if one.enabled and one.origin and one.weight]
    targets = [one for one in targets if not wanted or one.id in wanted]
    return _mixed(rule, route, targets) if storing(rule).shared else _copied(route, targets)


def _mixed(rule: Rule, route: Route, targets: Sequence[Target]) -> _Misfit | None:
    """Targets that share an answer although they get different requests, or are no replicas of one another."""
    first = targets[0] if targets else None
    for other in targets[1:]:
        assert first is not None  # noqa: S101
        pair = f"`{first.name}` and `{other.name}` of route {route_name(route)}"
        if first.injected != other.injected:
            what = f"one answer for both {pair}, to which the edge sends different headers"
            return _Misfit(Severity.MEDIUM, Confidence.PROVEN, what)
        if first.origin != other.origin and first.group != other.group:
            late = max(first, other, key=lambda target: target.group)
            what = f"one answer for both {pair}: what `{late.name}` says in an outage goes on for {_ttl(rule)}"
            return _Misfit(Severity.MEDIUM, Confidence.LIKELY, what)
        if first.origin != other.origin and _canary(first, other):
            what = f"one answer for both {pair}, which look like two versions: everybody gets the one that came first"
            return _Misfit(Severity.MEDIUM, Confidence.LIKELY, what)
    return None


def _copied(route: Route, targets: Sequence[Target]) -> _Misfit | None:
    """Many targets that are replicas of one another by all that is known, each with its own copy of everything."""
    kinds = {(target.group, target.injected) for target in targets}
    if len(targets) < _COPIES or len(kinds) != 1 or any(_canary(targets[0], other) for other in targets):
        return None
    what = f"a copy for each of the {len(targets)} targets of route {route_name(route)}: as many first requests, as much space"
    return _Misfit(Severity.INFO, Confidence.PROVEN, what)


def _canary(one: Target, other: Target) -> bool:
    return max(one.weight, other.weight) >= _CANARY * min(one.weight, other.weight)


def _ttl(rule: Rule) -> str:
    return lasting(storing(rule).ttl)
