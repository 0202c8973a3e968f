"""Validations of ACME, the protocol by which certificates are issued: the requests of an authority's servers (RFC 8555)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from edgelint.facts import Facts
from edgelint.knowledge.pairs import exactly
from edgelint.model.expression import LISTENER, METHOD, PATH, PROTOCOL, And, Equals, Matches, Some, Test
from edgelint.space.addresses import EVERY_V4, Addresses
from edgelint.space.questions import projection
from edgelint.space.region import Box, Region
from edgelint.space.theory import Axis

CHALLENGE = "/.well-known/acme-challenge"
_VALIDATED = "^/\\.well-known/acme-challenge/[0-9A-Za-z_-]+$"  # RFC 8555, section 8.3
_PORT = 80  # RFC 8555, section 8.3
_SENT: Mapping[str, str] = {
    "user-agent": "Mozilla/5.0 (compatible; Let's Encrypt validation server; +https://www.letsencrypt.org)",
    "accept": "*/*",
    "accept-encoding": "gzip",
    "connection": "close",
}
"""The headers of a validating server, as Let's Encrypt's sends them; it sends no cookies and no parameters."""


def validation(facts: Facts, region: Region) -> Region:
    """The requests of a validating server, as far as a region asks for anything about them."""
    asked_for = (Test(PROTOCOL, Equals("http")), Test(METHOD, Equals("GET")), Test(PATH, Matches(_VALIDATED)))
    condition = And((*asked_for, *_at_its_port(facts)))
    asked = (axis for axis in region.axes() if axis.kind in ("header", "cookie", "query"))
    sent = {
        axis: exactly((_SENT[axis.name],) if axis.kind == "header" and axis.name in _SENT else ()) for axis in asked
    }
    return facts.both(facts.matching(condition), Region(region.space, (Box(region.space, sent),)))


def _at_its_port(facts: Facts) -> Iterator[Test]:
    """That a request comes in at port 80, where validations go; nothing if no listener has it, and something before maps ports."""
    plain = [Equals(one.id) for one in facts.listeners.values() if one.port == _PORT]
    if plain:
        yield Test(LISTENER, Some(tuple(plain)))


def from_few(here: Region) -> bool:
    """Whether the addresses in question are a list of some bad ones, on which no authority will be."""
    addresses = projection(here, Axis("address"))
    assert isinstance(addresses, Addresses)  # noqa: S101
    return (addresses & EVERY_V4).size() <= EVERY_V4.size() >> 8
