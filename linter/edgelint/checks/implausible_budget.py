"""Limits whose numbers can hardly be meant: too small for one page, double at a boundary, never reached, one at a time."""

from __future__ import annotations

from collections.abc import Iterator

from edgelint.evidence import witness
from edgelint.facts import Facts, subject
from edgelint.finding import Confidence, Finding
from edgelint.knowledge.plausibility import budget_doubt


def check(facts: Facts) -> Iterator[Finding]:
    """Report the gravest doubt about the numbers of each limiter that counts by address."""
    for rule in facts.subjects("limit"):
        found = budget_doubt(facts, rule)
        if found:
            yield Finding(
                check="implausible-budget",
                severity=found.severity,
                confidence=Confidence.LIKELY if found.assumption else Confidence.PROVEN,
                message=f"{rule} {found.message}",
                subject=subject(rule),
                place=rule.at(found.setting),
                witness=witness(facts, found.request),
                detail=tuple(filter(None, (found.detail, found.assumption))),
                advice=found.advice,
            )
