"""Whom a rule speaks of: the hosts it names, which of them are routed, and which others may have been meant."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from edgelint.facts import Facts
from edgelint.model.expression import HOST, PROTOCOL, Equals, HostPattern, Spanned
from edgelint.model.policy import Route, Rule
from edgelint.model.topology import Upstream
from edgelint.model.walk import literal_atoms
from edgelint.record import record
from edgelint.replay import host_matches
from edgelint.space.language import Language
from edgelint.space.leaves import pattern
from edgelint.space.limits import Unbounded
from edgelint.space.questions import projection
from edgelint.space.theory import Axis
from edgelint.typos import mistyped, slips


@record
class Named:
    """A host or host pattern that a rule asks for, and where it does."""

    host: str
    span: Spanned


@record(eq=False)
class Meant:
    """A host that a rule names, and the nearest one of a route: `slips` apart, `mistyped` where it looks like a slip."""

    named: Named
    host: str
    route: Route
    slips: int
    mistyped: bool


def hosts(rule: Rule) -> tuple[Named, ...]:
    """The hosts and host patterns that a rule asks for, each once."""
    found: dict[str, Named] = {}
    for atom, predicate, positive in literal_atoms(rule.match.expression):
        if positive and atom.field == HOST and isinstance(predicate, Equals | HostPattern) and predicate.text:
            found.setdefault(predicate.text, Named(predicate.text, atom.span))
    return tuple(found.values())


def for_strangers(facts: Facts, rule: Rule) -> bool:
    """Whether a rule is made for requests that no route serves.

    It refuses them without naming a host, or takes only hosts that are no names; or it says which hosts it is not for.
    """
    signs = [positive for atom, _, positive in literal_atoms(rule.match.expression) if atom.field == HOST]
    if not signs:
        return rule.outcome.denies
    return not all(signs) or (rule.outcome.denies and _no_names(facts, rule))


def _no_names(facts: Facts, rule: Rule) -> bool:
    """Whether every host that a rule takes is an address or a single label, as scanners and the machine itself send them."""
    theory, here = facts.meaning.space.theory(Axis("host")), projection(facts.live(rule), Axis("host"))
    try:
        return theory.vacant(theory.meet(here, ~_nameless()))
    except Unbounded:
        return False


@cache
def _nameless() -> Language:
    """The hosts that are an address or a single label; no name ends in a label of digits."""
    return pattern(r"\A[^.]*\z") | pattern(r"\A[0-9.]+\z") | pattern(":")


def demands_plain_http(rule: Rule) -> bool:
    """Whether plain HTTP is the only protocol that a rule asks for."""
    wanted = [
        literal
        for atom, literal, positive in literal_atoms(rule.match.expression)
        if atom.field == PROTOCOL and positive
    ]
    return bool(wanted) and all(literal == Equals("http") for literal in wanted)


def meant(facts: Facts, rule: Rule) -> Meant | None:
    """The host of a route that is nearest to one that a rule names, mistyped ones first; None where there is none."""
    found = [_compared(named, route) for named in hosts(rule) for route in facts.routing.routes if route.host]
    return min(found, key=lambda one: (not one.mistyped, one.slips), default=None)


def _compared(named: Named, route: Route) -> Meant:
    """A named host beside that of a route, or a named pattern beside the pattern of as many labels that the host fits."""
    host = route.host
    if named.host.startswith("*."):
        labels = named.host.count(".")
        host = ".".join(["*", *host.removeprefix("*.").split(".")[-labels:]])
    return Meant(named, host, route, slips(named.host, host), mistyped(named.host, host))


def routed(facts: Facts, rule: Rule) -> bool:
    """Whether a host that a rule names is that of a route in force."""
    return any(_same(named.host, route.host) for named in hosts(rule) for route in facts.routing.routes)


def disabled(facts: Facts, rule: Rule) -> Iterator[Route]:
    """The routes that are not in force and have a host that a rule names."""
    for route in facts.policy.routes:
        if route not in facts.routing.routes and any(_same(named.host, route.host) for named in hosts(rule)):
            yield route


def upstream_of(facts: Facts, host: str, route: Route) -> Upstream:
    """What is known of the application that gets the requests for a host by a route; the first fitting entry counts."""
    fitting = (one for one in facts.topology.upstreams if one.host in ("", host, route.host))
    return next(fitting, Upstream())


def upstreams(facts: Facts, rule: Rule, route: Route) -> tuple[Upstream, ...]:
    """What is known of the applications that get a rule's requests by a route, by the hosts that the rule names there."""
    named = [one.host for one in hosts(rule) if host_matches(one.host, route.host)]
    return tuple(dict.fromkeys(upstream_of(facts, host, route) for host in named or [route.host]))


def _same(host: str, pattern: str) -> bool:
    return bool(pattern) and (host == pattern or host_matches(host, pattern))
