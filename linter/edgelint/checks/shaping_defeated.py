"""Shapers that slow nothing down, are easily got round, or slow more than can be meant."""

from __future__ import annotations

from collections.abc import Iterator

from edgelint.evidence import witness
from edgelint.facts import Facts, subject
from edgelint.finding import Confidence, Finding
from edgelint.knowledge.plausibility import shaping_doubt


def check(facts: Facts) -> Iterator[Finding]:
    """Report the gravest doubt about what each shaper does."""
    for rule in facts.subjects("shape"):
        found = shaping_doubt(facts, rule)
        if found:
            yield Finding(
                check="shaping-defeated",
                severity=found.severity,
                confidence=Confidence.LIKELY if found.assumption else Confidence.PROVEN,
                message=f"{rule} {found.message}",
                subject=subject(rule),
                place=rule.at(found.setting),
                witness=witness(facts, found.request),
                detail=tuple(filter(None, (found.detail, found.assumption))),
                advice=found.advice,
            )
