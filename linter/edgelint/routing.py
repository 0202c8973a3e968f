"""The route table as regions: what each route takes, and which routes are one service."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache, reduce

from edgelint.meaning import Meaning
from edgelint.model.expression import LISTENER, And, Equals, Test
from edgelint.model.policy import Reference, Route
from edgelint.record import record
from edgelint.replay import route_name
from edgelint.space.index import Index, bits
from edgelint.space.limits import Unbounded
from edgelint.space.locator import Locator
from edgelint.space.questions import Answer, Parts, Several, outside
from edgelint.space.region import Box, Region


@record(eq=False)
class Service:
    """Routes that lead to the same origins or share a host pattern: what an operator calls one application."""

    name: str
    routes: tuple[Route, ...]


class Routing:
    """The routes in force, and the requests each of them takes."""

    def __init__(self, routes: tuple[Route, ...], meaning: Meaning) -> None:
        self.routes = routes
        self._meaning = meaning
        self._regions: dict[Route, Region] = {}
        self._before: dict[Route, tuple[Route, ...]] = {}
        self._locators: dict[str, Locator] = {}

    def region(self, route: Route) -> Region:
        """The requests that fit a route, whether or not an earlier route takes them."""
        found = self._regions.get(route)
        if found is None:
            here = () if not route.listener else (Test(LISTENER, Equals(route.listener)),)
            condition = () if route.default else (route.match,)
            found = self._regions[route] = self._meaning.true(And((*here, *condition)))
        return found

    def before(self, route: Route) -> tuple[Route, ...]:
        """The routes of the same listener that are looked at before a route."""
        found = self._before.get(route)
        if found is None:
            found = self._before[route] = tuple(
                other
                for other in self.routes
                if other.listener == route.listener
                and not other.default
                and other is not route
                and (route.default or other.order < route.order)
            )
        return found

    def lands_on(self, route: Route) -> Region:
        """The requests that a route takes. Raises Unbounded."""
        return reduce(Region.__sub__, map(self.region, self.before(route)), self.region(route))

    def landing(self, region: Region, route: Route, spared: Parts | None = None) -> Answer:
        """A request of a region that a route takes and that is in none of the spared parts."""
        try:
            here = region & self.region(route)
        except Unbounded as limit:
            return Answer(reason=limit.reason)
        rivals = self.rivals(route)
        return outside(here, rivals if spared is None else Several(rivals, spared)).answer

    def rivals(self, route: Route) -> Parts:
        """What the routes that are looked at before a route take, as parts of a union."""
        return self._locator(route.listener).before(len(self.before(route)))

    def _locator(self, listener: str) -> Locator:
        """The boxes of the routes of a listener but the default one, owned by their positions in order."""
        found = self._locators.get(listener)
        if found is None:
            own = sorted((one for one in self.routes if one.listener == listener), key=lambda one: one.order)
            regions = enumerate(self.region(one) for one in own if not one.default)
            owned = [(position, box) for position, region in regions for box in region.boxes]
            found = Locator([box for _, box in owned], [position for position, _ in owned])
            self._locators[listener] = found
        return found

    def meeting(self, region: Region) -> tuple[Route, ...]:
        """The routes that may share a request with a region, in the order of the policy."""
        places, index = self._index
        met = {places[bit] for box in region.boxes for bit in bits(index.overlapping(box))}
        return tuple(self.routes[place] for place in sorted(met))

    @cached_property
    def _index(self) -> tuple[Sequence[int], Index]:
        """Where the routes of all boxes stand, and the boxes."""
        owned = [(place, box) for place, route in enumerate(self.routes) for box in self.boxes(route)]
        return [place for place, _ in owned], Index([box for _, box in owned])

    def boxes(self, route: Route) -> Sequence[Box]:
        """The boxes of a route; where they are too many, one that holds every request."""
        try:
            return self.region(route).boxes
        except Unbounded:
            return self._meaning.space.everything.boxes

    @cached_property
    def services(self) -> tuple[Service, ...]:
        """The services of the route table, in the order of their first route."""
        groups: list[tuple[set[str], list[Route]]] = []
        for route in self.routes:
            marks = _marks(route)
            joined = [group for group in groups if not group[0].isdisjoint(marks)]
            groups = [group for group in groups if group[0].isdisjoint(marks)]
            routes = sorted([route, *(one for group in joined for one in group[1])], key=self.routes.index)
            groups.append((marks.union(*(group[0] for group in joined)), routes))
        groups.sort(key=lambda group: self.routes.index(group[1][0]))
        return tuple(Service(_service_name(routes), tuple(routes)) for _, routes in groups)


def refers(reference: Reference, route: Route) -> bool:
    """Whether a reference of a rule names a route or one of its targets."""
    if reference.kind == "target":
        return any(target.id == reference.id and target.enabled for target in route.targets)
    return reference.kind == "route" and reference.id == route.id


@lru_cache(maxsize=4096)  # it is asked wherever it matters whether a route leads anywhere
def origins_of(route: Route) -> tuple[str, ...]:
    """The origins a route forwards to; none where it redirects or answers by itself."""
    targets = route.targets if route.action == "forward" else ()
    return tuple(dict.fromkeys(target.origin for target in targets if target.enabled and target.origin))


def served(route: Route | None) -> bool:
    """Whether a route leads to an origin, rather than answering by itself."""
    return route is not None and bool(origins_of(route))


def _marks(route: Route) -> set[str]:
    """What makes two routes one service: an origin or a host pattern in common. Routes without an origin stand alone."""
    origins = {f"origin {origin}" for origin in origins_of(route)}
    if not origins:
        return {f"route {route.listener} {route.id}"}
    return origins | ({f"host {route.host}"} if route.host else set())


def _service_name(routes: Sequence[Route]) -> str:
    hosts = dict.fromkeys(route.host for route in routes if route.host)
    return ", ".join(hosts) if hosts else route_name(routes[0]).strip("`")
