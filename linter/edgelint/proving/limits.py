"""Whether a rate limit grants no more than is demanded, and to whom."""

from __future__ import annotations

from fractions import Fraction

from edgelint import keys
from edgelint.budgets import Budget, budget_of, counted, granted, span
from edgelint.facts import Facts
from edgelint.model.assertion import Assertion
from edgelint.model.policy import Rule
from edgelint.space.region import Region


def shortcoming(facts: Facts, rule: Rule, assertion: Assertion, region: Region) -> str:
    """Why a limiter does not give what is demanded for the requests of a region; empty where it does."""
    budget = budget_of(rule)
    if budget is None or rule.key is None:
        return "grants nothing that is known"
    return _too_much(rule, budget, assertion) or (_shared(facts, rule, region) if assertion.per == "client" else "")


def _too_much(rule: Rule, budget: Budget, assertion: Assertion) -> str:
    demanded = assertion.at_most
    if demanded is None:
        return ""
    window = Fraction(demanded.window_millis, 1000)
    most = budget.most_within(window)
    if most <= demanded.requests:
        return ""
    return f"grants {granted(rule)}, which lets through {counted(most, 'request')} within {span(window)}"


def _shared(facts: Facts, rule: Rule, region: Region) -> str:
    """Why one client has not one bucket of its own."""
    by_header = keys.counts_by_trusted_header(rule, facts.topology)
    if not by_header and not keys.counts_by_address(rule):
        return "does not count each client by itself"
    hidden = [listener.name for listener in facts.fronted(rule)]
    if hidden and not by_header:
        return f"counts by the address of what stands before listener `{hidden[0]}`"
    loose = [
        field
        for field in keys.fields(rule)
        if keys.forgeable(field, facts.topology) and not keys.settled(facts.meaning, region, field)
    ]
    if loose:
        return f"gives a client that changes its {loose[0]} another bucket"
    return ""
