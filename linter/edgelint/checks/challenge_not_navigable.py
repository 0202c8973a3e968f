"""Captchas and waiting rooms on requests that open no page, so that nobody sees what is to be solved."""

from __future__ import annotations

from collections.abc import Iterator

from edgelint.evidence import prove, reached, witness
from edgelint.facts import Facts, subject
from edgelint.finding import Confidence, Finding, Severity
from edgelint.knowledge.navigation import FORM, doorways
from edgelint.model.durations import lasting
from edgelint.model.policy import Rule
from edgelint.model.request import Request
from edgelint.path_classes import embedded, programs
from edgelint.space.questions import Several, listed, outside
from edgelint.space.region import Region


def check(facts: Facts) -> Iterator[Finding]:
    """Report challenges on a host where the rule catches no page, and those whose pages are calls or parts of pages only."""
    for rule in facts.subjects("challenge", "queue"):
        request = _stranded(facts, rule, facts.live(rule))
        if request is not None:
            yield _lost(facts, rule, request)
        elif facts.within_paths(rule, programs() | embedded()):
            request = reached(facts, rule)
            if request is not None:
                yield _unseen(facts, rule, request)


def _stranded(facts: Facts, rule: Rule, region: Region) -> Request | None:
    """A request of a region that a rule takes where it catches no page: there is no way to come by a pass before."""
    parts = Several(listed((doorways(facts, rule),)), facts.before(rule))
    return prove(facts, outside(region, parts).answer, caught=(rule,), spared=facts.blockers(rule))


def _lost(facts: Facts, rule: Rule, request: Request) -> Finding:
    forms = _stranded(facts, rule, facts.both(facts.live(rule), facts.matching(FORM)))
    queue = rule.outcome.kind == "queue"
    return Finding(
        check="challenge-not-navigable",
        severity=Severity.MEDIUM if forms and not queue else Severity.HIGH,
        confidence=Confidence.PROVEN,
        message=_message(rule, forms or request),
        subject=subject(rule),
        place=rule.match.place,
        witness=witness(facts, forms or request, [rule]),
        detail=_queue_detail(rule)
        if queue
        else ("once solved, the address is opened with GET; a body is not sent again",),
        advice="let the rule catch the page that leads there as well, or use a rate limit where there is none",
    )


def _message(rule: Rule, request: Request) -> str:
    does = "holds" if rule.outcome.kind == "queue" else "asks for a captcha on"
    if request.method == "GET":
        return f"{rule} {does} requests of scripts, but no page on their host: nobody sees the page that it answers"
    return (
        f"{rule} {does} `{request.method}` requests, but no page on their host: the first one of each visitor is lost"
    )


def _queue_detail(rule: Rule) -> tuple[str, ...]:
    return (
        "who is told to wait comes back with GET, which the rule does not catch: the place is never given up,"
        f" and holds up all behind it for {lasting(float(str(rule.settings['room_timeout'])))}",
    )


def _unseen(facts: Facts, rule: Rule, request: Request) -> Finding:
    return Finding(
        check="challenge-not-navigable",
        severity=Severity.MEDIUM,
        confidence=Confidence.LIKELY,
        message=f"{rule} challenges only what pages embed and scripts call, where nobody sees the page it answers",
        subject=subject(rule),
        place=rule.match.place,
        witness=witness(facts, request, [rule]),
        detail=(
            "assumes from their paths that no browser opens these addresses by themselves;"
            " declared under `topology.machine_endpoints` it is proved",
        ),
        advice="challenge the page that leads there, and protect calls and files with a rate limit",
    )
