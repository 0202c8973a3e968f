"""Rules whose conditions are true of every request."""

from __future__ import annotations

from collections.abc import Iterator

from edgelint.evidence import prove, witness
from edgelint.facts import Facts, subject
from edgelint.finding import Confidence, Finding, Severity
from edgelint.model.expression import And, Constant, Not, Test
from edgelint.model.policy import Rule
from edgelint.model.walk import atoms
from edgelint.space.questions import Answer, member

_SEVERITIES = {"block": Severity.CRITICAL, "challenge": Severity.CRITICAL, "cache": Severity.HIGH}


def check(facts: Facts) -> Iterator[Finding]:
    """Report rules that have conditions and match everything, unless a header nobody sees is the whole reason."""
    for rule in facts.subjects():
        expression = rule.match.expression
        if isinstance(expression, Constant) or not facts.always(expression):
            continue
        if not facts.always(facts.doubtful(rule)) or not _restricts(facts, rule):
            continue
        request = prove(facts, _far_away(facts, rule), caught=(rule,))
        if request is not None:
            yield Finding(
                check="always-matches",
                severity=_SEVERITIES.get(rule.outcome.kind, Severity.MEDIUM),
                confidence=Confidence.PROVEN,
                message=f"{rule} has conditions, yet they are true of every request",
                subject=subject(rule),
                place=rule.match.place,
                witness=witness(facts, request, [rule]),
                advice="`!(a || b)` is meant where `!a || !b` stands: a request cannot be both, so one side is always true",
            )


def _restricts(facts: Facts, rule: Rule) -> bool:
    """Whether some atom of the condition does tell requests apart, so that its author meant to choose."""
    return any(not facts.always(atom) for atom, _ in atoms(rule.match.expression))


def _far_away(facts: Facts, rule: Rule) -> Answer:
    """A request that fits none of the hosts, paths and methods the condition names, where there is one."""
    named = tuple(Not(atom) for atom, _ in atoms(rule.match.expression) if isinstance(atom, Test))
    away = member(facts.both(facts.matching(And(named)), facts.live(rule)))
    return away if away.yes else member(facts.live(rule))
