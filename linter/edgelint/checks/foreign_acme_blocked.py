"""Rules that stop the validation of certificates which an application behind the edge renews by itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from edgelint.evidence import prove, witness
from edgelint.facts import Facts, route_subject, subject
from edgelint.finding import Confidence, Finding, Related, Severity
from edgelint.keys import identity
from edgelint.knowledge.acme import CHALLENGE, from_few, validation
from edgelint.model.policy import Route, Rule
from edgelint.model.request import Request
from edgelint.routing import served
from edgelint.space.questions import member


class _Stopped(NamedTuple):
    """A validation that a rule stops, the route it was meant for, and whether it is known to be needed there."""

    request: Request
    route: Route
    needed: bool


def check(facts: Facts) -> Iterator[Finding]:
    """Report rules that refuse, challenge, hold or count requests for ACME challenges to an origin over plain HTTP."""
    for rule in facts.subjects("block", "challenge", "queue", "limit"):
        if rule.conditional or (rule.outcome.kind == "limit" and ("address", "") in identity(rule)):
            continue
        stopped = _stopped(facts, rule)
        if stopped is not None and (stopped.needed or rule.outcome.denies):
            yield _finding(facts, rule, stopped)


def _stopped(facts: Facts, rule: Rule) -> _Stopped | None:
    here = facts.both(facts.live(rule), validation(facts, facts.live(rule)))
    if not member(here).yes or from_few(here):
        return None
    knowledge = {route: facts.topology.upstream(route.host).acme for route in facts.routing.routes if served(route)}
    routes = [route for route, acme in knowledge.items() if acme is not False]
    for route in sorted(routes, key=lambda one: not knowledge[one]):
        answer = facts.routing.landing(here, route, facts.before(rule))
        request = prove(facts, answer, caught=(rule,), lands=route) if answer.yes else None
        if request is not None:
            return _Stopped(request, route, bool(knowledge[route]))
    return None


def _finding(facts: Facts, rule: Rule, stopped: _Stopped) -> Finding:
    host = stopped.request.host
    verb = {"block": "blocks", "challenge": "challenges", "queue": "holds", "limit": "may refuse"}[rule.outcome.kind]
    duty = "has" if stopped.needed else "may have"
    return Finding(
        check="foreign-acme-blocked",
        severity=_severity(rule, stopped),
        confidence=Confidence.PROVEN if stopped.needed else Confidence.SUSPICION,
        message=f"{rule} {verb} the validation of certificates for `{host}`, which its own origin {duty} to answer",
        subject=subject(rule),
        place=rule.match.place,
        related=(Related(route_subject(stopped.route), "leads to the origin"),),
        witness=witness(facts, stopped.request, [rule]),
        detail=()
        if stopped.needed
        else (
            "assumes that the application behind renews its certificates over HTTP itself; say `topology.upstreams:"
            f" [{{host: {stopped.route.host or host}, acme: true}}]` if so, or `acme: false`",
        ),
        advice=f'leave the path out of the rule: `&& !path_prefix(path, "{CHALLENGE}")`',
    )


def _severity(rule: Rule, stopped: _Stopped) -> Severity:
    if not stopped.needed:
        return Severity.LOW
    return Severity.HIGH if rule.outcome.denies else Severity.MEDIUM
