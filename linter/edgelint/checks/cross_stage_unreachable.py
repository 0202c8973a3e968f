"""Limits, shapers and caches whose requests are all blocked before them, and shapers of nothing but redirects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from edgelint.evidence import prove, witness
from edgelint.facts import Facts, related, route_subject, subject
from edgelint.finding import Confidence, Finding, Related, Severity
from edgelint.knowledge.stages import Stages
from edgelint.model.policy import Route, Rule
from edgelint.model.request import Request
from edgelint.replay import route_name
from edgelint.space.questions import overlap

_SHOWN = 4


def check(facts: Facts) -> Iterator[Finding]:
    """Report rules behind blocks that leave them nothing, and shapers for which only redirects are left."""
    for rule in facts.subjects("limit", "shape", "cache"):
        stages = facts.once(Stages)
        blocks = stages.refused(rule)
        routes = stages.redirected(rule) if rule.outcome.kind == "shape" and not blocks else ()
        if blocks:
            yield from _behind_blocks(facts, rule, blocks)
        elif routes:
            yield from _before_redirects(facts, rule, routes)


def _behind_blocks(facts: Facts, rule: Rule, blocks: Sequence[Rule]) -> Iterator[Finding]:
    answer = overlap(facts.live(rule), facts.region(blocks[0]))
    request = prove(facts, answer, caught=(rule, blocks[0]))
    if request is None:
        return
    names = ", ".join(f"`{block.name}`" for block in blocks[:_SHOWN])
    more = f" and {len(blocks) - _SHOWN} more" if len(blocks) > _SHOWN else ""
    verb = "blocks" if len(blocks) == 1 else "together block"
    message = f"{rule} never acts: {names}{more} {verb} every request for it in an earlier phase"
    severity = Severity.LOW if rule.outcome.kind == "limit" else Severity.MEDIUM
    advice = "remove it, or narrow the block if these requests were to get through"
    yield _finding(facts, rule, severity, message, request, related(blocks[:_SHOWN], "refuses its requests"), advice)


def _before_redirects(facts: Facts, rule: Rule, routes: Sequence[Route]) -> Iterator[Finding]:
    answer = facts.routing.landing(facts.live(rule), routes[0], facts.once(Stages).left_out(rule))
    request = prove(facts, answer, caught=(rule,), lands=routes[0])
    if request is None:
        return
    names = ", ".join(map(route_name, routes[:_SHOWN]))
    message = f"{rule} has nothing to slow down: what is served of its requests is answered with a redirect by {names}"
    places = tuple(Related(route_subject(route), "redirects its requests") for route in routes[:_SHOWN])
    advice = "name the host that the redirects lead to, or remove it"
    yield _finding(facts, rule, Severity.LOW, message, request, places, advice)


def _finding(
    facts: Facts,
    rule: Rule,
    severity: Severity,
    message: str,
    request: Request,
    others: tuple[Related, ...],
    advice: str,
) -> Finding:
    return Finding(
        check="cross-stage-unreachable",
        severity=severity,
        confidence=Confidence.PROVEN,
        message=message,
        subject=subject(rule),
        place=rule.match.place,
        related=others,
        witness=witness(facts, request),
        advice=advice,
    )
