"""Rules bound to a host or protocol whose origin answers the same requests through another door."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from edgelint.evidence import witness
from edgelint.facts import Facts, route_subject, subject
from edgelint.finding import Confidence, Finding, Related, Severity
from edgelint.knowledge.doors import Door, doors
from edgelint.model.policy import Rule
from edgelint.model.walk import literals
from edgelint.replay import route_name

_SEVERITIES = {
    "block": (Severity.CRITICAL, Severity.HIGH),
    "challenge": (Severity.HIGH, Severity.MEDIUM),
    "queue": (Severity.MEDIUM, Severity.LOW),
    "limit": (Severity.HIGH, Severity.MEDIUM),
    "shape": (Severity.MEDIUM, Severity.LOW),
}
"""By outcome: where nothing is in doubt, and where something is or the rule is active only at times."""

_SHOWN = 4


def check(facts: Facts) -> Iterator[Finding]:
    """Report rules that hold at some hosts or over https only, where the origin behind them is open elsewhere."""
    for rule in facts.subjects(*_SEVERITIES):
        found = doors(facts, rule)
        if found:
            yield _finding(facts, rule, found[:_SHOWN])


def _finding(facts: Facts, rule: Rule, found: Sequence[Door]) -> Finding:
    door, *others = found
    sure, doubtful = _SEVERITIES[rule.outcome.kind]
    return Finding(
        check="alternate-entry-bypass",
        severity=doubtful if door.doubt or rule.conditional else sure,
        confidence=Confidence.LIKELY if door.doubt else Confidence.PROVEN,
        message=f"{rule} holds for {_demands(door)} only, but {_way(facts, door)} leads to the same origin"
        f" `{door.origin}` without it",
        subject=subject(rule),
        place=rule.match.at(door.tests[0].span),
        related=tuple(Related(route_subject(one.route), "leads to the same origin") for one in found),
        witness=witness(facts, door.request),
        detail=(
            *((f"{door.doubt}; if it is so on purpose, say so with an ignore entry",) if door.doubt else ()),
            *(f"also by {_way(facts, one)}: {one.request.curl()}" for one in others),
        ),
        advice=_advice(door),
    )


def _demands(door: Door) -> str:
    wanted = (predicate for test in door.tests for predicate, _ in literals(test.predicate))
    texts = dict.fromkeys(f"`{predicate.text}`" for predicate in wanted if hasattr(predicate, "text"))
    return " and ".join(texts) if 0 < len(texts) <= _SHOWN else "some hosts"


def _way(facts: Facts, door: Door) -> str:
    name = route_name(door.route)
    way = name if door.route.default else f"route {name}"
    listener = facts.listeners.get(door.route.listener)
    return f"{way} of listener `{listener.name}`" if listener and len(facts.listeners) > 1 else way


def _advice(door: Door) -> str:
    if door.route.default:
        return (
            "let the default route answer unknown hosts by itself or redirect them, or leave the host out of the rule"
        )
    return (
        "leave the host or protocol out of the rule, or add this door to it; or let the route redirect to the right one"
    )
