"""Endpoints of programs that a policy itself speaks of: what its routes and rules name is such an endpoint by habit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from edgelint.facts import Facts
from edgelint.knowledge.addressees import hosts
from edgelint.knowledge.machines import BY_HABIT, PROBES, Machines
from edgelint.model.expression import (
    HOST,
    PATH,
    And,
    Equals,
    Expression,
    HostPattern,
    Or,
    PathPrefix,
    StartsWith,
    Test,
)
from edgelint.model.policy import Route, Rule
from edgelint.model.topology import MachineEndpoint
from edgelint.model.walk import literal_atoms
from edgelint.record import record, replace
from edgelint.replay import path_below
from edgelint.space.region import Region

_MOST_NAMES, _MOST_FOUND = 5000, 200
"""How many names of a policy are looked at, and how many endpoints are found: it may have any number of them."""

_PACE = 10.0
"""How often monitors are taken to ask, in seconds, until somebody says it."""


@record
class Hint:
    """An endpoint that programs are likely to ask for, whose it is by habit, and the route or rule that names it."""

    machines: Machines
    endpoint: MachineEndpoint
    source: Route | Rule


def hinted(policies: Iterable[Facts]) -> tuple[Hint, ...]:
    """The likely endpoints that policies name, none of them below another, those of routes first."""
    found: dict[MachineEndpoint, Hint] = {}
    for hint in islice((hint for facts in policies for hint in _hints(facts)), _MOST_FOUND):
        found.setdefault(hint.endpoint, hint)
    return tuple(hint for hint in found.values() if not any(_below(hint.endpoint, other) for other in found))


def _below(endpoint: MachineEndpoint, other: MachineEndpoint) -> bool:
    return endpoint != other and other.host in ("", endpoint.host) and path_below(endpoint.path, other.path)


def _hints(facts: Facts) -> Iterator[Hint]:
    likely = facts.matching(Or(tuple(one.whole for one in BY_HABIT)))
    first: dict[tuple[str, str], Route | Rule] = {}
    for source, host, path in _named(facts):
        first.setdefault((host, path), source)
    for (host, path), source in islice(first.items(), _MOST_NAMES):
        here = facts.both(likely, facts.matching(_asking(host, path)))
        if here.boxes:
            yield from islice(_of(facts, here, MachineEndpoint(host, path), source), 1)


def _asking(host: str, path: str) -> Expression:
    return And((Test(HOST, HostPattern(host)), Test(PATH, Equals(path or "/"))))


def _of(facts: Facts, here: Region, endpoint: MachineEndpoint, source: Route | Rule) -> Iterator[Hint]:
    """What an endpoint is by habit, the likeliest first."""
    for machines in BY_HABIT:
        if facts.both(here, facts.matching(machines.whole)).boxes:
            yield Hint(machines, replace(endpoint, every=_PACE) if machines is PROBES else endpoint, source)


def _named(facts: Facts) -> Iterator[tuple[Route | Rule, str, str]]:
    """Each pair of a host and a path that are named together; either is empty where any will do."""
    for route in facts.routing.routes:
        if not route.default:
            yield from ((route, host, path) for host, path in _pairs([route.host], [route.path]))
    for rule in facts.active():
        paths = [
            literal.text
            for atom, literal, _ in literal_atoms(rule.match.expression)
            if atom.field == PATH and isinstance(literal, Equals | PathPrefix | StartsWith)
        ]
        yield from ((rule, host, path) for host, path in _pairs([one.host for one in hosts(rule)], paths))


def _pairs(names: Sequence[str], paths: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each host that is no pattern by itself, and each path, on the host where there is only one."""
    yield from ((name, "") for name in names if name and not name.startswith("*."))
    yield from ((names[0] if len(names) == 1 else "", path) for path in dict.fromkeys(paths) if path not in ("", "/"))
