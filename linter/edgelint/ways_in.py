"""Where requests come in and where they can go, and the space of all of them for one policy or several versions of it."""

from __future__ import annotations

from collections.abc import Iterable

from edgelint.meaning import Entry, Meaning
from edgelint.model.policy import Platform, Policy, Route


def meaning_of(platform: Platform, policies: Iterable[Policy]) -> Meaning:
    """The space in which the requests to some versions of a policy are."""
    tables = [(policy, routes_in_force(policy)) for policy in policies]
    routes = [route for _, found in tables for route in found]
    return Meaning(
        platform,
        entries=tuple(dict.fromkeys(entry for policy, found in tables for entry in _entries(policy, found))),
        hosts=tuple(dict.fromkeys(route.host for route in routes if route.host and "*" not in route.host)),
        separators=any(route.separators for route in routes),
    )


def routes_in_force(policy: Policy) -> tuple[Route, ...]:
    """The routes in force: enabled, and of an enabled listener where listeners are known."""
    listeners = {listener.id for listener in policy.listeners if listener.enabled}
    return tuple(
        route for route in policy.routes if route.enabled and (not policy.listeners or route.listener in listeners)
    )


def _entries(policy: Policy, routes: Iterable[Route]) -> list[Entry]:
    """Where requests come in; a listener that only routes speak of may speak either protocol."""
    listeners = [listener for listener in policy.listeners if listener.enabled]
    if listeners:
        return [Entry(listener.id, listener.protocol) for listener in listeners]
    ids = sorted({route.listener for route in routes})
    return [Entry(listener, protocol) for listener in ids for protocol in ("https", "http")]
