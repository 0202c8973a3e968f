"""What p2pstream's own functions say about texts, and the parts of Go's standard library they rest on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from edgelint.model.expression import (
    ADDRESS,
    HOST,
    PATH,
    Equals,
    Field,
    HostPattern,
    InNetwork,
    PathPrefix,
    Predicate,
    Some,
    StartsWith,
)

_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"


def trim(text: str) -> str:
    """The text without white space at its ends, as Go's `strings.TrimSpace`."""
    return text.strip(_SPACE)


def leading_space(text: str) -> int:
    """How many characters `trim` cuts off at the beginning."""
    return len(text) - len(text.lstrip(_SPACE))


def lower(text: str) -> str:
    """The text in lower case, one code point for each, as Go's `strings.ToLower`."""
    return text.lower() if text.isascii() else "".join(character.lower()[0] for character in text)


def upper(text: str) -> str:
    """The text in upper case, one code point for each, as Go's `strings.ToUpper`."""
    folded = text.upper()
    return folded if len(folded) == len(text) else "".join(_upper_one(character) for character in text)


def _upper_one(character: str) -> str:
    folded = character.upper()
    return folded if len(folded) == 1 else character


def normal_host(pattern: str) -> str:
    """A host or host pattern in lower case, without white space around it and without its trailing dot."""
    return trim(lower(pattern)).removesuffix(".")


def host_match(host: str, pattern: str) -> bool:
    """Whether a host is the pattern's, or lies below it where the pattern begins with `*.`; empty means every host."""
    host, pattern = normal_host(host), normal_host(normal_host(pattern))
    if not pattern:
        return True
    if pattern.startswith("*."):
        return host.endswith(pattern[1:]) and len(host) > len(pattern) - 2
    return host == pattern


def path_prefix(path: str, prefix: str) -> bool:
    """Whether a path is the prefix or lies below it by whole segments; `/` and the empty prefix mean every path."""
    prefix = trim(prefix)
    if prefix in ("", "/"):
        return True
    return path.startswith(prefix) and (path == prefix or prefix[-1] == "/" or path[len(prefix)] == "/")


def cidr(address: str, network: str) -> bool:
    """Whether an address lies in a network; false when either cannot be read, or when their families differ."""
    place, block = _address(address), read_network(network)
    return place is not None and block is not None and place in block


@lru_cache(1024)
def read_network(text: str) -> IPv4Network | IPv6Network | None:
    """The network of a text in CIDR notation, host bits allowed, as Go's `netip.ParsePrefix`; None when it is none."""
    address, slash, bits = trim(text).rpartition("/")
    place = _address(address)
    if (
        not slash
        or place is None
        or not (bits.isascii() and bits.isdigit())
        or len(bits) > 3
        or address != trim(address)
    ):
        return None
    if (bits[0] == "0" and bits != "0") or int(bits) > place.max_prefixlen:
        return None
    return ip_network((place, int(bits)), strict=False)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """The address of a text; None for addresses with a zone too, which lie in no network."""
    try:
        return None if "%" in text else ip_address(trim(text))
    except ValueError:
        return None


def _host_relation(field: Field, pattern: str) -> Predicate | bool | None:
    # Other texts are brought to lower case first, for which there is no predicate.
    return HostPattern(normal_host(normal_host(pattern))) if field == HOST else None


def _path_relation(field: Field, prefix: str) -> Predicate | bool | None:
    prefix = trim(prefix)
    if field == PATH and prefix.startswith("/"):
        return PathPrefix(prefix)
    if prefix in ("", "/"):
        return True
    if prefix.endswith("/"):
        return StartsWith(prefix)
    return Some((Equals(prefix), StartsWith(f"{prefix}/")))


def _address_relation(field: Field, network: str) -> Predicate | bool | None:
    block = read_network(network)
    if block is None:
        return False
    # Other texts may spell an IPv6 address in many ways, for which there is no predicate.
    return InNetwork(str(block)) if field == ADDRESS or block.version == 4 else None


RELATIONS: Mapping[str, Callable[[Field, str], Predicate | bool | None]] = {
    "host_match": _host_relation,
    "path_prefix": _path_relation,
    "cidr": _address_relation,
}
"""What the functions ask the text of a field, given their second argument; None where the model has no words for it."""
