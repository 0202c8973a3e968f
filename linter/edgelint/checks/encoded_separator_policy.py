"""Rules for paths on routes that let encoded slashes through, where rule and application may cut a path differently."""

from __future__ import annotations

from collections.abc import Iterator

from edgelint.evidence import prove, witness
from edgelint.facts import Facts, route_subject, subject
from edgelint.finding import Confidence, Finding, Related, Severity
from edgelint.knowledge.pairs import guards
from edgelint.model.expression import PATH, Spanned
from edgelint.model.policy import Route, Rule
from edgelint.model.request import Request
from edgelint.replay import route_name
from edgelint.routing import served
from edgelint.separators import compared, doubled

_DOUBT = (
    "assumes that the application behind decodes the slash and merges it with the other; send it the request to know"
)


def check(facts: Facts) -> Iterator[Finding]:
    """Report rules that compare paths below such a route, with a spelling of the path that they misread."""
    routes = [route for route in facts.routing.routes if route.separators and served(route)]
    for rule in facts.subjects("block", "challenge", "queue", "limit") if routes else ():
        found = next(filter(None, (_misread(facts, rule, route) for route in routes)), None)
        if found is not None:
            yield found


def _misread(facts: Facts, rule: Rule, route: Route) -> Finding | None:
    paths = dict(compared(rule, route))
    answer = facts.routing.landing(facts.live(rule), route, facts.before(rule)) if paths else None
    request = prove(facts, answer, caught=(rule,), lands=route) if answer and answer.yes else None
    path = next((path for path in paths if request and request.path.startswith(path)), None)
    if request is None or path is None:
        return None
    twin = doubled(facts.policy, request, route, (rule, *guards(facts, rule, [PATH])))
    return None if twin is None else _finding(facts, rule, route, path, paths[path], twin)


def _finding(facts: Facts, rule: Rule, route: Route, path: str, span: Spanned, twin: Request) -> Finding:
    return Finding(
        check="encoded-separator-policy",
        severity=Severity.MEDIUM,
        confidence=Confidence.LIKELY,
        message=f"{rule} takes `{path}`, but not `{twin.target()}`, which {route_name(route)} lets through",
        subject=subject(rule),
        place=rule.match.at(span),
        related=(Related(route_subject(route), "accepts encoded separators"),),
        witness=witness(facts, twin, [rule]),
        detail=(_DOUBT,),
        advice="make the route strict, block paths that contain `//` on it, or leave what lies below it to the application",
    )
