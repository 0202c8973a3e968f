"""Limits over a longer time than the edge remembers a client."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil

from edgelint.budgets import Budget, budget_of, counted, duration, span
from edgelint.evidence import witness
from edgelint.facts import Facts, subject
from edgelint.finding import Confidence, Finding, Severity
from edgelint.keys import identity
from edgelint.knowledge.quotas import arriving, bursts
from edgelint.model.limiting import Limiting
from edgelint.model.policy import Rule
from edgelint.model.request import Request

_STRICT = 100
"""Up to how many requests a budget is taken to be one of security, and not of load."""


def check(facts: Facts) -> Iterator[Finding]:
    """Report limiters whose counters are dropped, when a client pauses, long before what they count is over."""
    limiting = facts.policy.platform.limiting
    for rule in facts.subjects("limit"):
        budget = budget_of(rule)
        if budget is None or not identity(rule) or budget.memory <= limiting.idle:
            continue
        times = _pauses(budget, limiting)
        passed = bursts(budget, facts, ["one client"], times)
        request = arriving(facts, rule) if sum(passed) > budget.most(times[-1]) else None
        if request:
            yield _finding(facts, rule, budget, request, passed, times[1])


def _pauses(budget: Budget, limiting: Limiting) -> tuple[Fraction, ...]:
    """The times within a window, or until a bucket is full again, at which a client that pauses long enough comes back."""
    pause = Fraction(limiting.idle) + Fraction(limiting.sweep)
    return tuple(number * pause for number in range(ceil(budget.memory / pause)))


def _finding(
    facts: Facts, rule: Rule, budget: Budget, request: Request, passed: Sequence[int], pause: Fraction
) -> Finding:
    idle, over = span(Fraction(facts.policy.platform.limiting.idle)), span(budget.memory)
    return Finding(
        check="window-exceeds-state-ttl",
        severity=Severity.HIGH if budget.limit <= _STRICT else Severity.MEDIUM,
        confidence=Confidence.PROVEN,
        message=(
            f"{rule} grants {counted(budget.limit, 'request')} per {duration(budget.window)}, but the edge forgets a client"
            f" that pauses for {idle}: {sum(passed)} pass in {over}"
        ),
        subject=subject(rule),
        place=rule.at("window"),
        witness=witness(facts, request),
        detail=(
            f"of {counted(budget.capacity + 1, 'request')} at 0 s {passed[0]} pass,"
            f" of as many after {span(pause)} of silence {passed[1]}",
            f"so it goes on, {len(passed)} times in {over}",
        ),
        advice=(
            f"keep `{facts.policy.platform.term(rule.phase, 'window')}` within {idle} with a budget to match,"
            " and leave quotas over longer times to the application"
        ),
    )
