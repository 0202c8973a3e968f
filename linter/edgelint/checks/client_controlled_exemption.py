"""Protective rules that spare whoever sends a header, cookie or parameter that anybody can send."""

from __future__ import annotations

from collections.abc import Iterator

from edgelint.evidence import witness
from edgelint.facts import Facts, subject
from edgelint.finding import Confidence, Finding, Severity
from edgelint.knowledge.pairs import Pair, escape, guards
from edgelint.knowledge.trust import exemptions
from edgelint.model.expression import Field
from edgelint.model.parts import values_of
from edgelint.model.policy import Rule
from edgelint.replay import applies
from edgelint.space.limits import Unbounded


def check(facts: Facts) -> Iterator[Finding]:
    """Report blocks, challenges and limits that a request escapes by a value its sender is free to add."""
    for rule in facts.subjects("block", "challenge", "queue", "limit"):
        spans = exemptions(rule, facts.topology)
        fields = list(spans)
        pair = escape(facts, rule, fields, guards(facts, rule, fields)) if fields else None
        changed = [field for field in fields if pair and values_of(pair.caught, field) != values_of(pair.spared, field)]
        if pair is None or not changed:
            continue
        names = " and ".join(str(field) for field in changed)
        yield Finding(
            check="client-controlled-exemption",
            severity=Severity.LOW if _counted_elsewhere(facts, rule, pair, changed) else Severity.MEDIUM,
            confidence=Confidence.PROVEN,
            message=f"{rule} spares a request for its {names}, which every client can send",
            subject=subject(rule),
            place=rule.match.at(spans[changed[0]]),
            witness=witness(facts, pair.spared, [rule]),
            detail=(f"the rule takes the same request otherwise: {pair.caught.curl()}",),
            advice=_advice(rule),
        )


def _counted_elsewhere(facts: Facts, rule: Rule, pair: Pair, changed: list[Field]) -> bool:
    """Whether those that a challenge spares are counted by the very value that spares them."""
    if not rule.outcome.passable:
        return False
    try:
        return any(
            part.field in changed and applies(facts.policy, limiter, pair.spared)
            for limiter in facts.active("limit")
            for part in limiter.key or ()
        )
    except Unbounded:
        return False


def _advice(rule: Rule) -> str:
    if rule.outcome.kind == "limit":
        return "exempt by network instead, or give those requests a limit of their own, a wider one rather than none"
    return "exempt by network, or by a header with a long random secret, instead of by what anybody can send"
