"""Rules for hosts, paths or protocols that nothing behind the edge serves."""

from __future__ import annotations

from collections.abc import Iterator

from edgelint.evidence import prove, witness
from edgelint.facts import Facts, route_subject, subject
from edgelint.finding import Confidence, Finding, Related, Severity
from edgelint.knowledge.addressees import demands_plain_http, disabled, for_strangers, hosts, meant, routed
from edgelint.knowledge.landings import Landings
from edgelint.model.policy import Rule
from edgelint.model.request import Request
from edgelint.space.questions import member

_SHOWN = 4


def check(facts: Facts) -> Iterator[Finding]:
    """Report rules that match requests, but none that a listener takes and a route serves."""
    if not facts.routing.routes:
        return
    for rule in facts.subjects():
        if any(reference.kind in ("route", "target") for reference in rule.references):
            continue
        arriving = member(facts.live(rule))
        if arriving.no and _unheard(facts, rule):
            yield _finding_unheard(facts, rule)
        elif arriving.yes and not for_strangers(facts, rule) and facts.once(Landings).unserved(facts.live(rule)):
            request = prove(facts, arriving, caught=(rule,))
            if request is not None:
                yield _finding(facts, rule, request)


def _unheard(facts: Facts, rule: Rule) -> bool:
    """Whether a rule matches requests, but none that comes in by an enabled listener."""
    if not facts.listeners or not member(facts.region(rule)).yes:
        return False
    return member(facts.both(facts.region(rule), facts.meaning.entered(facts.listeners))).no


def _finding_unheard(facts: Facts, rule: Rule) -> Finding:
    spoken = sorted({listener.protocol for listener in facts.listeners.values()})
    harmless = rule.outcome.denies and demands_plain_http(rule)
    off = (listener for listener in facts.policy.listeners if not listener.enabled)
    return Finding(
        check="scope-without-traffic",
        severity=Severity.INFO if harmless else Severity.MEDIUM,
        confidence=Confidence.PROVEN,
        message=f"{rule} catches nothing that arrives: all enabled listeners speak {' or '.join(spoken)}",
        subject=subject(rule),
        place=rule.match.place,
        detail=tuple(f"listener `{listener.name}` speaks {listener.protocol}, but is disabled" for listener in off),
        advice="correct the protocol, or remove the rule if its listener is gone for good",
    )


def _finding(facts: Facts, rule: Rule, request: Request) -> Finding:
    guess = meant(facts, rule)
    slip = guess if guess is not None and guess.mistyped else None
    spans = [slip.named.span] if slip else [one.span for one in hosts(rule)]
    return Finding(
        check="scope-without-traffic",
        severity=_severity(facts, rule, slip is not None),
        confidence=Confidence.PROVEN,
        message=f"{rule} catches nothing that is served: {_reason(facts, rule)}"
        + (f"; `{slip.host}` may be meant" if slip else ""),
        subject=subject(rule),
        place=rule.match.at(next(iter(spans), None)),
        related=(Related(route_subject(guess.route), "has the nearest host"),) if guess else (),
        witness=witness(facts, request, [rule]),
        detail=tuple(f"the route of `{route.host}` is disabled" for route in disabled(facts, rule)),
        advice=f"write `{slip.host}`" if slip else "name what is routed, or remove the rule",
    )


def _severity(facts: Facts, rule: Rule, slip: bool) -> Severity:
    if routed(facts, rule):
        return Severity.LOW if rule.outcome.denies else Severity.MEDIUM
    return Severity.HIGH if slip and rule.outcome.protects else Severity.MEDIUM


def _reason(facts: Facts, rule: Rule) -> str:
    named = hosts(rule)
    names = " and ".join(f"`{one.host}`" for one in named[:_SHOWN]) + (" and more" if len(named) > _SHOWN else "")
    if not named:
        return "no route takes such requests"
    return f"no route of {names} takes such paths" if routed(facts, rule) else f"no route has the host {names}"
