"""Rules whose conditions contradict each other, so that no request ever matches."""

from __future__ import annotations

from collections.abc import Iterator

from edgelint.facts import Facts, subject
from edgelint.finding import Confidence, Finding, Severity
from edgelint.model.expression import And, Constant, Expression
from edgelint.model.policy import Rule


def check(facts: Facts) -> Iterator[Finding]:
    """Report enabled rules that match nothing, unless one impossible literal is the whole reason."""
    for rule in facts.active():
        expression = rule.match.expression
        if not facts.never(expression) or not facts.never(facts.doubtful(rule)):
            continue
        switched_off = isinstance(expression, Constant)
        fails = facts.fails(expression)
        yield Finding(
            check="never-matches",
            severity=Severity.INFO if switched_off else Severity.HIGH if rule.outcome.protects else Severity.MEDIUM,
            confidence=Confidence.PROVEN,
            message=_message(rule, switched_off, fails),
            subject=subject(rule),
            place=rule.match.at(_core_span(facts, expression)),
            detail=_core(facts, rule),
            advice="correct the condition, or disable the rule",
        )


def _message(rule: Rule, switched_off: bool, fails: bool) -> str:
    if switched_off:
        return f"{rule} is switched off by a condition that is always false"
    if fails:
        return f"{rule} never matches: where its evaluation does not fail, the condition is false"
    return f"{rule} never matches: its conditions contradict each other"


def _conjuncts(expression: Expression) -> tuple[Expression, ...]:
    return expression.operands if isinstance(expression, And) else (expression,)


def _contradiction(facts: Facts, expression: Expression) -> tuple[Expression, ...]:
    """Conjuncts that contradict each other and no one of which can be left out."""
    core = _conjuncts(expression)
    for conjunct in core:
        rest = tuple(other for other in core if other is not conjunct)
        if rest and facts.never(And(rest)):
            core = rest
    return core


def _core_span(facts: Facts, expression: Expression) -> tuple[int, int] | None:
    spans = [conjunct.span for conjunct in _contradiction(facts, expression) if conjunct.span]
    return (spans[0][0], spans[-1][1]) if spans else None


def _core(facts: Facts, rule: Rule) -> tuple[str, ...]:
    core = _contradiction(facts, rule.match.expression)
    texts = [rule.match.text[slice(*conjunct.span)] for conjunct in core if conjunct.span]
    return (f"these cannot be true together: {', '.join(f'`{text}`' for text in texts)}",) if len(texts) > 1 else ()
