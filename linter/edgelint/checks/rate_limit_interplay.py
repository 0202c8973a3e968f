"""Limiters of which one never has its say, or pays for requests that a later one denies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from edgelint.budgets import budget_of, counted, granted
from edgelint.evidence import witness
from edgelint.facts import Facts, related, subject
from edgelint.finding import Confidence, Finding, Severity
from edgelint.keys import coarser, fields
from edgelint.knowledge.quotas import arriving, replayed, tighter
from edgelint.model.policy import Rule
from edgelint.model.request import Request


def check(facts: Facts) -> Iterator[Finding]:
    """Report limiters that a tighter one leaves nothing to deny, then those whose denied requests were charged before."""
    for rule in facts.subjects("limit"):
        others = [other for other in facts.neighbours(rule) if _comparable(facts, other, rule)]
        earlier = [other for other in others if other.order < rule.order]
        later = [other for other in others if other.order > rule.order]
        found = _idle(facts, rule, earlier) or _lowered(facts, rule, later) or _paid(facts, rule, earlier)
        if found:
            yield found


def _comparable(facts: Facts, other: Rule, rule: Rule) -> bool:
    """Whether two limiters are no twins, and one bucket of the other counts all that one of the rule counts."""
    twins = other.outcome == rule.outcome and fields(other) == fields(rule)
    return not twins and coarser(facts.meaning, other, rule, facts.live(rule))


def _idle(facts: Facts, rule: Rule, earlier: Sequence[Rule]) -> Finding | None:
    tight = tighter(facts, rule, earlier)
    request = arriving(facts, rule) if tight else None
    if tight is None or request is None:
        return None
    count = max(map(_burst, (rule, tight))) + 1
    (alone,), (both,) = (replayed(facts, rules, [(request, count)]) for rules in ([tight], [tight, rule]))
    message = f"{rule} never denies anything: `{tight.name}` comes first with {granted(tight)}"
    detail = (
        f"of {count} requests at 0 s `{tight.name}` admits {alone}, and `{rule.name}` denies {alone - both} of these"
    )
    advice = f"remove `{rule.name}`, or give it a smaller budget than `{tight.name}`"
    return _finding(facts, rule, tight, request, Severity.MEDIUM, message, detail, advice)


def _lowered(facts: Facts, rule: Rule, later: Sequence[Rule]) -> Finding | None:
    tight = tighter(facts, rule, later)
    request = arriving(facts, rule) if tight else None
    if tight is None or request is None:
        return None
    count = max(map(_burst, (rule, tight)))
    (alone,), (both,) = (replayed(facts, rules, [(request, count)]) for rules in ([rule], [rule, tight]))
    message = f"{rule} grants what nobody gets: `{tight.name}` comes after it with {granted(tight)}"
    detail = f"of {count} requests at 0 s `{rule.name}` admits {alone}, and `{tight.name}` lets {both} of these through"
    return _finding(
        facts, rule, tight, request, Severity.INFO, message, detail, f"lower the budget of `{rule.name}`, or remove it"
    )


def _paid(facts: Facts, rule: Rule, earlier: Sequence[Rule]) -> Finding | None:
    """What is to be said when requests a rule denies use up a wider budget before it."""
    mine = budget_of(rule)
    for wide in earlier:
        theirs = budget_of(wide)
        if not mine or not theirs or 2 * mine.rate > theirs.rate or not facts.within(rule, wide):
            continue
        request, outside = arriving(facts, rule), arriving(facts, wide, spared=[rule])
        if request is None or outside is None:
            continue
        passed, rest = replayed(facts, [wide, rule], [(request, theirs.capacity), (outside, 1)])
        if passed < theirs.capacity and not rest:
            message = f"{rule} denies requests that `{wide.name}`, which comes first, has already paid for"
            detail = (
                f"of {counted(theirs.capacity, 'request')} at 0 s {passed} pass, yet `{wide.name}` has nothing left:"
                f" `{outside.curl()}` is denied"
            )
            severity = Severity.LOW if set(fields(rule)) <= set(fields(wide)) else Severity.MEDIUM
            advice = f"give `{rule.name}` a lower priority number than `{wide.name}`"
            return _finding(facts, rule, wide, request, severity, message, detail, advice)
    return None


def _burst(rule: Rule) -> int:
    budget = budget_of(rule)
    return budget.capacity if budget else 0


def _finding(
    facts: Facts, rule: Rule, other: Rule, request: Request, severity: Severity, message: str, detail: str, advice: str
) -> Finding:
    return Finding(
        check="rate-limit-interplay",
        severity=severity,
        confidence=Confidence.PROVEN,
        message=message,
        subject=subject(rule),
        place=rule.at("limit"),
        related=related([other], "charges the same requests"),
        witness=witness(facts, request),
        detail=(detail,),
        advice=advice,
    )
