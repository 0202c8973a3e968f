"""Conditions on a header that a rule can never see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from edgelint.deadness import Dead, unseen_headers
from edgelint.facts import Facts, subject
from edgelint.finding import Confidence, Finding, Severity
from edgelint.model.expression import Opaque, Test
from edgelint.model.policy import Rule
from edgelint.remedies import lower_cased


def check(facts: Facts) -> Iterator[Finding]:
    """Report header names with upper-case letters, and headers that the platform takes out before rules run."""
    for rule in facts.subjects():
        unseen = tuple(unseen_headers(facts.meaning, rule.match.expression))
        if not unseen:
            continue
        names = tuple(dict.fromkeys(_name(dead) for dead in unseen))
        severity, effect = _effect(facts, rule, unseen)
        yield Finding(
            check="invisible-header",
            severity=severity,
            confidence=Confidence.PROVEN,
            message=f"{rule} tests {_listed(names)}, which no rule ever sees: {effect}",
            subject=subject(rule),
            place=rule.match.at(unseen[0].atom.span),
            advice=_advice(facts, names),
            fixes=lower_cased(rule, ((_name(dead), dead.atom.span) for dead in unseen)),
        )


def _effect(facts: Facts, rule: Rule, unseen: Sequence[Dead]) -> tuple[Severity, str]:
    expression = rule.match.expression
    if facts.never(expression) and not facts.never(facts.doubtful(rule)):
        return Severity.HIGH, "the rule never matches"
    if any(not dead.positive for dead in unseen):
        scope = "everything" if facts.always(expression) else "whatever the rest of the condition fits"
        return Severity.CRITICAL if rule.outcome.denies else Severity.HIGH, f"the rule catches {scope}"
    return Severity.MEDIUM, "this part of the condition is never true"


def _name(dead: Dead) -> str:
    assert not isinstance(dead.atom, Test | Opaque)  # noqa: S101
    return dead.atom.field.name


def _listed(names: Sequence[str]) -> str:
    return ("header " if len(names) == 1 else "headers ") + ", ".join(f"`{name}`" for name in names)


def _advice(facts: Facts, names: Sequence[str]) -> str:
    seen = [name for name in names if name.lower() not in facts.policy.platform.invisible_headers]
    if seen:
        return f"header names reach a rule in lower case: write {', '.join(f'`{name.lower()}`' for name in seen)}"
    return "the platform takes this header out of the list; test the host with the host field instead"
