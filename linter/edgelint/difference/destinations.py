"""Requests that the two versions of a route table send elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from edgelint.difference import Change
from edgelint.difference.asking import Asking
from edgelint.facts import Facts
from edgelint.model.policy import Redirect, Route
from edgelint.model.request import Request
from edgelint.replay import route_of
from edgelint.routing import origins_of
from edgelint.space.questions import Answer, Several, listed

_Destination = tuple[tuple[str, ...], Redirect | None]


def rerouted(asking: Asking) -> Iterator[Change]:
    """Each pair of routes with other destinations that take a request in common, with that request."""
    old, new = asking.old, asking.new
    if _table(old) == _table(new):
        return
    for after in (None, *new.routing.routes):
        met = old.routing.meeting(new.routing.region(after)) if after else old.routing.routes
        for before in (None, *met):
            if (before or after) and _destination(before) != _destination(after):
                yield from _change(asking, before, after)


def _table(facts: Facts) -> list[object]:
    """All that decides where requests go, in order."""
    routes = sorted(facts.routing.routes, key=lambda route: (route.listener, route.default, route.order))
    return [(route.listener, route.default, route.host, route.path, _destination(route)) for route in routes]


def _destination(route: Route | None) -> _Destination:
    return (tuple(sorted(origins_of(route))), route.redirect) if route else ((), None)


def _change(asking: Asking, before: Route | None, after: Route | None) -> Iterator[Change]:
    old, new = asking.old, asking.new
    title = _title(_destination(before), _destination(after))

    def confirm(request: Request) -> bool:
        return (route_of(old.policy, request), route_of(new.policy, request)) == (before, after)

    request = asking.request(title, _answer(asking, before, after), confirm)
    if request is not None:
        yield Change(title, "route", before, after, (), request, _services(new, request))


def _answer(asking: Asking, before: Route | None, after: Route | None) -> Answer:
    """A request that goes to one route now and went to another before, and gets there in both versions."""
    region = asking.new.both(asking.old.possible, asking.new.possible)
    rivals = []
    for facts, route in ((asking.old, before), (asking.new, after)):
        region = asking.new.both(region, facts.routing.region(route)) if route else region
        every = listed([facts.routing.region(one) for one in facts.routing.routes])
        rivals.append(facts.routing.rivals(route) if route else every)
    return asking.arriving(region, Several(*rivals))


def _title(before: _Destination, after: _Destination) -> str:
    if after == ((), None):
        return "no longer served"
    if before == ((), None):
        return "newly served" if after[0] else "newly redirected"
    if bool(before[0]) != bool(after[0]):
        return "served instead of redirected" if after[0] else "redirected instead of served"
    return "sent to other origins" if after[0] else "redirected elsewhere"


def _services(facts: Facts, request: Request) -> tuple[str, ...]:
    route = route_of(facts.policy, request)
    return tuple(service.name for service in facts.routing.services if route in service.routes)
