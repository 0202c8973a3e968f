"""Other ways to what a rule guards: routes to the same origin that its demands of host and protocol leave open."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address

from edgelint.facts import Facts
from edgelint.knowledge.escapes import escapes
from edgelint.knowledge.landings import Landings, injected, without_entrance
from edgelint.model.expression import HOST, TRUE, And, Equals, Or, Test
from edgelint.model.policy import Route, Rule
from edgelint.model.request import Request
from edgelint.record import record
from edgelint.replay import path_below
from edgelint.routing import origins_of
from edgelint.sensitive import paths


@record(eq=False)
class Door:
    """A way past a rule to an origin behind it.

    `tests` are what the rule demands of host and protocol. `doubt` is what has to be assumed for the door to be a fault, empty
    where nothing has.
    """

    route: Route
    origin: str
    request: Request
    tests: tuple[Test, ...]
    doubt: str


def doors(facts: Facts, rule: Rule) -> tuple[Door, ...]:
    """The ways past a rule, those without a doubt first."""
    rest, tests = without_entrance(rule.match.expression, protocol=bool(facts.listeners))
    # A block of nothing but a host refuses the name, not what is behind it.
    if not tests or (rest == TRUE and rule.outcome.kind == "block"):
        return ()
    landings = facts.once(Landings)
    met = facts.routing.meeting(facts.live(rule))
    if not any(_is_other(facts, route, met) for route in landings.siblings(met)):
        return ()
    own = _meant(rule, landings.reached(rule), met)
    behind = {origin for route in own for origin in origins_of(route)}
    around = [route for route in landings.siblings(own) if _is_other(facts, route, own)]
    if not around:
        return ()
    found = []
    for escape in escapes(facts, rule, facts.both(facts.matching(rest), facts.possible), around):
        origin = next(origin for origin in origins_of(escape.route) if origin in behind)
        found.append(Door(escape.route, origin, escape.request, tests, _doubt(facts, escape.route, own, tests)))
    return tuple(sorted(found, key=lambda door: bool(door.doubt)))


def _meant(rule: Rule, reached: Sequence[Route], met: Sequence[Route]) -> tuple[Route, ...]:
    """The routes that a rule is about.

    A route by path alone takes its path from every host. Where a rule's hosts have routes of their own, it is about such a
    route only if it names a path of it.
    """
    if not any(route.host for route in met):
        return tuple(reached)
    named = paths(rule)
    return tuple(
        route for route in reached if route.host or route.default or any(path_below(path, route.path) for path in named)
    )


def _is_other(facts: Facts, route: Route, own: Sequence[Route]) -> bool:
    """Whether requests that a rule leaves out may come by a route, from elsewhere than the machine of the edge itself."""
    address = _bound(facts, route)
    return not (address and address.is_loopback) and (route not in own or not route.host or _wild(route))


def _wild(route: Route) -> bool:
    return route.host.startswith("*.")


def _bound(facts: Facts, route: Route) -> IPv4Address | IPv6Address | None:
    """The address that the listener of a route is bound to; None where it is bound to all, or not known."""
    listener = facts.listeners.get(route.listener)
    try:
        found = ip_address(listener.address if listener else "")
    except ValueError:
        return None
    return None if found.is_unspecified else found


def _doubt(facts: Facts, route: Route, own: Sequence[Route], tests: Sequence[Test]) -> str:
    headers = dict.fromkeys(name for one in (route, *own) for name in injected(one))
    if headers:
        names = ", ".join(f"`{name}`" for name in headers)
        return f"assumes that the headers the edge adds ({names}) do not lead to different applications"
    address = _bound(facts, route)
    if address and address.is_private:
        return f"assumes that clients reach the listener at {address}"
    if _wild(route):
        return f"assumes that it is not meant for some hosts of `{route.host}` only" if route in own else ""
    hosts = tuple(test for test in tests if test.field == HOST)
    if route.host and hosts and facts.never(And((Or(hosts), Test(HOST, Equals(route.host))))):
        return f"assumes that `{route.host}` is not meant to be open"
    return ""
