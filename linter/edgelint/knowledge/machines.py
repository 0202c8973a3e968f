"""Requests of clients that are no browsers: those that are declared, and those that are likely by the habits of the web.

What a program sends is taken to be plain: no cookies, and none of the headers and parameters that a rule looks at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce

from edgelint.evidence import prove, reached
from edgelint.facts import Facts
from edgelint.model.expression import (
    HOST,
    LISTENER,
    METHOD,
    PATH,
    PROTOCOL,
    And,
    AnyValue,
    Equals,
    Expression,
    Field,
    HostPattern,
    Not,
    Opaque,
    Or,
    PathPrefix,
    Predicate,
    Present,
    Some,
    StartsWith,
    Test,
)
from edgelint.model.policy import Route, Rule
from edgelint.model.request import Request
from edgelint.model.topology import MachineEndpoint
from edgelint.model.walk import atoms
from edgelint.record import record
from edgelint.replay import route_of
from edgelint.routing import Service
from edgelint.space.questions import covers
from edgelint.space.region import Region

_COOKIES = Field("header", "cookie")


@record(eq=False)
class Machines:
    """Clients that are no browsers. `typical` are the requests they are sure to send, `whole` all that are theirs.

    `endpoint` is the declaration they come from, None where they are known by habit only.
    """

    name: str
    typical: Expression
    whole: Expression
    endpoint: MachineEndpoint | None = None


@record
class Caught:
    """A request of machines that a rule takes. `certain` says that the rule takes such a request whatever the client is like."""

    machines: Machines
    request: Request
    certain: bool


def _paths(*texts: str) -> Predicate:
    return Some(tuple(Equals(text) for text in texts))


def _below(*texts: str) -> Predicate:
    return Some(tuple(PathPrefix(text) for text in texts))


def _method(text: str) -> Expression:
    return Test(METHOD, Equals(text))


def _header(name: str, value: str) -> Expression:
    return AnyValue(Field("header", name), Equals(value))


_API = ("/api", "/graphql", "/rpc", "/rest")

_CALLED = Or(
    (Test(PATH, _below(*_API)), And((Test(HOST, StartsWith("api.")), Test(PATH, _paths("/", "/v1", "/v2"))))),
)
_HABITS: dict[str, Expression] = {
    "health checks": Test(PATH, _paths("/healthz", "/health", "/readyz", "/metrics")),
    "`/.well-known/`": Test(PATH, _paths("/.well-known/openid-configuration", "/.well-known/security.txt")),
    "crawlers and feeds": Test(
        PATH, _paths("/robots.txt", "/sitemap.xml", "/feed", "/feed.xml", "/rss.xml", "/atom.xml")
    ),
    "webhooks": And((_method("POST"), Test(PATH, _below("/webhook", "/webhooks", "/hooks")))),
    "API calls": _CALLED,
    "CORS preflights": And(
        (
            _method("OPTIONS"),
            _header("origin", "https://www.example.com"),
            _header("access-control-request-method", "POST"),
            _CALLED,
        )
    ),
    "WebSocket connections": And(
        (
            _method("GET"),
            _header("upgrade", "websocket"),
            Test(PATH, _below("/ws", "/websocket", "/socket.io", "/cable")),
        )
    ),
}
BY_HABIT = tuple(Machines(name, condition, condition) for name, condition in _HABITS.items())
PROBES, CALLS, PREFLIGHTS = (one for one in BY_HABIT if one.name in ("health checks", "API calls", "CORS preflights"))


def declared(facts: Facts) -> tuple[Machines, ...]:
    """The machines of the topology."""
    return tuple(map(_declared, facts.topology.machine_endpoints))


def _declared(endpoint: MachineEndpoint) -> Machines:
    """Who asks again and again asks for one address; others may ask for all below a path, and surely for the path itself."""
    host = Test(HOST, HostPattern(endpoint.host.lower()))
    below = And((host, Test(PATH, PathPrefix(endpoint.path))))
    exactly = And((host, Test(PATH, Equals(endpoint.path)))) if endpoint.path else below
    return Machines(
        f"`{endpoint.host}{endpoint.path}`", exactly, below if endpoint.every is None else exactly, endpoint
    )


def catches(facts: Facts, rule: Rule, candidates: tuple[Machines, ...]) -> Iterator[Caught]:
    """Of some machines those of which a rule takes plain requests that are meant for a service, each with one."""
    for machines in candidates:
        plain = facts.matching(And((machines.whole, *_absent(facts.live(rule), machines))))
        if facts.both(facts.live(rule), plain).boxes:
            typical = facts.both(plain, facts.matching(machines.typical))
            request = _meant(facts, rule, typical)
            certain = request is not None and _always(facts, rule, machines, request)
            request = request or _meant(facts, rule, plain)
            if request is not None:
                yield Caught(machines, request, certain)


def _absent(region: Region, machines: Machines) -> Iterator[Expression]:
    """That a request has neither cookies nor what else a region depends on, but for what the machines send for sure."""
    sent = {atom.field for atom, _ in atoms(machines.whole) if not isinstance(atom, Opaque)}
    headers = [Field("header", axis.name) for axis in region.axes() if axis.kind == "header"]
    parameters = [Field("query", axis.name) for axis in region.axes() if axis.kind == "query"]
    yield from (Not(Present(field)) for field in (_COOKIES, *headers, *parameters) if field not in sent)


def _meant(facts: Facts, rule: Rule, region: Region) -> Request | None:
    """A confirmed request of a region that a rule takes and that a service is there for, where routes are known."""
    here = _sure(facts.both(facts.live(rule), region))
    request = reached(facts, rule, here)
    if request is None or not facts.routing.routes or _serves(route_of(facts.policy, request)):
        return request
    blockers = facts.blockers(rule)
    serving = filter(_serves, facts.routing.meeting(here))
    answers = ((route, facts.routing.landing(here, route, facts.before(rule))) for route in serving)
    proofs = (prove(facts, answer, (rule,), blockers, route) for route, answer in answers if answer.yes)
    return next(filter(None, proofs), None)


def _sure(region: Region) -> Region:
    """What of a region rests on no opaque condition."""
    return Region(region.space, tuple(box for box in region.boxes if not box.opaque))


def _serves(route: Route | None) -> bool:
    return route is not None and any(target.enabled for target in route.targets)


def _always(facts: Facts, rule: Rule, machines: Machines, request: Request) -> bool:
    """Whether a rule takes the typical requests on the host of one, whatever their address, headers and method.

    Who polls uses GET or HEAD; of others it is not known whether they POST.
    """
    polls = machines.endpoint is not None and machines.endpoint.every is not None
    methods = ("GET", "HEAD") if polls else ("GET", "HEAD", "POST")
    listener, protocol, host = (
        Test(field, Equals(value))
        for field, value in ((LISTENER, request.listener), (PROTOCOL, request.protocol), (HOST, request.host))
    )
    method = Or(tuple(map(_method, methods)))
    asked = facts.matching(And((machines.typical, listener, protocol, host, method, Not(Present(_COOKIES)))))
    return covers((facts.region(rule),), facts.both(asked, facts.possible))


def touches(facts: Facts, rule: Rule, services: Iterable[Service]) -> bool:
    """Whether a rule catches requests of declared machines that are meant for one of some services."""
    parts = (facts.matching(machines.whole) for machines in declared(facts))
    here = reduce(Region.__or__, (facts.both(part, facts.live(rule)) for part in parts), facts.meaning.space.nothing)
    met = frozenset(facts.routing.meeting(here))
    near = (route for service in services for route in service.routes if route in met)
    return any(facts.routing.landing(here, route).yes for route in near)
