"""Challenges before an answer that only sends the visitor elsewhere, often into the same challenge once more."""

from __future__ import annotations

from collections.abc import Iterator

from edgelint.evidence import prove, witness
from edgelint.facts import Facts, route_subject, subject
from edgelint.finding import Confidence, Finding, Related, Severity
from edgelint.knowledge.navigation import NAVIGATION
from edgelint.knowledge.redirects import followed
from edgelint.model.policy import Redirect, Route, Rule
from edgelint.model.request import Request
from edgelint.record import record
from edgelint.replay import applies, route_of
from edgelint.space.limits import Unbounded


@record
class _Detour:
    """A request that a rule challenges and a route redirects; `again` is the next one where the rule challenges that, too."""

    route: Route
    request: Request
    again: Request | None


def check(facts: Facts) -> Iterator[Finding]:
    """Report captchas and waiting rooms on requests that are redirected, those first that stand behind the redirect again."""
    redirecting = [route for route in facts.routing.routes if route.redirect]
    for rule in facts.subjects("challenge", "queue") if redirecting else ():
        detours = list(_detours(facts, rule, redirecting))
        if detours:
            yield _finding(facts, rule, min(detours, key=lambda detour: detour.again is None))


def _detours(facts: Facts, rule: Rule, routes: list[Route]) -> Iterator[_Detour]:
    pages = facts.both(facts.live(rule), facts.matching(NAVIGATION))
    for route in routes:
        answer = facts.routing.landing(pages, route, facts.before(rule))
        request = prove(facts, answer, (rule,), facts.blockers(rule), route) if answer.yes else None
        if request is not None and route.redirect is not None:
            yield _Detour(route, request, _again(facts, rule, request, route.redirect))


def _again(facts: Facts, rule: Rule, request: Request, redirect: Redirect) -> Request | None:
    """The request after a redirect where the pass for the first one is of no use and the rule takes it as well."""
    following = followed(facts, request, redirect)
    moved = following and (following.host, following.listener) != (request.host, request.listener)
    if following is None or not moved or not facts.policy.platform.challenges.bound:
        return None
    try:
        first = next((one for one in (*facts.blockers(rule), rule) if applies(facts.policy, one, following)), None)
    except Unbounded:
        return None
    return following if first is rule and route_of(facts.policy, following) else None


def _finding(facts: Facts, rule: Rule, detour: _Detour) -> Finding:
    again, queue = detour.again, rule.outcome.kind == "queue"
    what = "the waiting room" if queue else "the captcha"
    message = (
        f"{rule} makes visitors go through {what} twice: {detour.request.url()} only redirects to {again.url()}"
        if again
        else f"{rule} puts {what} before a mere redirect, {detour.request.url()}"
    )
    return Finding(
        check="challenge-before-redirect",
        severity=Severity.MEDIUM if again else Severity.LOW,
        confidence=Confidence.PROVEN,
        message=message,
        subject=subject(rule),
        place=rule.match.place,
        related=(Related(route_subject(detour.route), "redirects"),),
        witness=witness(facts, detour.request, [rule]),
        detail=(_why(queue=queue, again=again),),
        advice="let the rule catch only what is served, by host and by `protocol`",
    )


def _why(*, queue: bool, again: Request | None) -> str:
    if again is None:
        return "crawlers that follow such redirects are turned away here"
    taken = "takes a slot in each" if queue else "solves it for each"
    return f"a pass is good for one host of one listener, so the visitor {taken}"
