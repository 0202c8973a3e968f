"""Rules whose conditions contradict each other, so that no request ever matches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from edgelint.facts import Facts, subject
from edgelint.finding import Confidence, Finding, Severity
from edgelint.model.expression import And, Constant, Expression
from edgelint.model.policy import Rule

_MOST = 16
"""Of how many conjuncts a contradiction is narrowed down; of more, all are shown."""


def check(facts: Facts) -> Iterator[Finding]:
    """Report enabled rules that match nothing, unless one impossible literal is the whole reason."""
    for rule in facts.subjects():
        expression = rule.match.expression
        if not facts.never(expression) or not facts.never(facts.doubtful(rule)):
            continue
        spans = [conjunct.span for conjunct in _contradiction(facts, expression) if conjunct.span]
        yield Finding(
            check="never-matches",
            severity=_severity(rule),
            confidence=Confidence.PROVEN,
            message=_message(rule, facts.fails(expression)),
            subject=subject(rule),
            place=rule.match.at((spans[0][0], spans[-1][1]) if spans else None),
            detail=_detail([rule.match.text[slice(*span)] for span in spans]),
            advice="correct the condition, or disable the rule",
        )


def _switched_off(rule: Rule) -> bool:
    return isinstance(rule.match.expression, Constant)


def _severity(rule: Rule) -> Severity:
    if _switched_off(rule):
        return Severity.INFO
    return Severity.HIGH if rule.outcome.protects else Severity.MEDIUM


def _message(rule: Rule, fails: bool) -> str:
    if _switched_off(rule):
        return f"{rule} is switched off by a condition that is always false"
    if fails:
        return f"{rule} never matches: where its evaluation does not fail, the condition is false"
    return f"{rule} never matches: its conditions contradict each other"


def _contradiction(facts: Facts, expression: Expression) -> Sequence[Expression]:
    """Conjuncts that contradict each other and no one of which can be left out."""
    core = expression.operands if isinstance(expression, And) else (expression,)
    for conjunct in core if len(core) <= _MOST else ():
        rest = tuple(other for other in core if other is not conjunct)
        if rest and facts.never(And(rest)):
            core = rest
    return core


def _detail(texts: Sequence[str]) -> tuple[str, ...]:
    if not 1 < len(texts) <= _MOST:
        return ()
    return (f"these cannot be true together: {', '.join(f'`{text}`' for text in texts)}",)
