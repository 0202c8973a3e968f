"""A p2pstream configuration, from one document or from several that belong together, to a policy.

Two forms are told apart. An *answer* of the API (its full enumeration names, its time stamps, or a wrapper around it) leaves
out zero values, as protojson does: an absent `enabled` is false, an absent `priority` 0. Everything else is *kept* by
hand, where an absent field is the default of p2pstream's tables: enabled, priority 100.
"""

from __future__ import annotations

from collections.abc import Sequence

from edgelint.model.policy import Phase, Policy, Problem, Store
from edgelint.platforms.p2pstream import P2PSTREAM
from edgelint.readers.documents.document import quoted
from edgelint.readers.p2pstream import rules, shapes
from edgelint.readers.p2pstream.content import KNOWN_LISTS, Part, snake
from edgelint.readers.p2pstream.ignores import read_ignores
from edgelint.readers.p2pstream.objects import Notes, Raw
from edgelint.readers.p2pstream.routes import Tables, read_providers, read_routes
from edgelint.readers.p2pstream.shape import read_object

MOST_PROBLEMS = 1000
"""How many problems of one configuration are listed."""


def read_policy(name: str, parts: Sequence[Part]) -> Policy:
    """The policy of all parts together."""
    notes = Notes([problem for part in parts for problem in part.problems])
    objects = [Raw(part.value, part.place, part.form) for part in parts]
    for part in objects:
        _note_unknown(part, notes)
    stores = [store for part in objects if (store := _store(part, notes))]
    caching = all(store.enabled for store in stores)
    listeners, routes = read_routes(_tables(objects, notes), notes)
    phases = tuple(
        Phase(
            kind.phase,
            title,
            algorithm,
            kind.read(_objects(objects, kind.list_name, notes), notes),
            on=caching or kind is not rules.CACHE,
        )
        for kind, title, algorithm in rules.PHASES
    )
    providers = read_providers(_objects(objects, "waf_captcha_providers", notes), notes)
    store = stores[0] if stores else None
    every = [rule for phase in phases for rule in phase.rules]
    ignores = tuple(ignore for part in parts for ignore in read_ignores(part, every))
    return Policy(name, P2PSTREAM, phases, routes, listeners, providers, store, _first(notes.problems), ignores)


def _objects(parts: Sequence[Raw], name: str, notes: Notes) -> list[Raw]:
    return [item for part in parts for item in part.items(name, notes)]


def _tables(parts: Sequence[Raw], notes: Notes) -> Tables:
    return Tables(
        listeners=_objects(parts, "listeners", notes),
        routes=_objects(parts, "routes", notes),
        targets=_objects(parts, "route_targets", notes),
        backends=_objects(parts, "backends", notes),
        route_backends=_objects(parts, "route_backends", notes),
        backend_agents=_objects(parts, "backend_agents", notes),
        upstream_headers=_objects(parts, "target_upstream_headers", notes),
    )


def _note_unknown(part: Raw, notes: Notes) -> None:
    keys = part.value if isinstance(part.value, dict) else {}
    for key in keys:
        if snake(key) not in KNOWN_LISTS:
            notes.unknown(f"{quoted(key)} is not a known part of a configuration", part.place.child(key))


def _store(part: Raw, notes: Notes) -> Store | None:
    """The store of the cache, where this part speaks of it."""
    if part.key("cache_settings") is None:
        return None
    found = read_object(shapes.CacheSettings, part.inside("cache_settings"), "the cache settings", notes)
    return (
        None
        if found is None
        else Store(found.enabled, found.max_disk_bytes, found.max_entries, part.at("cache_settings"))
    )


def _first(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """The problems, or the first of very many and how many there are more."""
    if len(problems) <= MOST_PROBLEMS:
        return tuple(problems)
    rest = problems[MOST_PROBLEMS:]
    last = Problem("unreadable", f"{len(rest)} more problems of this configuration are not listed", rest[0].place)
    return (*problems[:MOST_PROBLEMS], last)
