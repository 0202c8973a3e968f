"""Rules, and arms of conditions, that could go without anything changing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from edgelint.facts import Facts, related, subject
from edgelint.finding import Confidence, Finding, Severity
from edgelint.model.expression import Expression, Or
from edgelint.model.policy import Rule
from edgelint.remedies import disabled
from edgelint.space.questions import covers


def check(facts: Facts) -> Iterator[Finding]:
    """Report rules whose every request is treated the same without them, then arms that the other arms imply."""
    for rule in facts.subjects():
        spare = _double(facts, rule) if facts.phase(rule).algorithm == "all_match" else _replaced(facts, rule)
        if spare:
            names = ", ".join(f"`{other.name}`" for other in spare)
            yield _finding(rule, f"{rule} changes nothing: {names} {_verb(spare)} the same to every request", spare)
            continue
        for arm in _implied_arms(facts, rule.match.expression):
            text = rule.match.text[slice(*arm.span)] if arm.span else "a part"
            yield _finding(rule, f"{rule} has an alternative the others imply: `{text}`", (), arm.span)


def _finding(rule: Rule, message: str, others: Sequence[Rule], span: tuple[int, int] | None = None) -> Finding:
    return Finding(
        check="redundant-rule",
        severity=Severity.LOW,
        confidence=Confidence.PROVEN,
        message=message,
        subject=subject(rule),
        place=rule.match.at(span) if span else rule.place,
        related=related(others, "does the same"),
        advice="remove it",
        fixes=() if span else disabled(rule),
    )


def _verb(rules: Sequence[Rule]) -> str:
    return "does" if len(rules) == 1 else "do"


def _double(facts: Facts, rule: Rule) -> tuple[Rule, ...]:
    """A limiter that charges the same budget by the same key wherever this one does; of twins, the later is spare."""
    key = tuple(part.field for part in rule.key or ())
    for other in facts.neighbours(rule):
        same = other.outcome == rule.outcome and tuple(part.field for part in other.key or ()) == key
        if same and facts.within(rule, other) and (other.order < rule.order or not facts.within(other, rule)):
            return (other,)
    return ()


def _replaced(facts: Facts, rule: Rule) -> tuple[Rule, ...]:
    """The rules with the same outcome that take over every request of a rule when it goes; empty when some changes."""
    shadows = facts.shadows(rule)
    if shadows:
        return shadows if all(other.outcome == rule.outcome for other in shadows) else ()
    if rule.conditional or not facts.effective(rule).answer.yes:
        return ()
    later = [other for other in facts.neighbours(rule) if other.order > rule.order]
    same = [other for other in later if other.outcome == rule.outcome and not other.conditional]
    left, needed = facts.shared_out(rule, (*facts.blockers(rule), *same))
    heirs = tuple(other for other in needed if other.order > rule.order)
    twins = any(facts.within(heir, rule) for heir in heirs)  # of equal rules the later one is spare
    if twins or not left.no or any(_intervenes(facts, rule, other, same) for other in later if other not in same):
        return ()
    return heirs


def _intervenes(facts: Facts, rule: Rule, other: Rule, same: Sequence[Rule]) -> bool:
    """Whether a rule with another outcome might take a request that a rule would leave behind."""
    ahead = [one for one in same if one.order < other.order]
    return not covers(facts.among((*facts.blockers(rule), *ahead)), facts.both(facts.live(rule), facts.region(other)))


def _implied_arms(facts: Facts, expression: Expression) -> Iterator[Expression]:
    """Alternatives that are true only where another one is, the last of equal ones."""
    if not isinstance(expression, Or):
        return
    kept = list(expression.operands)
    for arm in reversed(expression.operands):
        rest = [facts.matching(other) for other in kept if other is not arm]
        if not facts.never(arm) and covers(rest, facts.matching(arm)):
            kept = [other for other in kept if other is not arm]
            yield arm
