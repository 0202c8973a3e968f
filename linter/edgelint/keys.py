"""What limiters count by: what a key's parts say of a client, who chooses them, and what they can be."""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import ip_network
from typing import cast

from edgelint.meaning import Meaning
from edgelint.model.expression import And, Expression, Field, Not, Present
from edgelint.model.parts import values_of
from edgelint.model.policy import Platform, Rule
from edgelint.model.request import Request
from edgelint.model.topology import Topology
from edgelint.space.addresses import Addresses
from edgelint.space.language import NOTHING, Language, Words, words
from edgelint.space.limits import Unbounded
from edgelint.space.questions import projection
from edgelint.space.region import Region
from edgelint.space.theory import Axis, TextTheory, ValuesTheory
from edgelint.space.values import Values

_CLIENT_KINDS = ("address", "header", "cookie", "query")
_SENT_KINDS = ("header", "cookie", "query")
_CHOSEN_KINDS = (*_SENT_KINDS, "path", "host", "method")
_CHECKED = re.compile(
    r"auth|token|jwt|api-?_?key|secret|sess|sid\b|remember|csrf|credential|licen[cs]e|user(?!-?agent)|account|tenant"
    r"|customer|partner|merchant|organi[sz]ation|\borg\b|workspace|project|team|plan",
    re.IGNORECASE,
)
_SIGNED = re.compile(r"^(?:proxy-)?authorization$|jwt|token", re.IGNORECASE)


def identity(rule: Rule) -> frozenset[tuple[str, str]]:
    """The kinds and names of a key's parts that can tell one client from another."""
    return frozenset((part.field.kind, part.field.name) for part in rule.key or () if part.field.kind in _CLIENT_KINDS)


def counts_by_address(rule: Rule) -> bool:
    """Whether the client's address is a part of the key."""
    return ("address", "") in identity(rule)


def counts_by_trusted_header(rule: Rule, topology: Topology) -> bool:
    """Whether a header that only a trusted proxy sets is a part of the key."""
    return any(("header", name) in identity(rule) for name in topology.trusted_headers)


def counts_by_address_alone(rule: Rule, topology: Topology) -> bool:
    """Whether the client's address is all that tells clients apart: no other part does, trusted headers included."""
    return {kind for kind, _ in identity(rule)} == {"address"} and not counts_by_trusted_header(rule, topology)


def fields(rule: Rule) -> tuple[Field, ...]:
    """The fields of a rule's key, each once, in order."""
    return tuple(dict.fromkeys(part.field for part in rule.key or ()))


def sent(rule: Rule) -> tuple[Field, ...]:
    """The fields of a rule's key that a client may send or leave out."""
    return tuple(field for field in fields(rule) if field.kind in _SENT_KINDS)


def forgeable(field: Field, topology: Topology) -> bool:
    """Whether the client alone decides what this part of a key is."""
    return field.kind in _CHOSEN_KINDS and not (field.kind == "header" and field.name in topology.trusted_headers)


def checked(field: Field) -> bool:
    """Whether a part is, by its name, something the application checks, so that it turns away who makes one up."""
    return field.kind in _SENT_KINDS and bool(_CHECKED.search(field.name))


def signed(field: Field) -> bool:
    """Whether a part is, by its name, a long signed token, such as a JWT: those of one issuer begin alike."""
    return field.kind in ("header", "cookie") and bool(_SIGNED.search(field.name))


def absent(parts: Iterable[Field]) -> Expression:
    """The condition that a request has none of some parts."""
    return And(tuple(Not(Present(field)) for field in parts))


# The key of one request.


def key(rule: Rule, request: Request, platform: Platform) -> tuple[bytes, ...] | None:
    """What a rule counts a request by; None when a missing part keeps it from being counted."""
    found = []
    for field in fields(rule):
        value = next(iter(values_of(request, field)), "") or platform.missing_key
        if value is None:
            return None
        if field.kind == "address":
            value = _grouped(value, platform.limiting.ipv6_prefix)
        found.append(value.encode("utf-8", "surrogatepass")[: platform.limiting.value_bytes])
    return tuple(found)


def _grouped(address: str, prefix: int) -> str:
    """An address as far as it counts: of IPv6 its leading bits."""
    return str(ip_network(f"{address}/{prefix}", strict=False)) if ":" in address and prefix < 128 else address


# What a part can be within a region.


def choices(meaning: Meaning, region: Region, field: Field) -> Language:
    """Texts a part other than the address can be where it is there. Raises Unbounded.

    All of them, but for a value that stands before the one a condition asks for in the same list.
    """
    axis = Axis(field.kind, field.name)
    theory, found = meaning.space.theory(axis), projection(region, axis)
    if meaning.never_present(field):
        return NOTHING
    if isinstance(theory, ValuesTheory):
        return _first_values(cast(Values, found) & theory.bound, theory.domain)
    return cast(Language, found) & cast(TextTheory, theory).domain


def _first_values(values: Values, domain: Language) -> Language:
    """The texts that can come first in a list of some values, less the empty one, which counts as none."""
    found = NOTHING
    for shape in values.shapes:
        slots = shape.slots(domain)
        if slots is not None:
            found |= slots[0]
    return found & ~words(("",))


def settled(meaning: Meaning, region: Region, field: Field) -> bool:
    """Whether a part is certainly the same for every request of a region."""
    axis = Axis("entry") if field.kind == "protocol" else Axis(field.kind, field.name)
    if meaning.never_present(field):
        return True
    try:
        found = projection(region, axis)
        if isinstance(found, Addresses):
            return found.size() <= 1
        if isinstance(found, Values):
            return found.absent and not found.shapes
        inside = found & cast(TextTheory, meaning.space.theory(axis)).domain
    except Unbounded:
        return False
    if field.kind == "protocol":
        return len({entry.protocol for entry in meaning.entries if entry.name in inside}) <= 1
    return isinstance(inside, Words) and len(inside.words) <= 1


def coarser(meaning: Meaning, one: Rule, other: Rule, region: Region) -> bool:
    """Whether requests of a region that one bucket of the other rule counts are certainly in one bucket of the one, too."""
    if one.key is None or other.key is None:
        return False
    return all(field in fields(other) or settled(meaning, region, field) for field in fields(one))
