"""What a rule catches relative to the route table: the services it touches, and those its author named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from edgelint.evidence import prove
from edgelint.facts import Facts
from edgelint.knowledge.landings import Landings
from edgelint.meaning import text_language
from edgelint.model.expression import (
    Count,
    FieldKind,
    HostPattern,
    InNetwork,
    Predicate,
    Present,
)
from edgelint.model.policy import Route, Rule
from edgelint.model.request import Request
from edgelint.model.walk import atoms, literal_atoms
from edgelint.path_classes import assets
from edgelint.routing import Service, refers, served
from edgelint.space.addresses import EVERY_V4, EVERY_V6, network
from edgelint.space.language import ANYTHING, Language
from edgelint.space.leaves import below_path
from edgelint.space.limits import Unbounded
from edgelint.space.questions import Answer
from edgelint.space.search import is_empty

_CLIENT: tuple[FieldKind, ...] = ("address", "header", "cookie", "query")


def touched(facts: Facts, rule: Rule) -> tuple[Service, ...]:
    """The services with origins of their own that requests caught by a rule are meant for."""
    met = frozenset(facts.once(Landings).reached(rule))
    return tuple(service for service in facts.routing.services if not met.isdisjoint(service.routes))


def caught(facts: Facts, rule: Rule, service: Service) -> Request | None:
    """A confirmed request that a rule catches and that is meant for a service."""
    blockers = facts.blockers(rule)
    proofs = (
        prove(facts, answer, caught=(rule,), spared=blockers, lands=route)
        for route, answer in _landings(facts, rule, service.routes)
    )
    return next(filter(None, proofs), None)


def _landings(facts: Facts, rule: Rule, routes: Iterable[Route]) -> Iterator[tuple[Route, Answer]]:
    """The routes, of some, to an origin that requests caught by a rule take, each with such a request."""
    for route in routes:
        if served(route):
            answer = facts.routing.landing(facts.live(rule), route, facts.before(rule))
            if answer.yes:
                yield route, answer


def named(rule: Rule, services: Iterable[Service]) -> list[Service]:
    """Those of some services that a rule names: by a host of theirs, by a path inside their own prefix, or by reference.

    Where that is too hard to tell it is taken to.
    """
    hosts = [found for found in _languages(rule, "host") if found is not ANYTHING]
    paths = list(_languages(rule, "path"))
    return [service for service in services if any(_names(rule, route, hosts, paths) for route in service.routes)]


def _names(rule: Rule, route: Route, hosts: list[Language], paths: list[Language]) -> bool:
    here, below = _entry(route)
    return (
        any(_empty(host & here) is not True for host in hosts)
        or (below is not None and any(_empty(path - below) is not False for path in paths))
        or any(refers(reference, route) for reference in rule.references)
    )


@lru_cache(maxsize=4096)  # most rules are compared with each
def _entry(route: Route) -> tuple[Language, Language | None]:
    """The hosts and the paths of a route; None for the paths where it takes all."""
    below = below_path(route.path) if route.path not in ("", "/") else None
    return text_language(HostPattern(route.host)), below


def _empty(language: Language) -> bool | None:
    """Whether a language has no member; None where that is too hard to tell."""
    try:
        return is_empty(language)
    except Unbounded:
        return None


def bounds(rule: Rule, *kinds: FieldKind) -> bool:
    """Whether a condition says positively what one of these fields must be."""
    return any(_about(rule, kind, True) for kind in kinds)


def accuses(rule: Rule) -> bool:
    """Whether a condition judges the client: by few addresses, by what it sent, or by who it is not."""
    if bounds(rule, "header", "cookie", "query") or any(_about(rule, kind, False) for kind in _CLIENT):
        return True
    nets = [found.network for found in _literals(rule, "address") if isinstance(found, InNetwork)]
    small = all((network(net) & EVERY_V4).size() <= EVERY_V4.size() >> 8 for net in nets) and all(
        (network(net) & EVERY_V6).size() <= EVERY_V6.size() >> 8 for net in nets
    )
    return bounds(rule, "address") and small


def only_assets(facts: Facts, rule: Rule) -> bool:
    """Whether every path a rule can match is one of a static file."""
    return facts.within_paths(rule, assets())


def _about(rule: Rule, kind: FieldKind, sign: bool) -> bool:
    """Whether a condition asks for something of a field, or with a false sign against it."""
    return (kind, sign) in _asked(rule)


@lru_cache(maxsize=4096)  # several checks want to know it of every rule, of several fields each
def _asked(rule: Rule) -> frozenset[tuple[FieldKind, bool]]:
    """The kinds of fields a condition asks for something of, or with a false sign against."""
    expression = rule.match.expression
    compared = ((atom.field.kind, positive) for atom, _, positive in literal_atoms(expression))
    found = ((atom.field.kind, positive) for atom, positive in atoms(expression) if isinstance(atom, Present | Count))
    return frozenset((*compared, *found))


def _literals(rule: Rule, kind: FieldKind) -> Iterator[Predicate]:
    """What a condition asks for positively of a field."""
    for atom, predicate, positive in literal_atoms(rule.match.expression):
        if positive and atom.field.kind == kind:
            yield predicate


def _languages(rule: Rule, kind: FieldKind) -> Iterator[Language]:
    for predicate in _literals(rule, kind):
        try:
            yield text_language(predicate)
        except Unbounded:
            continue
