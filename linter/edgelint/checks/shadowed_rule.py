"""Rules that earlier rules leave no request for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from edgelint.evidence import prove, witness
from edgelint.facts import Facts, related, subject
from edgelint.finding import Confidence, Finding, Severity
from edgelint.model.policy import Rule
from edgelint.remedies import ahead
from edgelint.space.questions import member


def check(facts: Facts) -> Iterator[Finding]:
    """Report rules of a first-match phase all of whose requests are taken by earlier rules with another outcome."""
    for rule in facts.subjects():
        shadows = facts.shadows(rule)
        different = [other for other in shadows if other.outcome != rule.outcome]
        request = prove(facts, member(facts.live(rule)), caught=(rule,)) if different else None
        if request is None:
            continue
        yield Finding(
            check="shadowed-rule",
            severity=_severity(rule, different),
            confidence=Confidence.PROVEN,
            message=f"{rule} never takes effect: {_listed(shadows)} {_always(shadows)} first",
            subject=subject(rule),
            place=rule.place,
            related=related(shadows, "comes first"),
            witness=witness(facts, request),
            detail=_detail(shadows, different),
            advice=f"give `{rule.name}` a lower priority number than {_listed(different)}, or remove it",
            fixes=ahead(facts, rule, shadows),
        )


def _severity(rule: Rule, blockers: Sequence[Rule]) -> Severity:
    weaker = rule.outcome.kind == "block" and any(other.outcome.kind != "block" for other in blockers)
    return Severity.HIGH if weaker else Severity.MEDIUM


def _listed(rules: Sequence[Rule]) -> str:
    return ", ".join(f"`{rule.name}`" for rule in rules)


def _always(rules: Sequence[Rule]) -> str:
    return "always comes" if len(rules) == 1 else "together always come"


def _detail(shadows: Sequence[Rule], different: Sequence[Rule]) -> tuple[str, ...]:
    if len(different) == len(shadows):
        return ()
    return (
        f"of these, {_listed(different)} {'does' if len(different) == 1 else 'do'} something else with the request",
    )
