"""Sensitive paths that a stranger reaches without any rule in the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from edgelint.evidence import prove
from edgelint.facts import Facts
from edgelint.knowledge.addressees import hosts
from edgelint.knowledge.landings import Landings
from edgelint.model.expression import (
    ADDRESS,
    HOST,
    METHOD,
    PATH,
    TRUE,
    And,
    Equals,
    Expression,
    HostPattern,
    Not,
    Opaque,
    Or,
    PathPrefix,
    Present,
    Test,
)
from edgelint.model.policy import Route, Rule
from edgelint.model.request import Request
from edgelint.model.walk import atoms, literal_atoms
from edgelint.record import record
from edgelint.routing import origins_of
from edgelint.sensitive import WORDPRESS, is_sensitive, paths, takes_credentials
from edgelint.space.questions import listed
from edgelint.space.region import Region

_PROTECTIVE = ("block", "challenge", "queue", "limit")


@record(eq=False)
class Exposure:
    """A sensitive path, a confirmed request for it that no rule takes, and the rules that guard its like elsewhere."""

    path: str
    route: Route
    request: Request
    elsewhere: tuple[Rule, ...]


def exposed_routes(facts: Facts) -> Iterator[Exposure]:
    """The routes to an origin that are for a sensitive path alone and have no rule in the way."""
    for route in facts.routing.routes:
        if not route.default and origins_of(route) and is_sensitive(route.path):
            request = _unguarded(facts, Test(PATH, PathPrefix(route.path)), route)
            if request is not None:
                yield Exposure(route.path, route, request, tuple(_guarding(facts, route.path)))


def exposed_siblings(facts: Facts, rule: Rule) -> Iterator[Exposure]:
    """The other ways to hand in a password to a WordPress for which a rule guards one; a block only says there is none."""
    named = set(paths(rule)).intersection(WORDPRESS)
    if not named or rule.outcome.kind == "block":
        return
    where = Or(tuple(Test(HOST, HostPattern(one.host)) for one in hosts(rule))) if hosts(rule) else TRUE
    for path in WORDPRESS:
        for route in facts.once(Landings).reached(rule) if path not in named else ():
            request = _unguarded(facts, And((where, Test(PATH, Equals(path)))), route)
            if request is not None:
                yield Exposure(path, route, request, (rule,))
                return


def _unguarded(facts: Facts, where: Expression, route: Route) -> Request | None:
    """A confirmed request of a stranger for a place that a route takes and no rule; a POST where credentials are handed in."""
    method = "POST" if any(takes_credentials(text) for text in _texts(where)) else "GET"
    here = facts.both(facts.matching(And((where, Test(METHOD, Equals(method))))), facts.possible)
    rules = _in_the_way(facts, here)
    strange = And(tuple(dict.fromkeys(_strange(rules))))
    answer = facts.routing.landing(
        facts.both(here, facts.matching(strange)), route, listed([facts.region(rule) for rule in rules])
    )
    return prove(facts, answer, spared=rules, lands=route) if answer.yes else None


def _texts(where: Expression) -> Iterator[str]:
    for atom, _ in atoms(where):
        if isinstance(atom, Test) and isinstance(atom.predicate, Equals | PathPrefix):
            yield atom.predicate.text


def _in_the_way(facts: Facts, region: Region) -> tuple[Rule, ...]:
    """The rules that refuse, challenge, hold or count some requests of a region, at times or always."""
    sharing = (rule for phase in facts.policy.phases for rule in facts.sharing(phase, region))
    return tuple(rule for rule in sharing if rule.outcome.protects)


def _guarding(facts: Facts, path: str) -> Iterator[Rule]:
    """The rules that guard a path of the same name."""
    name = path.rstrip("/").rsplit("/", 1)[-1].lower()
    for rule in facts.active(*_PROTECTIVE):
        if any(other.rstrip("/").lower().endswith(f"/{name}") for other in paths(rule)):
            yield rule


def _strange(rules: Iterable[Rule]) -> Iterator[Expression]:
    """That a request has nothing that some rules look for in a client: no address, header, cookie or parameter of theirs."""
    for rule in rules:
        for compared, predicate, _ in literal_atoms(rule.match.expression):
            if compared.field == ADDRESS:
                yield Not(Test(ADDRESS, predicate))
        for atom, _ in atoms(rule.match.expression):
            if not isinstance(atom, Test | Opaque):
                yield Not(Present(atom.field))
