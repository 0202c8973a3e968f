"""Limiters that a client escapes by changing a part of the key it chooses itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from edgelint.budgets import budget_of, counted, granted
from edgelint.evidence import witness
from edgelint.facts import Facts, subject
from edgelint.finding import Confidence, Finding, Severity
from edgelint.keys import checked, identity, key
from edgelint.knowledge.quotas import ROTATION, arriving, bursts, guards, guards_a_door, rotated, rotating
from edgelint.model.expression import Field
from edgelint.model.policy import Rule
from edgelint.model.request import Request


def check(facts: Facts) -> Iterator[Finding]:
    """Report rules that give a client a new bucket for each value it makes up, where no other limiter counts it."""
    for rule in facts.subjects("limit", "shape"):
        parts = sorted(rotating(facts, rule, rule), key=_assumed) if identity(rule) else []
        spared = guards(facts, rule) if parts else ()
        base = arriving(facts, rule, spared=spared) if parts else None
        if base is None:
            continue
        for field in parts:
            requests = rotated(facts, rule, base, field, spared)
            if len(requests) >= ROTATION:
                yield _finding(facts, rule, field, requests)
                break


def _assumed(field: Field) -> bool:
    """Whether it takes an assumption about the application that changing a part gets a client anywhere."""
    return field.kind in ("path", "host", "method") or checked(field)


def _finding(facts: Facts, rule: Rule, field: Field, requests: Sequence[Request]) -> Finding:
    door = guards_a_door(rule)
    assumed = _assumed(field) and not (door and checked(field))
    return Finding(
        check="rotatable-key",
        severity=Severity.HIGH if door and rule.outcome.kind == "limit" else Severity.MEDIUM,
        confidence=Confidence.LIKELY if assumed else Confidence.PROVEN,
        message=f"{rule} gives a client {granted(rule)} for every {field} it makes up{_unchecked(rule)}",
        subject=subject(rule),
        place=next((part.place for part in rule.key or () if part.field == field), rule.at("key")),
        witness=witness(facts, requests[-1]),
        detail=(*_replay(facts, rule, field, requests), *([_ASSUMPTIONS[_kind(field)]] if assumed else [])),
        advice="count by address, in this rule or in a second one for the same requests",
    )


def _unchecked(rule: Rule) -> str:
    return ", and no limiter counts it by what it cannot choose" if rule.outcome.kind == "limit" else ""


def _replay(facts: Facts, rule: Rule, field: Field, requests: Sequence[Request]) -> Iterator[str]:
    budget = budget_of(rule)
    keys = [key(rule, request, facts.policy.platform) for request in requests]
    if budget:
        one, all_ = sum(bursts(budget, facts, keys[:1])), sum(bursts(budget, facts, keys))
        yield f"with one {field} {counted(one, 'request')} are admitted at once, with {len(keys)} different ones {all_}"


def _kind(field: Field) -> str:
    return field.kind if field.kind in _ASSUMPTIONS else "checked"


_ASSUMPTIONS = {
    "path": (
        "assumes that the application answers under many paths, as it does where it ignores what follows a prefix;"
        " where each path is meant to have a budget, record that with an ignore entry"
    ),
    "host": "assumes that the application answers under many hosts; if it does not, record that with an ignore entry",
    "method": "assumes that the application takes unusual methods; if it does not, record that with an ignore entry",
    "checked": (
        "assumes that the application does something for requests whose value is made up;"
        " if a trusted proxy sets it, say so in `topology.trusted_headers`, else record it with an ignore entry"
    ),
}
