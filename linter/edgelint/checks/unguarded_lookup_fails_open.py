"""Rules that a client escapes by leaving out a header, cookie or parameter, because the lookup then fails."""

from __future__ import annotations

from collections.abc import Iterator

from edgelint.evidence import fails_on, prove, witness
from edgelint.facts import Facts, subject
from edgelint.finding import Confidence, Finding, Fix, Severity
from edgelint.guards import guarding, lenient, lookups
from edgelint.model.parts import values_of
from edgelint.model.policy import Rule
from edgelint.model.request import Request
from edgelint.space.limits import Unbounded
from edgelint.space.questions import outside

_SEVERITIES = {
    "block": Severity.CRITICAL,
    "challenge": Severity.CRITICAL,
    "queue": Severity.CRITICAL,
    "limit": Severity.HIGH,
}


def check(facts: Facts) -> Iterator[Finding]:
    """Report rules that would match a request if an absent value counted as empty, but fail on it instead."""
    for rule in facts.subjects():
        found = list(lookups(rule.match.expression))
        escape = _escape(facts, rule) if found else None
        if escape is None:
            continue
        missing = next((lookup for lookup in found if not values_of(escape, lookup.field)), found[0])
        edits = guarding(rule)
        yield Finding(
            check="unguarded-lookup-fails-open",
            severity=_SEVERITIES.get(rule.outcome.kind, Severity.LOW),
            confidence=Confidence.PROVEN,
            message=f"{rule} does not apply when {missing.field} is absent: the lookup fails, and a failing rule does not match",
            subject=subject(rule),
            place=rule.match.at(missing.span),
            witness=witness(facts, escape),
            detail=("leaving it out is all it takes to pass this rule",),
            advice="test for presence first, as in `!(name in map) || ...` or `!(name in map && ...)`",
            fixes=(Fix("test for presence before the value is looked up", edits, safe=True),) if edits else (),
        )


def _escape(facts: Facts, rule: Rule) -> Request | None:
    """A request that only the failing lookup saves, and that no other rule of the same kind catches either."""
    meant_all = lenient(rule.match.expression)
    if meant_all == rule.match.expression:
        return None
    try:
        failing = facts.meaning.fails(rule.match.expression)
    except Unbounded:
        return None
    meant = facts.both(facts.both(facts.matching(meant_all), failing), facts.possible)
    rules = facts.sharing(facts.phase(rule), meant)
    others = [other for other in rules if other is not rule and other.outcome.kind in (rule.outcome.kind, "block")]
    answer = outside(meant, [facts.region(other) for other in (rule, *others)]).answer
    request = prove(facts, answer, spared=(rule, *others))
    return request if request is not None and fails_on(rule, request) else None
