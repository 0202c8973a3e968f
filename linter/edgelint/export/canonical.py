"""The canonical form of a p2pstream policy, as plain values in the shape that its API answers with.

Rules stand in the order they are looked at, routes likewise; listeners and captcha providers by name. A match is the expression
that p2pstream evaluates: that of a builder, and of the old form, is what p2pstream makes of it. Backends are targets of their
routes, and the default backend of a listener a default route, as p2pstream migrates them. The lists of the
configuration are there also when they are empty. A field is there when it decides what its object does, when it is not the default, or when leaving it out would mean
something else in an answer of the API than in a file kept by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from edgelint.export.numbering import Numbers, by_name, numbers_of
from edgelint.model.policy import Listener, Policy, Provider, Route, Rule, Target
from edgelint.readers.p2pstream import network_shapes, shapes
from edgelint.readers.p2pstream.content import camel
from edgelint.readers.p2pstream.parsers import Choice
from edgelint.readers.p2pstream.rules import PHASES, Kind
from edgelint.readers.p2pstream.settings import fields_of
from edgelint.readers.p2pstream.shape import Field, Shape

_GREATEST = 2**63 - 1
_DEFAULT_ROUTE = 1000
"""The least priority of a default route that was the default backend of a listener."""

Fields = Mapping[str, object]
"""What the fields of an object hold, by their names in snake case."""


def configuration(policy: Policy) -> dict[str, object]:
    """All of a policy."""
    numbers = numbers_of(policy)
    last = max([_DEFAULT_ROUTE, *(route.order[0] for route in policy.routes if route.order[0] <= _GREATEST)])
    found: dict[str, object] = {
        "listeners": [_listener(one, numbers) for one in by_name(policy.listeners)],
        "routes": [_route(one, numbers, last) for one in policy.routes],
        "wafCaptchaProviders": [_provider(one, numbers) for one in by_name(policy.providers)],
    }
    for kind, phase in zip((kind for kind, _, _ in PHASES), policy.phases, strict=True):
        found[camel(kind.list_name)] = [_rule(kind, rule, numbers) for rule in phase.rules]
    if policy.store is not None:
        store = policy.store
        fields = {"enabled": store.enabled, "max_disk_bytes": store.capacity, "max_entries": store.entries}
        found["cacheSettings"] = _written(shapes.CacheSettings, fields)
    return found


def _listener(listener: Listener, numbers: Numbers) -> dict[str, object]:
    fields = {
        "id": numbers.listeners.get(listener.id, 0),
        "name": listener.name,
        "bind_address": listener.address,
        "port": listener.port,
        "protocol": listener.protocol,
        "enabled": listener.enabled,
    }
    return _written(network_shapes.Listener, fields)


def _provider(provider: Provider, numbers: Numbers) -> dict[str, object]:
    fields = {
        "id": numbers.providers.get(provider.id, 0),
        "name": provider.name,
        "enabled": provider.enabled,
        "provider_type": provider.kind,
        "site_key": provider.site_key,
    }
    return _written(network_shapes.Provider, fields)


def _route(route: Route, numbers: Numbers, last: int) -> dict[str, object]:
    fields: dict[str, object] = {
        "id": numbers.routes.get(route.id, 0),
        "listener_id": numbers.listeners.get(route.listener, 0),
        "priority": min(route.order[0], last),
        "host_pattern": route.host,
        "path_prefix": route.path,
        "enabled": route.enabled,
        "action": route.action,
        "is_default": route.default,
        "path_security_mode": "allow_encoded_separators" if route.separators else "strict",
    }
    if route.targets:
        fields["targets"] = _objects(_target(target, numbers) for target in route.targets)
    if route.redirect is not None:
        redirect = route.redirect
        fields |= {"redirect_target_mode": redirect.mode, "redirect_target": redirect.target}
        fields["redirect_status_code"] = redirect.status
        fields["redirect_preserve_path_suffix"] = redirect.keeps_suffix
        fields["redirect_preserve_query"] = redirect.keeps_query
    return _written(network_shapes.Route, fields)


def _target(target: Target, numbers: Numbers) -> dict[str, object]:
    labels, behind, url = target.origin.rpartition("|")
    fields = {
        "id": numbers.targets.get(target.id, 0),
        "name": target.name,
        "enabled": target.enabled,
        "target_type": "proxy" if url else "static",
        "url": url,
        "transport": "agent" if behind else "direct",
        "agent_selector": {"match_labels": _labels(labels.removeprefix("agent:"))},
        "priority_group": target.group,
        "weight": target.weight,
        "upstream_request_headers": _objects({"name": name} for name in target.injected),
        "health_check": {"enabled": target.health_checked},
    }
    return _written(network_shapes.Target, fields)


def _labels(text: str) -> dict[str, str]:
    """The labels of an agent, or the numbers of the agents of an old pool as the value of one."""
    found: dict[str, str] = {}
    name = ""
    for piece in text.split(",") if text else ():
        if "=" in piece:
            name, _, value = piece.partition("=")
            found[name] = value
        else:
            found[name] = f"{found.get(name, '')},{piece}"
    return found


def _rule(kind: Kind, rule: Rule, numbers: Numbers) -> dict[str, object]:
    fields = fields_of(kind.shape, rule.settings)
    fields |= {
        "id": numbers.rules.get(rule, 0),
        "name": rule.name,
        "priority": rule.priority,
        "enabled": rule.enabled,
        "match_rule": {"celExpression": rule.match.text} if rule.match.text else {},
    }
    parts = rule.settings.get("key_parts")
    if isinstance(parts, tuple) and (parts != ("remote_ip",) or rule.key is not None):
        fields["key_parts"] = _objects(_key_part(part) for part in parts)
    if "captcha_provider_id" in fields:
        fields["captcha_provider_id"] = numbers.providers.get(str(fields["captcha_provider_id"]), 0)
    for field, name in (("route_ids", "route"), ("target_ids", "target")):
        if field in fields:
            known = numbers.routes if name == "route" else numbers.targets
            ids = {known[reference.id] for reference in rule.references if reference.kind == name}
            fields[field] = tuple(sorted(ids))
    return _written(kind.shape, fields)


def _key_part(text: str) -> dict[str, object]:
    source, _, name = text.partition(":")
    found = _written(shapes.KeyPart, {"name": name})
    return {"source": _plain(shapes.KeyPart.fields["source"], source), **found}


def _objects(objects: Iterable[Mapping[str, object]]) -> tuple[Mapping[str, object], ...]:
    return tuple(objects)


def _written(shape: type[Shape], fields: Fields) -> dict[str, object]:
    """An object of the API that holds these fields, in the order of its shape, without those that go without saying."""
    found: dict[str, object] = {}
    for name, field in shape.fields.items():
        if name not in fields or not _said(field, fields[name]):
            continue
        value = fields[name]
        if isinstance(field.default, Shape) and isinstance(value, Mapping):
            found[camel(name)] = _written(type(field.default), value)
        else:
            found[camel(name)] = _plain(field, value)
    return found


def _said(field: Field[object], value: object) -> bool:
    """Whether a field has to be written down."""
    if isinstance(field.default, Shape) and isinstance(value, Mapping):
        return any(value[name] != inner.default for name, inner in field.default.fields.items() if name in value)
    return value != field.default or field.zero != field.default or (field.decisive and bool(value))


def _plain(field: Field[object], value: object) -> object:
    """The value of a field as JSON has it."""
    if isinstance(field.read, Choice) and isinstance(value, str):
        return field.read.full(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return list(value) if isinstance(value, tuple) else value
