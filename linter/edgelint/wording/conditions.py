"""Constraints on one axis as conditions of the model: the way back from `edgelint.meaning`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from ipaddress import ip_network

from edgelint.meaning import Entry
from edgelint.model.expression import (
    ADDRESS,
    HOST,
    LISTENER,
    METHOD,
    PATH,
    PROTOCOL,
    And,
    EndsWith,
    Equals,
    Every,
    Expression,
    Field,
    HostPattern,
    InNetwork,
    Never,
    Not,
    Opaque,
    Or,
    Predicate,
    Some,
    Test,
)
from edgelint.record import record
from edgelint.space.addresses import EVERY_ADDRESS, Addresses, network, networks
from edgelint.space.language import Language
from edgelint.space.region import OPAQUE
from edgelint.space.theory import Axis, Constraint
from edgelint.space.values import Values
from edgelint.wording.lists import list_condition
from edgelint.wording.texts import any_of, predicate_of

_MOST_NETWORKS = 4096
_FEW = 3
_MAPPED = network("::ffff:0:0/96")
"""The addresses no client has, which may be counted in where that makes a set shorter to say."""


@record
class Condition:
    """What is asked of one axis, as an expression about its field alone."""

    axis: Axis
    expression: Expression


def condition(axis: Axis, constraint: Constraint, entries: Sequence[Entry]) -> Condition:
    """A constraint as a condition; of the ways in, only these are told apart."""
    return Condition(axis, _expression(axis, constraint, entries))


def _expression(axis: Axis, constraint: Constraint, entries: Sequence[Entry]) -> Expression:
    match constraint:
        case Addresses():
            return Test(ADDRESS, _networks(constraint))
        case Values() if axis.kind == OPAQUE:
            return Not(Opaque(axis.name)) if () in constraint else Opaque(axis.name)
        case Values():
            return list_condition(_NAMED[axis.kind](axis.name), constraint)
        case _ if axis.kind == "entry":
            return _entry(constraint, entries)
        case _ if axis.kind == "host":
            return Test(HOST, host_patterns(predicate_of(constraint)))
        case _:
            return Test(METHOD if axis.kind == "method" else PATH, predicate_of(constraint))


_NAMED: dict[str, Callable[[str], Field]] = {
    "header": lambda name: Field("header", name),
    "cookie": lambda name: Field("cookie", name),
    "query": lambda name: Field("query", name),
}


def host_patterns(predicate: Predicate) -> Predicate:
    """The predicate with endings of whole labels as the patterns that people write for hosts."""
    match predicate:
        case EndsWith(text) if text.startswith(".") and len(text) > 1:
            return HostPattern(f"*{text}")
        case Never(operand):
            return Never(host_patterns(operand))
        case Every(predicates):
            return Every(tuple(map(host_patterns, predicates)))
        case Some(predicates):
            return Some(tuple(map(host_patterns, predicates)))
        case _:
            return predicate


# Addresses


def _networks(addresses: Addresses) -> Predicate:
    """A set of addresses by networks, or as all but some, whichever takes fewer."""
    inside = addresses & EVERY_ADDRESS
    found = min(_covers(inside), key=len, default=None)
    if found is None or len(found) > _FEW:
        others = min(_covers(EVERY_ADDRESS - inside), key=len, default=None)
        if others is not None and (found is None or len(others) < len(found)):
            return Never(any_of(map(_network, others)))
    return any_of(_ranges(inside) if found is None else map(_network, found))


def _covers(addresses: Addresses) -> Iterator[tuple[str, ...]]:
    """Networks that make up a set, with or without what no client has."""
    for one in (addresses, addresses | _MAPPED):
        found = networks(one, _MOST_NETWORKS)
        if found is not None:
            yield found


def _ranges(addresses: Addresses) -> Iterator[Predicate]:
    """The networks of very many, range by range."""
    for pair in addresses.ranges:
        yield from map(_network, networks(Addresses((pair,)), 1024) or ())


def _network(bits: str) -> Predicate:
    """A network or a single address by its version and its leading bits."""
    width = 32 if bits[0] == "4" else 128
    block = ip_network((int(bits[1:].ljust(width, "0"), 2).to_bytes(width // 8, "big"), len(bits) - 1))
    return Equals(str(block.network_address)) if block.prefixlen == width else InNetwork(str(block))


# Ways in


def _entry(constraint: Language, entries: Sequence[Entry]) -> Expression:
    """Ways in by protocol, else by listener, else by both, told apart only from the other ways in."""
    chosen = [entry for entry in entries if entry.name in constraint]
    for field, part in ((PROTOCOL, _protocol), (LISTENER, _listener)):
        parts = list(dict.fromkeys(map(part, chosen)))
        if not any(part(entry) in parts for entry in entries if entry not in chosen):
            return Test(field, any_of(map(Equals, parts)))
    return Or(
        tuple(And((Test(PROTOCOL, Equals(one.protocol)), Test(LISTENER, Equals(one.listener)))) for one in chosen)
    )


def _protocol(entry: Entry) -> str:
    return entry.protocol


def _listener(entry: Entry) -> str:
    return entry.listener
