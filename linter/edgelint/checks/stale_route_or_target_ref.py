"""Cache rules bound to routes or targets that are gone, disabled, or never get a request the rule matches."""

from __future__ import annotations

from collections.abc import Iterator

from edgelint.facts import Facts, subject
from edgelint.finding import Confidence, Finding, Severity
from edgelint.model.policy import Reference, Rule
from edgelint.routing import refers


def check(facts: Facts) -> Iterator[Finding]:
    """Report references of a rule that can no longer be met."""
    if not facts.policy.routes:
        return
    for rule in facts.subjects():
        bound = [one for one in rule.references if one.kind in ("route", "target")]
        stale = {one: reason for one in bound if (reason := _stale(facts, rule, one))}
        if not stale:
            continue
        dead = any(all(one in stale for one in bound if one.kind == kind) for kind in {one.kind for one in bound})
        first = next(iter(stale))
        reasons = "; ".join(f"{one.kind} {one.id} {reason}" for one, reason in stale.items())
        yield Finding(
            check="stale-route-or-target-ref",
            severity=Severity.HIGH if dead else Severity.MEDIUM,
            confidence=Confidence.PROVEN,
            message=f"{rule} is bound to what cannot be met{', so it never applies' if dead else ''}: {reasons}",
            subject=subject(rule),
            place=first.place,
            advice="bind the rule to routes that exist; target ids change with every edit of their route",
        )


def _stale(facts: Facts, rule: Rule, reference: Reference) -> str:
    """Why a reference cannot be met; empty when it can, or when that is not decided."""
    every = [route for route in facts.policy.routes if refers(reference, route)]
    if not every:
        return "is disabled" if _disabled_target(facts, reference) else "does not exist"
    routes = [route for route in every if route in facts.routing.routes]
    if not routes:
        return "is disabled"
    matched = facts.both(facts.matching(rule.match.expression, rule.match.text), facts.possible)
    if all(facts.routing.landing(matched, route).no for route in routes):
        return "never gets a request that the rule matches"
    return ""


def _disabled_target(facts: Facts, reference: Reference) -> bool:
    targets = (target for route in facts.policy.routes for target in route.targets)
    return reference.kind == "target" and any(target.id == reference.id for target in targets)
