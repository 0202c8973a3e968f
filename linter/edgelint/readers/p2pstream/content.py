"""Telling whether plain values are a p2pstream configuration, and in which form; told without any library."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any, Literal, NamedTuple

from edgelint.model.policy import Problem
from edgelint.readers.documents.yaml_comments import Remark
from edgelint.source import Place

Form = Literal["answer", "kept"]
"""An answer of the API, where an absent value is zero, or a form kept by hand or in tables, where it is the default."""

RULE_LISTS = frozenset({"waf_rules", "rate_limit_rules", "traffic_shaper_rules", "cache_rules"})
_TELLING = {
    "routes": ({"host_pattern"}, {"path_prefix"}, {"listener_id"}),
    "listeners": ({"bind_address"}, {"default_backend_id"}, {"port", "protocol"}),
    "route_targets": ({"route_id"},),
    "waf_captcha_providers": ({"provider_type"}, {"name"}),
    "backends": ({"target_origin"},),
    "cache_settings": ({"max_disk_bytes"}, {"enabled"}),
}
"""Lists that others may have too, and the fields of an object in them that tell ours: all of any of these sets."""
_TELLING_RULES = (
    *({"match_rule"}, {"match"}, {"key_parts"}, {"activation_mode"}, {"captcha_provider_id"}, {"window_millis"}),
    *({"budget_scope"}, {"upload_bytes_per_second"}, {"download_bytes_per_second"}, {"ttl_millis"}, {"ttl_mode"}),
)
_FOREIGN = frozenset({"expression", "description", "statement", "conditions", "ratelimit", "rate_limit"})
"""Fields of the rules of others, whose lists may be called the same."""

KNOWN_LISTS = (
    RULE_LISTS
    | _TELLING.keys()
    | {"tls_certificates", "proxy", "agents", "tls_dns_credentials", "response_templates"}
    | {"route_backends", "backend_agents", "target_upstream_headers", "$schema"}
)
"""Everything that may stand at the top of a configuration."""

_SURE_MARKS = rb"(?i)waf_?rules|rate_?limit_?rules|traffic_?shaper_?rules|cache_?rules|waf_?captcha_?providers"
_MARKS = (
    _SURE_MARKS + rb"|route_?targets|cache_?settings|host_?pattern|path_?prefix|listener_?id|bind_?address|listeners"
    rb"|target_?origin"
)
_MOST_WRAPPERS = 3
_STAMPS = frozenset({"createdAtUnixMillis", "updatedAtUnixMillis", "created_at_unix_millis", "updated_at_unix_millis"})


class Part(NamedTuple):
    """One document, or one database, of a configuration."""

    value: dict[str, Any]
    place: Place
    form: Form
    problems: tuple[Problem, ...] = ()
    remarks: tuple[Remark, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether it holds rules and also what they apply to, so that it stands for itself."""
        names = {snake(key) for key in self.value}
        return bool(names & RULE_LISTS) and bool(names & {"listeners", "routes"})


def snake(name: str) -> str:
    """The snake_case spelling of a field."""
    return re.sub("[A-Z]", lambda match: "_" + match[0].lower(), name)


@cache
def camel(name: str) -> str:
    """The lowerCamelCase spelling of a field."""
    first, *rest = name.split("_")
    return first + "".join(word.title() for word in rest)


def may_hold(data: bytes) -> bool:
    """Whether any name of a configuration stands anywhere in these bytes."""
    return re.search(_MARKS, data) is not None


def seems_to_hold(data: bytes) -> bool:
    """Whether the name of a list that hardly anybody else has stands in these bytes."""
    return re.search(_SURE_MARKS, data) is not None


def unwrapped(value: object) -> tuple[dict[str, Any], tuple[str, ...]] | None:
    """The configuration inside objects of one key, and the way to it; None when there is none."""
    way: tuple[str, ...] = ()
    while isinstance(value, dict):
        if _is_ours(value):
            return value, way
        if len(value) != 1 or len(way) == _MOST_WRAPPERS:
            return None
        key, value = next(iter(value.items()))
        way += (key,)
    return None


def form_of(value: dict[str, Any], way: tuple[str, ...]) -> Form:
    """The form of a configuration."""
    return "answer" if way or any(_is_answer(item) for item in _objects(value)) else "kept"


def _is_ours(value: dict[str, Any]) -> bool:
    names = {snake(key): key for key in value}
    if any(_tells_rules(value[names[name]]) for name in RULE_LISTS & names.keys()):
        return True
    return any(_tells(value[names[name]], telling) for name, telling in _TELLING.items() if name in names)


def _tells_rules(items: object) -> bool:
    """Whether a list of rules is ours: it is empty, a rule has a field of ours, or one has a name and nothing foreign."""
    if not isinstance(items, list):
        return False
    return not items or _tells(items, _TELLING_RULES) or any(_is_plain_rule(item) for item in items)


def _is_plain_rule(item: object) -> bool:
    return isinstance(item, dict) and "name" in item and _FOREIGN.isdisjoint(item)


def _tells(items: object, telling: Sequence[set[str]]) -> bool:
    """Whether an object, or any object of a list, has all fields of one of the sets."""
    objects = items if isinstance(items, list) else [items]
    found = ({snake(key) for key in item} for item in objects if isinstance(item, dict))
    return any(fields <= names for names in found for fields in telling)


def _objects(value: dict[str, Any]) -> list[dict[str, Any]]:
    lists = (items for items in value.values() if isinstance(items, list))
    return [item for items in lists for item in items if isinstance(item, dict)]


def _is_answer(item: dict[str, Any]) -> bool:
    if not _STAMPS.isdisjoint(item):
        return True
    return any(isinstance(value, str) and value.startswith("PUBLIC_") for value in item.values())
