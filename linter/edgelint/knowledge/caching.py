"""What the shared cache may keep: of the requests of a cache rule, those whose answers are stored, and the key they get."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, reduce
from typing import cast

from edgelint.evidence import prove
from edgelint.facts import Facts
from edgelint.meaning import strict_paths, text_language
from edgelint.model.expression import (
    HOST,
    LISTENER,
    METHOD,
    PATH,
    PROTOCOL,
    And,
    Count,
    Equals,
    Expression,
    Field,
    HostPattern,
    Length,
    Not,
    Ordered,
    Present,
    Some,
    Test,
    ValueAt,
)
from edgelint.model.policy import Route, Rule
from edgelint.model.request import Request
from edgelint.model.walk import literal_atoms
from edgelint.path_classes import addressed, assets
from edgelint.record import record
from edgelint.routing import refers, served
from edgelint.space.language import NOTHING, Language, union
from edgelint.space.leaves import below_path, pattern
from edgelint.space.limits import Unbounded
from edgelint.space.questions import Answer, Parts, Several, outside
from edgelint.space.region import Region
from edgelint.space.theory import Axis

_ASSET_HOSTS = r"\A(?:assets?|cdn|downloads?|files?|fonts?|images?|img|media|static)[0-9]*\."
_ANYWHERE = "/zq/xj"
"""A path that only a test has in it which is about no path in particular."""


@record
class Storing:
    """What a cache rule is set to. `ttl` is in seconds, `vary` in lower case; `shared` objects serve all targets of a route."""

    ttl: float
    fixed: bool
    shared: bool
    query_mode: str
    query_params: tuple[str, ...]
    vary: tuple[str, ...]
    statuses: tuple[int, ...]
    max_object: int

    def keys(self, field: Field) -> bool:
        """Whether requests that differ in this header or query parameter get objects of their own."""
        if field.kind == "header":
            return field.name in self.vary
        named = field.name in self.query_params
        return {"full": True, "allowlist": named, "denylist": not named}.get(self.query_mode, False)

    @property
    def key(self) -> tuple[object, ...]:
        """How a key is made: rules that agree in it give the same key to the same request."""
        return (self.shared, self.query_mode, frozenset(self.query_params), frozenset(self.vary))


def storing(rule: Rule) -> Storing:
    """What a cache rule is set to."""
    settings = rule.settings
    return Storing(
        ttl=float(cast(float, settings["ttl"])),
        fixed=settings["ttl_mode"] == "fixed",
        shared=settings["scope"] == "route",
        query_mode=str(settings["query_mode"]),
        query_params=cast(tuple[str, ...], settings["query_params"]),
        vary=tuple(name.strip().lower() for name in cast(tuple[str, ...], settings["vary"])),
        statuses=tuple(int(code) for code in cast(tuple[str, ...], settings["statuses"])),
        max_object=int(cast(int, settings["max_object"])),
    )


class Cache:
    """The shared cache of a policy: what its rules let it keep."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self.routes = tuple(filter(served, facts.routing.routes))
        self._storable: dict[Rule, Region] = {}
        self._stops: dict[Rule, tuple[tuple[Rule, ...], Parts]] = {}
        self._open: dict[Rule, Request | None] = {}

    @cached_property
    def ordinary(self) -> Region:
        """The requests whose answers may be kept at all: of the right method, and without a header that passes the cache by."""
        facts, platform = self._facts, self._facts.policy.platform
        found = reduce(Region.__and__, (facts.matching(one) for _, one in requirements(facts)))
        if platform.caching.separators or not any(route.separators for route in facts.routing.routes):
            return found
        return self.within(found, strict_paths(platform))

    @cached_property
    def dynamic(self) -> Region:
        """The requests to hosts that may answer each visitor with something else."""
        space = self._facts.meaning.space
        found, known = space.region(Axis("host"), pattern(_ASSET_HOSTS)), space.nothing
        for one in self._facts.topology.upstreams:
            here = self._facts.matching(Test(HOST, HostPattern(one.host))) - known
            known |= here
            found = found | here if one.static else found
        return ~found

    def storable(self, rule: Rule) -> Region:
        """The requests a rule matches whose answers may be kept if an origin gives them."""
        found = self._storable.get(rule)
        if found is None:
            found = self._storable[rule] = self._facts.both(self._facts.live(rule), self.ordinary)
        return found

    def pages(self, rule: Rule) -> Region:
        """Those of them that do not seem to be for static files, neither by their path nor by their host, nor for a digest."""
        return self.within(self._facts.both(self.storable(rule), self.dynamic), ~(assets() | addressed()))

    def within(self, region: Region, paths: Language) -> Region:
        """The requests of a region with a path of a language."""
        return self._facts.both(region, self._facts.meaning.space.region(Axis("path"), paths))

    def stored(self, rule: Rule, region: Region, route: Route | None = None) -> Request | None:
        """A confirmed request of a region whose answer a rule lets the cache keep; on the way to one route if that is given.

        No earlier rule takes it, no phase before the cache ends it, and it goes to an origin.
        """
        blockers, (stops, _) = self._facts.blockers(rule), self._stopping(rule)
        for lands, answer in self._landings(rule, region, route):
            request = prove(self._facts, answer, caught=(rule,), spared=(*blockers, *stops), lands=lands)
            if answer.yes and request is not None:
                return request
        return None

    def _stopping(self, rule: Rule) -> tuple[tuple[Rule, ...], Parts]:
        """The rules of earlier phases that end requests whose answers a rule would let the cache keep, also as parts of a union."""
        found = self._stops.get(rule)
        if found is None:
            stops = self._facts.stops(rule, self.storable(rule))
            found = self._stops[rule] = stops, self._facts.among(stops)
        return found

    def _landings(self, rule: Rule, region: Region, route: Route | None) -> Iterator[tuple[Route | None, Answer]]:
        facts = self._facts
        spared = Several(facts.before(rule), self._stopping(rule)[1])
        if not facts.policy.routes:
            yield None, outside(region, spared).answer
        for one in self.reaching(region) if route is None else (route,):
            yield one, facts.routing.landing(region, one, spared)

    def reaching(self, region: Region) -> tuple[Route, ...]:
        """The routes to origins that may share a request with a region, in order."""
        return tuple(filter(served, self._facts.routing.meeting(region)))

    def open(self, rule: Rule) -> Request | None:
        """A confirmed request whose answer is kept although no test of the rule is about its path, nor is it for a file."""
        if rule not in self._open:
            try:
                strays = self.within(self.pages(rule), ~self._named(rule))
                self._open[rule] = self.stored(rule, strays)
            except Unbounded:
                self._open[rule] = None
        return self._open[rule]

    def _named(self, rule: Rule) -> Language:
        """The paths a rule or a route it is bound to speaks of. Raises Unbounded."""
        tested = (
            text_language(predicate)
            for atom, predicate, positive in literal_atoms(rule.match.expression)
            if positive and atom.field == PATH and not isinstance(predicate, Length | Ordered)
        )
        bound = (one for one in self.routes if any(refers(reference, one) for reference in rule.references))
        below = (below_path(one.path) for one in bound if one.path not in ("", "/"))
        return union([NOTHING, *(paths for paths in (*tested, *below) if _ANYWHERE not in paths)])


def requirements(facts: Facts) -> tuple[tuple[str, Expression], ...]:
    """What a request has to be for its answer to be kept, each with what is said of a rule that only matches others."""
    caching = facts.policy.platform.caching
    methods = Test(METHOD, Some(tuple(map(Equals, caching.methods))))
    absent = ((f"with header `{name}`", Not(Present(Field("header", name)))) for name in caching.bypassing)
    return ((f"with another method than {' or '.join(caching.methods)}", methods), *absent)


def same_url(request: Request, *headers: str) -> Expression:
    """The requests with the URL of a request that came in where it did, and the same values of some headers."""
    tests: list[Expression] = [
        Test(PROTOCOL, Equals(request.protocol)),
        Test(LISTENER, Equals(request.listener)),
        Test(HOST, Equals(request.host)),
        Test(PATH, Equals(request.path)),
    ]
    fields = {Field("query", name): request.parameters(name) for name, _ in request.query}
    fields |= {Field("header", name): request.values(name) for name in headers}
    for field, values in fields.items():
        tests.append(Count(field, "==", len(values)))
        tests += (ValueAt(field, position, Equals(value)) for position, value in enumerate(values))
    return And(tuple(tests))
