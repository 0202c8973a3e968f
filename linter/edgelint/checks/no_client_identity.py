"""Limiters whose key says nothing about the client: one bucket for everybody."""

from __future__ import annotations

from collections.abc import Iterator

from edgelint.budgets import granted
from edgelint.evidence import reached, witness
from edgelint.facts import Facts, subject
from edgelint.finding import Confidence, Finding, Severity
from edgelint.keys import identity
from edgelint.model.policy import Rule
from edgelint.space.theory import Axis


def check(facts: Facts) -> Iterator[Finding]:
    """Report per-key limiters and shapers without a part that tells clients apart."""
    for rule in facts.subjects("limit", "shape"):
        if rule.key is None or identity(rule) or _one_client(facts, rule):
            continue
        request = reached(facts, rule)
        if request is None:
            continue
        parts = ", ".join(str(part.field) for part in rule.key)
        yield Finding(
            check="no-client-identity",
            severity=Severity.HIGH if rule.outcome.kind == "limit" else Severity.MEDIUM,
            confidence=Confidence.PROVEN,
            message=f"{rule} counts by {parts} only, so all clients share {granted(rule)}",
            subject=subject(rule),
            place=rule.at("key"),
            witness=witness(facts, request),
            detail=("the same request from any other address is charged to the same bucket",),
            advice="add the client's address to the key; if one budget for everybody is meant, record that with an ignore entry",
        )


def _one_client(facts: Facts, rule: Rule) -> bool:
    """Whether the match itself lets a single address through, so that the bucket is that client's."""
    return facts.addresses(rule).size() <= 1 and Axis("address") in facts.live(rule).axes()
