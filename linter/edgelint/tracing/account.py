"""The whole account of one request: arrival, phases, route, cache, and what it all comes to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from edgelint.model.policy import Phase, Policy, Rule
from edgelint.record import record, replace
from edgelint.replay import provider_trouble, route_name, route_of
from edgelint.requests.sent import Sent
from edgelint.tracing.arrival import Arrival, Early, arrive
from edgelint.tracing.landing import Landing, Storing, landing, storing
from edgelint.tracing.stages import Look, Stage, Tracer, Wishes

Kind = Literal[
    "unheard", "unknown", "answered", "refused", "redirected", "blocked", "challenged", "queued", "unavailable",
    "forwarded", "static", "unrouted", "passed",
]  # fmt: skip
"""What becomes of a request in the end.

`unheard`: no listener takes it; `answered`, `refused` and, with status 307, `redirected`: the edge answers before any rule;
`blocked`, `challenged`, `queued`: a rule stops it; `unavailable`: it is answered 503; `redirected`, `forwarded`, `static`: what
its route does; `unrouted`: no route takes it; `passed`: no rule stops it, and the policy has no routes.
"""

CACHE = "cache"
"""The phase that comes behind the route."""

PASS = "made-up-pass"  # noqa: S105 - a stand-in for what only the edge can sign
"""What stands for the value of a pass."""


@record
class Decision:
    """What becomes of a request. `rule` is the one that decides; `unless` are rules before it that may, for all that is known."""

    kind: Kind
    words: str
    status: int = 0
    location: str = ""
    rule: Rule | None = None
    unless: tuple[Rule, ...] = ()


@record
class Account:
    """One request and all that happens to it."""

    policy: Policy
    arrival: Arrival
    stages: tuple[Stage, ...]
    landing: Landing | None
    storing: tuple[Storing, ...]
    decision: Decision
    held: tuple[Rule, ...] = ()


def account(policy: Policy, sent: Sent, wishes: Wishes) -> Account:
    """What happens to a request. Raises ListenerError where it is not clear where it comes in."""
    arrival = arrive(policy, sent)
    if arrival.early:
        return Account(policy, arrival, (), None, (), _early(arrival.early))
    held: list[Rule] = []
    while True:
        found = _passing(policy, arrival, wishes, held)
        passed = next((look.rule for stage in found.stages for look in stage.looks if look.standing == "passed"), None)
        if passed is None or passed in held:
            return replace(found, held=tuple(held))
        held.append(passed)
        arrival = _with_pass(policy, arrival, passed)


def _early(early: Early) -> Decision:
    where = f"to {early.location}, " if early.location else ""
    return Decision(early.kind, f"{where}{early.why}", early.status, early.location)


def _with_pass(policy: Policy, arrival: Arrival, rule: Rule) -> Arrival:
    """The arrival of the same request with the cookie that holds the pass of a rule."""
    request, challenges = arrival.request, policy.platform.challenges
    assert request is not None  # noqa: S101
    name = (challenges.admission if rule.outcome.kind == "queue" else challenges.cookie).format(id=rule.id)
    cookies = "; ".join([*request.values("cookie"), f"{name}={PASS}"])
    others = tuple(pair for pair in request.headers if pair[0] != "cookie")
    return replace(arrival, request=replace(request, headers=(*others, ("cookie", cookies))))


def _passing(policy: Policy, arrival: Arrival, wishes: Wishes, held: Sequence[Rule]) -> Account:
    """One way through all phases. The phases whose rules cache come behind the route."""
    request = arrival.request
    assert request is not None  # noqa: S101
    tracer = Tracer(policy, request, arrival.unreadable, wishes)
    stages: list[Stage] = []
    for phase in (phase for phase in policy.phases if not _caches(phase)):
        stages.append(tracer.stage(phase))
        stop = next((look for look in stages[-1].effective if look.rule.outcome.denies), None)
        if stop is not None:
            decision = replace(_stopped(policy, stop), unless=_doubtful(stages))
            return Account(policy, arrival, tuple(stages), None, (), decision)
    found = landing(arrival, route_of(policy, request)) if policy.routes else None
    kept: list[Storing] = []
    for phase in filter(_caches, policy.phases):
        idle = _idle(found)
        route = found.route.id if found and found.route else None
        targets = [target for target in found.targets if target.origin] if found else []
        stage = Stage(phase, rules=len(phase.active), idle=idle) if idle else tracer.stage(phase, route, targets)
        stages.append(stage)
        kept += [storing(policy, arrival, look.rule, found or Landing(None)) for look in stage.effective]
    decision = replace(_landed(found), unless=_doubtful(stages))
    return Account(policy, arrival, tuple(stages), found, tuple(kept), decision, tuple(held))


def _caches(phase: Phase) -> bool:
    return phase.name == CACHE


def _idle(found: Landing | None) -> str:
    """Why the cache is not asked."""
    if found is None:
        return ""
    if found.route is None:
        return "no route takes the request"
    if found.route.action == "redirect":
        return "the route redirects"
    if not any(target.origin for target in found.targets):
        return "the edge answers by itself" if found.targets else "there is no target"
    return ""


def _doubtful(stages: Sequence[Stage]) -> tuple[Rule, ...]:
    """The rules that may stop a request, for all that is known."""
    return tuple(look.rule for stage in stages for look in stage.doubts if look.rule.outcome.denies)


def _stopped(policy: Policy, look: Look) -> Decision:
    rule = look.rule
    match rule.outcome.kind:
        case "block":
            status = rule.settings.get("status")
            return Decision("blocked", f"by `{rule.name}`", status if isinstance(status, int) else 0, rule=rule)
        case "challenge":
            trouble = provider_trouble(policy, rule)
            if trouble:
                return Decision("unavailable", f"captcha `{rule.name}` {trouble}", 503, rule=rule)
            return Decision("challenged", f"by `{rule.name}`, which asks for a captcha", 403, rule=rule)
        case _:
            return Decision("queued", f"in the waiting room of `{rule.name}` until admitted", rule=rule)


def _landed(found: Landing | None) -> Decision:
    if found is None:
        return Decision("passed", "no rule stops it; where it goes is not known, the policy has no routes")
    if found.route is None:
        return Decision("unrouted", "no route takes it, and there is no default route", 404)
    name = route_name(found.route)
    if found.route.action == "redirect":
        status = found.route.redirect.status if found.route.redirect else 302
        where = f"to {found.location} " if found.location else ""
        return Decision("redirected", f"{where}by route {name}", status or 302, found.location)
    if not found.targets:
        return Decision("unavailable", f"route {name} has no enabled target", 503)
    return Decision(*_served(found, name))


def _served(found: Landing, name: str) -> tuple[Kind, str]:
    first = found.groups[0]
    origins = list(dict.fromkeys(target.origin for target in first if target.origin))
    static = [target for target in first if not target.origin]
    if not origins:
        return "static", f"by the edge itself on route {name}"
    words = f"to {' or '.join(origins)} by route {name}"
    return "forwarded", f"{words}, or answered by the edge itself" if static else words


def in_force(policy: Policy) -> Iterator[Rule]:
    """The enabled rules that are active at times only."""
    return (rule for phase in policy.phases for rule in phase.active if rule.conditional)
