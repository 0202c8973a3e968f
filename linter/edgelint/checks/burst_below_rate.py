"""Shapers whose burst is too small for their rate."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from edgelint.evidence import witness
from edgelint.facts import Facts, subject
from edgelint.finding import Confidence, Finding, Severity
from edgelint.knowledge.quotas import arriving
from edgelint.model.policy import Rule
from edgelint.simulation.shaper import ByteBucket, throughput

_BURSTS = 100
"""Over how many bursts the throughput is measured."""


def check(facts: Facts) -> Iterator[Finding]:
    """Report shapers whose bucket is empty again before the shortest sleep is over."""
    pause = Fraction(facts.policy.platform.limiting.least_wait).limit_denominator(1_000_000)
    for rule in facts.subjects("shape"):
        rates = {name: int(str(rule.settings.get(name, 0))) for name in ("download", "upload")}
        burst = int(str(rule.settings.get("burst", 0)))
        slowed = {name: rate for name, rate in rates.items() if 0 < burst < rate * pause}
        request = arriving(facts, rule) if slowed else None
        if request:
            name, rate = max(slowed.items(), key=lambda item: item[1])
            reached = int(throughput(ByteBucket(rate, burst, pause), _BURSTS))
            yield Finding(
                check="burst-below-rate",
                severity=Severity.MEDIUM,
                confidence=Confidence.PROVEN,
                message=f"{rule} allows {rate} B/s, but its burst of {burst} B lets no more than {reached} B/s through",
                subject=subject(rule),
                place=rule.at("burst"),
                witness=witness(facts, request),
                detail=(_why(rule, facts, name, rate, pause),),
                advice=f"set a burst of {max(1 << 16, rate // 10)} B or more, or 0 for as much as the rate",
            )


def _why(rule: Rule, facts: Facts, name: str, rate: int, pause: Fraction) -> str:
    term = facts.policy.platform.term(rule.phase, name)
    return (
        f"an emptied bucket is looked at again after {float(pause * 1000):g} ms, in which `{term}` would fill it with"
        f" {int(rate * pause)} B"
    )
