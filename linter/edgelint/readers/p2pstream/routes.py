"""Listeners, routes, targets and captcha providers, from plain values to the model, backends of v0.1.39 and before included.

A backend becomes a target of every route that used it and keeps its id, which cache rules of that time speak of; the
default backend of a listener becomes a default route.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from edgelint.model.expression import HOST, PATH, TRUE, And, Expression, HostPattern, PathPrefix, Test
from edgelint.model.policy import Listener, Provider, Redirect, Route, Target
from edgelint.readers.p2pstream import network_shapes as shapes
from edgelint.readers.p2pstream.objects import Notes, Raw
from edgelint.readers.p2pstream.shape import read_object

_LAST = 2**63
"""The priority of default routes that were made from a listener: after all that are written down."""
_PORTS = {"http": 80, "https": 443}


def read_providers(objects: Iterable[Raw], notes: Notes) -> tuple[Provider, ...]:
    """The captcha providers."""
    return tuple(
        Provider(
            id=str(found.id) if found.id else found.name,
            name=found.name,
            enabled=found.enabled,
            place=raw.at("name"),
            kind=found.provider_type,
            site_key=found.site_key,
        )
        for raw in objects
        if (found := read_object(shapes.Provider, raw, "a captcha provider", notes))
    )


class Tables(NamedTuple):
    """The lists that routes are made of; backends are those of v0.1.39 and before."""

    listeners: Sequence[Raw]
    routes: Sequence[Raw]
    targets: Sequence[Raw]
    backends: Sequence[Raw]
    route_backends: Sequence[Raw]
    backend_agents: Sequence[Raw]
    upstream_headers: Sequence[Raw]


def read_routes(tables: Tables, notes: Notes) -> tuple[tuple[Listener, ...], tuple[Route, ...]]:
    """The listeners, and the routes in the order they are looked at."""
    backends = _backends(tables, notes)
    listeners, defaults = _listeners(tables.listeners, backends, notes)
    more = _targets_by_route(tables, notes)
    assigned = _assigned_by_route(tables.route_backends, backends, notes)
    routes = [
        route
        for position, raw in enumerate(tables.routes, 1)
        if (route := _route(raw, position, more, assigned, backends, notes))
    ]
    return tuple(listeners), tuple(sorted([*routes, *defaults], key=lambda route: route.order))


def _listeners(
    objects: Iterable[Raw], backends: Mapping[int, Target], notes: Notes
) -> tuple[list[Listener], list[Route]]:
    listeners: list[Listener] = []
    defaults: list[Route] = []
    for raw in objects:
        found = read_object(shapes.Listener, raw, "a listener", notes)
        if found is None:
            continue
        protocol = "https" if found.protocol == "https" else "http"
        if not found.protocol:
            notes.unreadable("the listener has no protocol, it is read as http", raw.place)
        listener = Listener(
            id=str(found.id) if found.id else found.name,
            name=found.name,
            protocol="https" if protocol == "https" else "http",
            address=found.bind_address,
            port=found.port,
            enabled=found.enabled,
            place=raw.at("name"),
        )
        listeners.append(listener)
        if found.default_backend_id in backends:
            target = backends[found.default_backend_id]
            defaults.append(_default_route(listener, len(listeners), target, raw))
    return listeners, defaults


def _default_route(listener: Listener, position: int, target: Target, raw: Raw) -> Route:
    return Route(
        id=f"default of listener {listener.id}",
        listener=listener.id,
        order=(_LAST, position),
        host="",
        path="",
        default=True,
        enabled=True,
        action="forward",
        match=TRUE,
        targets=(target,),
        place=raw.at("default_backend_id"),
    )


def _route(
    raw: Raw,
    position: int,
    more: Mapping[int, Sequence[Target]],
    assigned: Mapping[int, Sequence[Target]],
    backends: Mapping[int, Target],
    notes: Notes,
) -> Route | None:
    found = read_object(shapes.Route, raw, "a route", notes)
    if found is None:
        return None
    host = found.host_pattern.strip().lower().removesuffix(".")
    own = [target for target in (_target(item, notes) for item in raw.items("targets", notes)) if target]
    old = _old_targets(found, assigned, backends)
    targets = {(target.id, target.origin): target for target in (*own, *more.get(found.id, ()), *old)}
    return Route(
        id=str(found.id or f"#{position}"),
        listener=str(found.listener_id or ""),
        order=(found.priority, found.id or position),
        host=host,
        path=found.path_prefix,
        default=found.is_default,
        enabled=found.enabled,
        action="redirect" if found.action == "redirect" else "forward",
        match=TRUE if found.is_default else _match(host, found.path_prefix),
        targets=tuple(targets.values()),
        place=raw.place,
        separators=found.path_security_mode == "allow_encoded_separators",
        redirect=_redirect(found) if found.action == "redirect" else None,
    )


_MODES: dict[str, Literal["same_host_path", "external_origin_keep_path", "absolute_url"]] = {
    "external_origin_keep_path": "external_origin_keep_path",
    "absolute_url": "absolute_url",
}


def _redirect(found: shapes.Route) -> Redirect:
    mode = _MODES.get(found.redirect_target_mode, "same_host_path")
    return Redirect(
        mode,
        found.redirect_target,
        found.redirect_status_code,
        keeps_suffix=found.redirect_preserve_path_suffix,
        keeps_query=found.redirect_preserve_query,
    )


def _match(host: str, path: str) -> Expression:
    """The host and path of a route as an expression; a default route matches whatever is left."""
    tests: list[Expression] = []
    if host:
        tests.append(Test(HOST, HostPattern(host)))
    if path not in ("", "/"):
        tests.append(Test(PATH, PathPrefix(path)))
    if not tests:
        return TRUE
    return And(tuple(tests)) if len(tests) > 1 else tests[0]


def _targets_by_route(tables: Tables, notes: Notes) -> dict[int, list[Target]]:
    """The targets of the flat list, which an answer of the API holds once more inside the routes."""
    injected: dict[int, list[str]] = defaultdict(list)
    for raw in tables.upstream_headers:
        if header := read_object(shapes.UpstreamHeader, raw, "a header sent upstream", notes):
            injected[header.target_id].append(header.name)
    targets: dict[int, list[Target]] = defaultdict(list)
    for raw in tables.targets:
        target, route = _target(raw, notes, injected), raw.get("route_id")
        number = int(route) if isinstance(route, int | str) and str(route).isdecimal() else 0
        if target:
            targets[number].append(target)
    return targets


def _target(raw: Raw, notes: Notes, more: Mapping[int, Sequence[str]] = MappingProxyType({})) -> Target | None:
    """A target; `more` are the names of headers sent to targets, by their ids, where a table holds these."""
    found = read_object(shapes.Target, raw, "a target", notes)
    if found is None:
        return None
    origin = "" if found.target_type == "static" else _origin(found.url, raw, "url", notes)
    if found.transport == "agent" and origin:
        labels = ",".join(f"{key}={value}" for key, value in sorted(found.agent_selector.match_labels.items()))
        origin = f"agent:{labels}|{origin}"
    names = {name.strip().lower() for name in more.get(found.id, ())}
    names |= {header.name.strip().lower() for header in found.upstream_request_headers}
    names |= {"authorization"} if found.upstream_basic_auth.enabled else set()
    return Target(
        id=str(found.id or ""),
        name=found.name,
        origin=origin,
        enabled=found.enabled,
        place=raw.at("url"),
        group=found.priority_group,
        weight=found.weight,
        injected=tuple(sorted(names)),
        health_checked=found.health_check.enabled,
    )


def _origin(url: str, raw: Raw, field: str, notes: Notes) -> str:
    """Scheme, host and port of a URL, credentials left out."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        parts, port = urlsplit(""), None
    host = parts.hostname or ""
    if not host or port is None:
        notes.unreadable("the target's URL is not an http or https URL with a host", raw.at(field))
        return f"unreadable:{raw.get('id') or raw.place.route}"
    return f"{parts.scheme}://[{host}]:{port}" if ":" in host else f"{parts.scheme}://{host}:{port}"


# Backends, until v0.1.39.


def _backends(tables: Tables, notes: Notes) -> dict[int, Target]:
    """The backends as targets, by id."""
    agents: dict[int, set[int]] = defaultdict(set)
    for raw in tables.backend_agents:
        agent = read_object(shapes.BackendAgent, raw, "an agent of a backend", notes)
        if agent:
            agents[agent.backend_id].add(agent.agent_id)
    targets: dict[int, Target] = {}
    for raw in tables.backends:
        found = read_object(shapes.Backend, raw, "a backend", notes)
        if found:
            pool = agents[found.id] | {agent.agent_id for agent in found.agent_assignments}
            targets[found.id] = _backend(found, pool, raw, notes)
    return targets


def _backend(found: shapes.Backend, agents: set[int], raw: Raw, notes: Notes) -> Target:
    origin = "" if found.backend_type == "static" else _origin(found.target_origin, raw, "target_origin", notes)
    if found.forward_mode == "agent_pool" and origin:
        pool = ",".join(str(agent) for agent in sorted(agents))
        origin = f"agent:agents={pool}|{origin}"
    return Target(str(found.id), found.name, origin, found.enabled, raw.at("target_origin"))


def _assigned_by_route(objects: Iterable[Raw], backends: Mapping[int, Target], notes: Notes) -> dict[int, list[Target]]:
    found = [item for raw in objects if (item := read_object(shapes.RouteBackend, raw, "a backend of a route", notes))]
    assigned: dict[int, list[Target]] = defaultdict(list)
    for item in sorted(found, key=lambda item: item.position):
        assigned[item.route_id] += _enabled(item, backends)
    return assigned


def _enabled(item: shapes.RouteBackend, backends: Mapping[int, Target]) -> Iterator[Target]:
    if item.enabled and item.backend_id in backends:
        yield backends[item.backend_id]


def _old_targets(
    route: shapes.Route, assigned: Mapping[int, Sequence[Target]], backends: Mapping[int, Target]
) -> Iterator[Target]:
    """The backends of a route: those assigned to it, else its only one; then the one for when they fail."""
    if route.action == "redirect":
        return
    several = [target for item in route.backend_assignments for target in _enabled(item, backends)]
    several += assigned.get(route.id, ())
    yield from several
    for number in (route.fallback_backend_id,) if several else (route.backend_id, route.fallback_backend_id):
        if number in backends:
            yield backends[number]
