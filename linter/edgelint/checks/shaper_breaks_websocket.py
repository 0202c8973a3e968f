"""Shapers that slow downloads and catch WebSocket connections, which the edge then cannot set up."""

from __future__ import annotations

import re
from collections.abc import Iterator

from edgelint.evidence import witness
from edgelint.facts import Facts, route_subject, subject
from edgelint.finding import Confidence, Finding, Related, Severity
from edgelint.knowledge.quotas import arriving, delivered, paths_named
from edgelint.model.expression import METHOD, And, Equals, Field, Test, ValueAt
from edgelint.model.policy import Route, Rule, Target
from edgelint.model.request import Request
from edgelint.model.walk import atoms
from edgelint.path_classes import transfers

_UPGRADE = Field("header", "upgrade")
_HANDSHAKE = And(
    (
        Test(METHOD, Equals("GET")),
        ValueAt(_UPGRADE, 0, Equals("websocket")),
        ValueAt(Field("header", "connection"), 0, Equals("Upgrade")),
        ValueAt(Field("header", "sec-websocket-version"), 0, Equals("13")),
        ValueAt(Field("header", "sec-websocket-key"), 0, Equals("dGhlIHNhbXBsZSBub25jZQ==")),
    )
)
"""The opening handshake of RFC 6455, section 1.3."""

_SOCKETS = re.compile(r"/(?:wss?|websockets?|socket\\?\.io|sockjs|signalr|cable|webpack-hmr)(?![\w-])")


def check(facts: Facts) -> Iterator[Finding]:
    """Report shapers of downloads that catch a handshake meant for an origin which may take WebSockets."""
    if not facts.policy.platform.limiting.breaks_upgrades:
        return
    for rule in facts.subjects("shape"):
        if rule.settings.get("download") and not facts.within_paths(rule, transfers()):
            landing = _landing(facts, rule)
            if landing:
                yield _finding(facts, rule, *landing)


def _landing(facts: Facts, rule: Rule) -> tuple[Route | None, Request] | None:
    """The gravest route whose handshakes a rule catches, with one of these; no route where the policy has none."""
    here = facts.both(facts.live(rule), facts.matching(_HANDSHAKE))
    if not facts.routing.routes:
        request = arriving(facts, rule, here)
        return (None, request) if request and _takes_sockets(facts, None, request) is not False else None
    met = sorted(facts.routing.meeting(here), key=lambda route: _doubts(facts, route))
    found = delivered(facts, rule, here, met)
    return next((pair for pair in found if _takes_sockets(facts, *pair) is not False), None)


def _takes_sockets(facts: Facts, route: Route | None, request: Request) -> bool | None:
    return facts.topology.upstream(route.host if route and route.host else request.host).websockets


def _doubts(facts: Facts, route: Route) -> tuple[bool, bool]:
    """A sort key: routes to what is known to take WebSockets first, then those whose targets are watched."""
    return not facts.topology.upstream(route.host).websockets, _watched(route) is None


def _watched(route: Route | None) -> Target | None:
    """A target that the edge takes out of service when it seems to fail."""
    targets = route.targets if route else ()
    return next((target for target in targets if target.enabled and target.origin and target.health_checked), None)


def _names_sockets(rule: Rule, route: Route | None) -> bool:
    """Whether a rule, or the route its requests take, speaks of WebSockets by itself."""
    paths = (*paths_named(rule), route.path if route else "")
    asked = any(
        positive and getattr(atom, "field", None) == _UPGRADE for atom, positive in atoms(rule.match.expression)
    )
    return asked or any(map(_SOCKETS.search, paths))


def _finding(facts: Facts, rule: Rule, route: Route | None, request: Request) -> Finding:
    target, host = _watched(route), route.host if route and route.host else request.host
    takes = _takes_sockets(facts, route, request)
    sure = (takes and not _names_paths(rule)) or _names_sockets(rule, route)
    outage = f", and each attempt takes target `{target.name}` out of service" if target else ""
    return Finding(
        check="shaper-breaks-websocket",
        severity=Severity.CRITICAL if target else Severity.HIGH,
        confidence=Confidence.PROVEN if sure else Confidence.LIKELY,
        message=f"{rule} slows downloads and catches WebSocket handshakes, which then end in status 502{outage}",
        subject=subject(rule),
        place=rule.at("download"),
        related=(Related(route_subject(route), "loses its WebSockets"),) if route else (),
        witness=witness(facts, request),
        detail=() if sure else (_assumption(host, takes=bool(takes)),),
        advice='add `!("upgrade" in headers)` to the condition, or name the path of the downloads',
    )


def _names_paths(rule: Rule) -> bool:
    """Whether a rule is about some paths of a host, so that sockets may be elsewhere."""
    return any(path not in ("", "/") for path in paths_named(rule))


def _assumption(host: str, *, takes: bool) -> str:
    if takes:
        return "assumes that the WebSockets are below these paths; if they are not, record that with an ignore entry"
    return (
        f"assumes that `{host}` takes WebSocket connections; if not, say"
        f" `topology.upstreams: [{{host: {host}, websockets: false}}]`, else `true`"
    )
