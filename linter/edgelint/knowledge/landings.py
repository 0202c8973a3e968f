"""Where requests end up: the routes that requests of a region may take, and the ways in to one origin."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from edgelint.facts import Facts
from edgelint.model.expression import HOST, PROTOCOL, TRUE, And, Equals, Expression, Or, Predicate, Test
from edgelint.model.policy import Route, Rule
from edgelint.model.walk import atoms, literals
from edgelint.record import replace
from edgelint.routing import origins_of
from edgelint.space.questions import Answer, Several, listed, member
from edgelint.space.region import Region


class Landings:
    """The routes of a policy by the requests that may take them, and by the origins they forward to. Made once for facts."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._reached: dict[Rule, tuple[Route, ...]] = {}
        self._samples: dict[Route, Answer] = {}

    def reached(self, rule: Rule) -> tuple[Route, ...]:
        """The routes to an origin that some request takes for which a rule takes effect in its phase."""
        found = self._reached.get(rule)
        if found is None:
            facts = self._facts
            live, before = facts.live(rule), facts.before(rule)
            met = (route for route in facts.routing.meeting(live) if origins_of(route))
            found = tuple(route for route in met if facts.routing.landing(live, route, before).yes)
            self._reached[rule] = found
        return found

    def siblings(self, routes: Iterable[Route]) -> tuple[Route, ...]:
        """Every route to one of the origins of some routes."""
        known = {origin for route in routes for origin in origins_of(route)}
        return tuple(route for route in self._facts.routing.routes if not known.isdisjoint(origins_of(route)))

    def unserved(self, region: Region) -> bool:
        """Whether certainly no request of a region is served: all are for unknown hosts or paths, by default routes at most."""
        routing = self._facts.routing
        routes = [route for route in routing.meeting(region) if not route.default or origins_of(route)]
        point = member(region).point
        if point is not None and any(point in box for route in routes for box in routing.boxes(route)):
            return False  # an earlier route may take it, which then serves it as well
        return all(routing.landing(region, route).no for route in routes)

    def closed(self, rule: Rule, route: Route) -> bool:
        """Whether a rule certainly takes every request for a route that no rule before it in its phase takes."""
        facts = self._facts
        taken, sample = facts.region(rule), self._sample(route).point
        if sample is None or sample not in taken:
            return False
        return facts.routing.landing(facts.possible, route, Several(facts.before(rule), listed([taken]))).no

    def _sample(self, route: Route) -> Answer:
        """Some request that takes a route: most rules leave it alone, and need not be looked at further."""
        found = self._samples.get(route)
        if found is None:
            found = self._samples[route] = self._facts.routing.landing(self._facts.possible, route)
        return found


def injected(route: Route) -> tuple[str, ...]:
    """The names of the headers that a route adds on the way to its origins, other than for logging in there."""
    names = (name for target in route.targets if target.enabled for name in target.injected)
    return tuple(sorted({name for name in names if name != "authorization"}))


def without_entrance(expression: Expression, *, protocol: bool = True) -> tuple[Expression, tuple[Test, ...]]:
    """A condition without what it demands of the host and of the protocol, and the tests that were left out.

    What it forbids stays, and so does what it demands together with something else. A demand for plain HTTP stays, too: it
    tells requests apart that are to be treated differently. With `protocol` false, all demands of the protocol stay.
    """
    if _is_entrance(expression, protocol):
        return TRUE, tuple(atom for atom, _ in atoms(expression) if isinstance(atom, Test))
    if not isinstance(expression, And | Or):
        return expression, ()
    parts = [without_entrance(operand, protocol=protocol) for operand in expression.operands]
    tests = tuple(test for _, left_out in parts for test in left_out)
    return _joined(expression, [part for part, _ in parts]) if tests else expression, tests


def _joined(expression: And | Or, parts: Sequence[Expression]) -> Expression:
    """A conjunction or disjunction of other parts, as short as they allow where some are always true."""
    if isinstance(expression, Or):
        return TRUE if TRUE in parts else replace(expression, operands=tuple(parts))
    kept = tuple(part for part in parts if part != TRUE)
    return kept[0] if len(kept) == 1 else replace(expression, operands=kept) if kept else TRUE


def _is_entrance(expression: Expression, protocol: bool) -> bool:
    """Whether an expression only demands something of the host or the protocol."""
    found = list(atoms(expression))
    return bool(found) and all(
        positive and isinstance(atom, Test) and _demands(atom, protocol) for atom, positive in found
    )


def _demands(atom: Test, protocol: bool) -> bool:
    wanted = [predicate for predicate, positive in literals(atom.predicate) if positive]
    if len(wanted) != len(list(literals(atom.predicate))):
        return False
    return atom.field == HOST or (protocol and atom.field == PROTOCOL and all(map(_is_https, wanted)))


def _is_https(predicate: Predicate) -> bool:
    return predicate == Equals("https")
