"""Conditions the engine has no model for, so that questions about them stay open."""

from __future__ import annotations

from collections.abc import Iterator

from edgelint.facts import Facts, subject
from edgelint.finding import Confidence, Finding, Severity


def check(facts: Facts) -> Iterator[Finding]:
    """Name, for each rule, the conditions that proofs do not look into."""
    for rule in facts.subjects():
        names = facts.region(rule).opaque()
        if names and not facts.refused(rule):
            listed = ", ".join(f"`{name}`" for name in names)
            yield Finding(
                check="unmodelled-condition",
                severity=Severity.INFO,
                confidence=Confidence.PROVEN,
                message=f"{rule} has a condition that is not analysed: {listed}",
                subject=subject(rule),
                place=rule.match.place,
                advice="nothing is reported that would depend on it",
            )
