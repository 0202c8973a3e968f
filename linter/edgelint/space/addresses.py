"""Sets of IP addresses as sorted disjoint ranges, both versions on one axis: IPv4 first, IPv6 behind it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

_V6 = 1 << 32
_END = _V6 + (1 << 128)

_VERSIONS = (("4", 0, 32), ("6", _V6, 128))

Range = tuple[int, int]


class Addresses:
    """A set of addresses: half-open ranges, sorted, disjoint and not touching. Equal sets have equal ranges."""

    __slots__ = ("ranges",)

    def __init__(self, ranges: tuple[Range, ...]) -> None:
        self.ranges = ranges

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Addresses) and self.ranges == other.ranges

    def __hash__(self) -> int:
        return hash(self.ranges)

    def __and__(self, other: Addresses) -> Addresses:
        found, i, j = [], 0, 0
        while i < len(self.ranges) and j < len(other.ranges):
            (a, b), (c, d) = self.ranges[i], other.ranges[j]
            if max(a, c) < min(b, d):
                found.append((max(a, c), min(b, d)))
            i, j = (i + 1, j) if b < d else (i, j + 1)
        return Addresses(tuple(found))

    def __or__(self, other: Addresses) -> Addresses:
        return _join((*self.ranges, *other.ranges))

    def __invert__(self) -> Addresses:
        edges = (0, *(edge for pair in self.ranges for edge in pair), _END)
        return Addresses(tuple((a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if a < b))

    def __sub__(self, other: Addresses) -> Addresses:
        return self & ~other

    def __contains__(self, text: str) -> bool:
        point = _point(text)
        return point is not None and any(first <= point < last for first, last in self.ranges)

    def __bool__(self) -> bool:
        return bool(self.ranges)

    def member(self) -> str | None:
        """A member in canonical text (RFC 5952), from the documentation ranges where possible; None when empty."""
        for familiar in _FAMILIAR:
            if shared := self & familiar:
                return _text(shared.ranges[0][0])
        if not self.ranges:
            return None
        first, last = self.ranges[0]
        return _text(min(first + 1, last - 1))

    def size(self) -> int:
        """The number of addresses."""
        return sum(last - first for first, last in self.ranges)


def _join(ranges: Iterable[Range]) -> Addresses:
    found: list[Range] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return Addresses(tuple(found))


@lru_cache(maxsize=4096)
def network(text: str) -> Addresses:
    """The addresses of a network in CIDR notation, host bits ignored. Raises ValueError for anything else."""
    if "/" not in text:
        raise ValueError(f"`{text}` is not a network")
    found: IPv4Network | IPv6Network = ip_network(text, strict=False)
    base = 0 if found.version == 4 else _V6
    start = base + int(found.network_address)
    return Addresses(((start, start + found.num_addresses),))


def address(text: str) -> Addresses:
    """The one address with this canonical text, and nothing for any other text: no edge reports an address like that."""
    point = _point(text)
    if point is None or _text(point) != text:
        return NO_ADDRESS
    return Addresses(((point, point + 1),))


def every(addresses: Iterable[Addresses]) -> Addresses:
    """The union of many sets."""
    return _join(pair for one in addresses for pair in one.ranges)


def networks(addresses: Addresses, most: int) -> tuple[str, ...] | None:
    """The networks that make up a set, each as the version and the leading bits; None when they are more than so many."""
    found: list[str] = []
    for first, last in addresses.ranges:
        for version, base, width in _VERSIONS:
            low, high = max(first, base) - base, min(last, base + (1 << width)) - base
            while low < high:
                host = min((low & -low).bit_length() - 1 if low else width, (high - low).bit_length() - 1)
                found.append(version + f"{low:0{width}b}"[: width - host])
                if len(found) > most:
                    return None
                low += 1 << host
    return tuple(found)


@lru_cache(maxsize=4096)
def bits(text: str) -> str:
    """The version and all bits of an address; empty for a text that is none."""
    point = _point(text)
    if point is None:
        return ""
    return f"4{point:032b}" if point < _V6 else f"6{point - _V6:0128b}"


@lru_cache(maxsize=65536)
def _point(text: str) -> int | None:
    try:
        found: IPv4Address | IPv6Address = ip_address(text)
    except ValueError:
        return None
    return int(found) if found.version == 4 else _V6 + int(found)


def _text(point: int) -> str:
    return str(IPv4Address(point)) if point < _V6 else str(IPv6Address(point - _V6))


NO_ADDRESS = Addresses(())
EVERY_V4 = Addresses(((0, _V6),))
_MAPPED = network("::ffff:0:0/96")
EVERY_V6 = Addresses(((_V6, _END),)) - _MAPPED
EVERY_ADDRESS = EVERY_V4 | EVERY_V6
"""Every address a peer can have: an IPv4 peer is reported as IPv4, never as an IPv4-mapped IPv6 address (RFC 4291, 2.5.5.2)."""

_FAMILIAR = tuple(
    Addresses(((first, last),))
    for net in ("203.0.113.0/24", "198.51.100.0/24", "192.0.2.0/24", "2001:db8::/32")
    for first, last in [(network(net).ranges[0][0] + 7, network(net).ranges[0][1] - 1)]
)
