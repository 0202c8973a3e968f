"""Literals that no request can have in the field they are compared with."""

from __future__ import annotations

from collections.abc import Iterator

from edgelint.deadness import Dead, dead_literals, explain
from edgelint.facts import Facts, subject
from edgelint.finding import Confidence, Finding, Fix, Severity
from edgelint.model.expression import InNetwork, Length, Matches, Predicate, Test
from edgelint.model.policy import Rule
from edgelint.remedies import reworded


def check(facts: Facts) -> Iterator[Finding]:
    """Report comparisons that are false of every request because of the literal, with the literal that was meant."""
    for rule in facts.subjects():
        dead = tuple(dead_literals(facts.meaning, rule.match.expression))
        if not dead:
            continue
        severity, effect = _effect(facts, rule)
        reason, repaired = _explained(facts, dead[0])
        yield Finding(
            check="impossible-literal",
            severity=severity,
            confidence=Confidence.PROVEN,
            message=f"{rule} compares the {_field(dead[0])} with {_literal(dead[0].predicate)}: {reason}, so {effect}",
            subject=subject(rule),
            place=rule.match.at(dead[0].atom.span),
            detail=tuple(_also(facts, other) for other in dead[1:]),
            advice=f"write `{repaired}`" if repaired else "remove the comparison or correct its literal",
            fixes=_fixes(rule, dead[0], repaired) if repaired else (),
        )


def _fixes(rule: Rule, dead: Dead, repaired: str) -> tuple[Fix, ...]:
    assert dead.predicate is not None  # noqa: S101
    old = dead.predicate
    return reworded(rule, dead.atom, old, type(old)(repaired), f"write `{repaired}`")  # type: ignore[arg-type, call-arg]  # one that has a text


def _effect(facts: Facts, rule: Rule) -> tuple[Severity, str]:
    expression = rule.match.expression
    protects = rule.outcome.protects
    if facts.never(expression) and not facts.never(facts.doubtful(rule)):
        return Severity.HIGH if protects else Severity.MEDIUM, "the rule never matches"
    if facts.always(expression) and not facts.always(facts.doubtful(rule)):
        return Severity.CRITICAL if rule.outcome.denies else Severity.MEDIUM, "the rule matches everything"
    return Severity.LOW, "this comparison is never true"


def _explained(facts: Facts, dead: Dead) -> tuple[str, str]:
    assert isinstance(dead.atom, Test)  # noqa: S101
    assert dead.predicate is not None  # noqa: S101
    return explain(facts.meaning, dead.atom.field, dead.predicate)


def _also(facts: Facts, dead: Dead) -> str:
    reason, repaired = _explained(facts, dead)
    return f"also {_literal(dead.predicate)}: {reason}" + (f"; write `{repaired}`" if repaired else "")


def _field(dead: Dead) -> str:
    assert isinstance(dead.atom, Test)  # noqa: S101
    return str(dead.atom.field)


def _literal(predicate: Predicate | None) -> str:
    match predicate:
        case Matches(text) | InNetwork(text):
            return f"`{text}`"
        case Length(comparison, number):
            return f"a length {comparison} {number}"
        case _:
            return f"`{getattr(predicate, 'text', '')}`"
