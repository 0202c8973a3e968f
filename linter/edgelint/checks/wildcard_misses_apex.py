"""Protective rules for all subdomains of a host, where the host itself leads to the same application."""

from __future__ import annotations

from collections.abc import Iterator

from edgelint.evidence import witness
from edgelint.facts import Facts, route_subject, subject
from edgelint.finding import Confidence, Finding, Related, Severity
from edgelint.knowledge.strictness import with_apex
from edgelint.knowledge.variants import Variant, escapes, variants
from edgelint.model.policy import Route, Rule
from edgelint.model.request import Request
from edgelint.routing import origins_of


def check(facts: Facts) -> Iterator[Finding]:
    """Report wildcards on the host whose apex reaches an origin that the rule guards, but not the rule."""
    for rule in facts.subjects("block", "challenge", "queue", "limit"):
        found = next(_gaps(facts, rule), None)
        if found is not None:
            yield found


def _gaps(facts: Facts, rule: Rule) -> Iterator[Finding]:
    for variant in variants(rule, with_apex):
        for landed in escapes(facts, rule, variant.expression) if variant.positive else ():
            guarded = _guarded(facts, rule, landed.route) if landed.route else None
            if guarded is not None:
                yield _finding(facts, rule, variant, landed.request, guarded)


def _finding(facts: Facts, rule: Rule, variant: Variant, request: Request, guarded: Route) -> Finding:
    return Finding(
        check="wildcard-misses-apex",
        severity=Severity.HIGH,
        confidence=Confidence.PROVEN,
        message=f"{rule} does not catch host `{request.host}`, which leads to an origin it guards: the wildcard leaves it out",
        subject=subject(rule),
        place=rule.match.at(variant.atom.span),
        related=(Related(route_subject(guarded), "leads to the same origin"),),
        witness=witness(facts, request),
        advice=f"ask for `{request.host}` beside the wildcard",
    )


def _guarded(facts: Facts, rule: Rule, route: Route) -> Route | None:
    """A route to an origin of the given one by which requests go that a rule takes."""
    same = (other for other in facts.routing.routes if not set(origins_of(other)).isdisjoint(origins_of(route)))
    return next((other for other in same if facts.routing.landing(facts.live(rule), other).yes), None)
