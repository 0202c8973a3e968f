"""What limiters count by, and how much they grant, in terms every check shares."""

from __future__ import annotations

from edgelint.model.policy import Rule
from edgelint.model.topology import Topology

_CLIENT_KINDS = ("address", "header", "cookie", "query")


def identity(rule: Rule) -> frozenset[tuple[str, str]]:
    """The kinds and names of a key's parts that can tell one client from another."""
    return frozenset((part.field.kind, part.field.name) for part in rule.key or () if part.field.kind in _CLIENT_KINDS)


def counts_by_address_alone(rule: Rule, topology: Topology) -> bool:
    """Whether the client's address is all that tells clients apart: no other part does, trusted headers included."""
    trusted = {("header", name) for name in topology.trusted_headers}
    return {kind for kind, _ in identity(rule) - trusted} == {"address"} and not identity(rule) & trusted


def budget(rule: Rule) -> str:
    """What one bucket of a limiter or shaper grants, in words."""
    settings = rule.settings
    if rule.outcome.kind == "limit":
        return f"one bucket of {settings.get('limit')} requests per {duration(settings.get('window'))}"
    rates = [
        f"{settings[name]} B/s {direction}"
        for name, direction in (("download", "down"), ("upload", "up"))
        if settings.get(name)
    ]
    return f"one budget of {' and '.join(rates)}"


def duration(seconds: object) -> str:
    """Seconds in the largest unit that divides them."""
    if not isinstance(seconds, int | float):
        return "window"
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds % size == 0:
            count = int(seconds // size)
            return unit if count == 1 else f"{count} {unit}s"
    return "second" if seconds == 1 else f"{seconds:g} seconds"
