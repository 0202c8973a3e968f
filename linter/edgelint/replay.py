"""What the edge does with one concrete request: a plain interpreter of expressions and phase order.

It shares nothing with the algebra of regions, so that agreement of the two is evidence. Conditional rules are taken as
inactive unless named: what happens in quiet times.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice

from edgelint.model.policy import Phase, Policy, Route, Rule
from edgelint.model.request import Request
from edgelint.record import record
from edgelint.space.limits import Unbounded


@record
class Step:
    """What one phase did with a request: the rules that took effect, and whether the request ends here for everyone."""

    phase: Phase
    rules: tuple[Rule, ...]
    final: bool


def route_of(policy: Policy, request: Request) -> Route | None:
    """The route a request is sent to: the first enabled one that matches on its listener, else that listener's default."""
    candidates = [route for route in policy.routes if route.enabled and route.listener == request.listener]
    ordered = sorted((route for route in candidates if not route.default), key=lambda route: route.order)
    for route in ordered:
        if host_matches(request.host, route.host) and path_below(request.path, route.path):
            return route
    return next((route for route in candidates if route.default), None)


def applies(policy: Policy, rule: Rule, request: Request) -> bool:
    """Whether an enabled rule takes a request that reaches it; an evaluation error means it does not. Raises Unbounded."""
    if rule.match.evaluate(request) is not True:
        return False
    routes, targets = _wanted(rule, "route"), _wanted(rule, "target")
    if not routes and not targets:
        return True
    route = route_of(policy, request)
    return (
        route is not None
        and _refers(routes, {route.id})
        and _refers(targets, {target.id for target in route.targets if target.enabled})
    )


def _seems_to_apply(policy: Policy, rule: Rule, request: Request) -> bool:
    """The same for an account of events, which passes over what cannot be evaluated."""
    try:
        return applies(policy, rule, request)
    except Unbounded:
        return False


def _wanted(rule: Rule, kind: str) -> frozenset[str]:
    """The ids of one kind that a rule refers to."""
    return frozenset(reference.id for reference in rule.references if reference.kind == kind)


def _refers(wanted: frozenset[str], having: Collection[str]) -> bool:
    return not wanted or not wanted.isdisjoint(having)


def steps(
    policy: Policy, request: Request, active: Collection[Rule] = (), among: Mapping[str, Sequence[Rule]] | None = None
) -> Iterator[Step]:
    """The phases a request passes, with the rules that take effect in each; `active` names conditional rules in force.

    `among` are, by phase and in order, the only enabled rules that need to be looked at, where that is known.
    """
    for phase in policy.phases:
        rules = phase.active if among is None else among[phase.name]
        in_force = (rule for rule in rules if not rule.conditional or rule in active)
        taking = (rule for rule in in_force if _seems_to_apply(policy, rule, request))
        taken = tuple(islice(taking, 1)) if phase.algorithm == "first_match" else tuple(taking)
        final = any(rule.outcome.denies and not rule.outcome.passable for rule in taken)
        if taken:
            yield Step(phase, taken, final)
        if final:
            return


def trace(
    policy: Policy, request: Request, active: Collection[Rule] = (), among: Mapping[str, Sequence[Rule]] | None = None
) -> tuple[str, ...]:
    """The steps in words, one line each."""
    lines = []
    ended = False
    for step in steps(policy, request, active, among):
        lines.append(f"{step.phase.title}: {_say(policy, request, step)}")
        ended = step.final
    if not ended and policy.routes:
        route = route_of(policy, request)
        lines.append(f"route: {route_name(route)}" if route else "route: none, answered 404")
    return tuple(lines) or ("no rule takes effect",)


def _say(policy: Policy, request: Request, step: Step) -> str:
    names = ", ".join(f"`{rule.name}`" for rule in step.rules)
    first = step.rules[0]
    match first.outcome.kind:
        case "block":
            return f"{names} blocks the request"
        case "challenge":
            return f"{names} asks for a captcha; with a valid pass the phase ends and the request goes on"
        case "queue":
            return f"{names} holds the request in a waiting room; once admitted it goes on"
        case "limit":
            return f"charged to {names}"
        case "shape":
            return f"shaped by {names}"
        case _:
            reason = _uncached(policy, request)
            return f"{names} matches, but {reason}" if reason else f"cached by {names}"


def _uncached(policy: Policy, request: Request) -> str:
    """Why an answer is not kept whatever cache rules say; empty where it may be."""
    if reason := policy.platform.caching.passed_by(request):
        return f"the cache is passed by: {reason}"
    route = route_of(policy, request)
    if route is not None and route.action == "redirect":
        return "redirects of routes are never kept"
    targets = route.targets if route else ()
    if policy.routes and not any(target.enabled and target.origin for target in targets):
        return "only answers of an origin are kept"
    return ""


def provider_trouble(policy: Policy, rule: Rule) -> str:
    """What is wrong with the captcha provider of a rule; empty when nothing is, or when providers are not part of the policy."""
    wanted = next((one.id for one in rule.references if one.kind == "captcha provider"), "")
    if not wanted:
        return "names no captcha provider"
    if not (policy.providers or policy.listeners or policy.routes):
        return ""
    provider = next((one for one in policy.providers if one.id == wanted), None)
    if provider is None:
        return f"names captcha provider {wanted}, which does not exist"
    return "" if provider.enabled else f"uses captcha provider `{provider.name}`, which is disabled"


def route_name(route: Route) -> str:
    """A route as people call it: its host and path."""
    if route.default:
        return "the default route"
    return f"`{route.host or '*'}{route.path if route.path not in ('', '/') else ''}`"


def host_matches(host: str, pattern: str) -> bool:
    """Whether a host fits a route's host pattern: empty for any, `*.x` for subdomains without the apex, else equal."""
    if not pattern:
        return True
    return host.endswith(pattern[1:]) if pattern.startswith("*.") else host == pattern


def path_below(path: str, prefix: str) -> bool:
    """Whether a path is a prefix or lies below it by whole segments."""
    if prefix in ("", "/"):
        return True
    if not path.startswith(prefix):
        return False
    return len(path) == len(prefix) or prefix.endswith("/") or path[len(prefix)] == "/"
