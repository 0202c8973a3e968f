"""The tables of a p2pstream database as the lists of a configuration kept by hand: which column is which field.

Only columns named here are ever read. Credentials, secret keys, tokens, cookie secrets and the values of headers sent upstream
are not among them.
A database of any version holds some of these tables and columns; tables and columns it lacks are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

FieldRoute = tuple[str, ...]
"""The way to a field from its object."""


class Table(NamedTuple):
    """One table: the list it becomes, and its columns. An object without a list is a settings object of its own."""

    name: str
    list_name: str
    columns: Mapping[str, FieldRoute]
    single: bool = False
    key: str = "id"
    """The column that names a row."""


JSON_SUFFIX = "_json"
"""The ending of columns that hold JSON."""


def _same(*names: str) -> dict[str, FieldRoute]:
    return {name: (name,) for name in names}


_RULE = {**_same("id", "name", "priority", "enabled"), "match_json": ("match_rule",)}
_KEYED = {**_RULE, "key_parts_json": ("key_parts",)}
_ROOM = (
    "max_admitted_sessions",
    "admission_rate_per_second",
    "admission_session_ttl_millis",
    "queue_poll_interval_millis",
)
_TRIGGERS = (
    *("request_window_millis", "minimum_request_rate", "traffic_spike_multiplier", "proxy_active_requests"),
    *("route_target_active_requests", "backend_active_requests", "agent_active_requests"),
    *("server_cpu_percent", "agent_cpu_percent", "minimum_active_millis", "quiet_period_millis"),
)

TABLES = (
    Table(
        "public_waf_rules",
        "waf_rules",
        {
            **_KEYED,
            **_same("action", "activation_mode", "captcha_provider_id", "captcha_pass_ttl_millis"),
            **_same("block_response_status_code", "block_response_content_type", "block_response_body_mode"),
            "block_response_headers_json": ("block_response_headers",),
            **{f"waiting_room_{name}": ("waiting_room", name) for name in (*_ROOM, "queue_timeout_millis")},
            **{f"trigger_{name}": ("triggers", name) for name in _TRIGGERS},
        },
    ),
    Table(
        "public_rate_limit_rules",
        "rate_limit_rules",
        {
            **_KEYED,
            **_same("algorithm", "window_millis", "burst"),
            **_same("response_status_code", "response_content_type", "response_body_mode"),
            "limit_count": ("limit",),
            "response_headers_json": ("response_headers",),
        },
    ),
    Table(
        "public_traffic_shaper_rules",
        "traffic_shaper_rules",
        {
            **_KEYED,
            **_same("budget_scope", "upload_bytes_per_second", "download_bytes_per_second", "burst_bytes"),
            **_same("request_exempt_bytes", "response_exempt_bytes"),
        },
    ),
    Table(
        "public_cache_rules",
        "cache_rules",
        {
            **_RULE,
            **_same("scope", "ttl_mode", "ttl_millis", "query_mode", "max_object_bytes"),
            **_same("add_cache_status_header", "allow_cookie_requests"),
            "route_ids_json": ("route_ids",),
            "target_ids_json": ("target_ids",),
            "backend_ids_json": ("backend_ids",),
            "query_params_json": ("query_params",),
            "vary_headers_json": ("vary_headers",),
            "cache_status_codes_json": ("cache_status_codes",),
        },
    ),
    Table("public_cache_settings", "cache_settings", _same("enabled", "max_disk_bytes", "max_entries"), single=True),
    Table(
        "public_waf_captcha_providers",
        "waf_captcha_providers",
        _same("id", "name", "enabled", "provider_type", "site_key"),
    ),
    Table(
        "public_listeners",
        "listeners",
        _same("id", "name", "bind_address", "port", "protocol", "enabled", "default_backend_id"),
    ),
    Table(
        "public_routes",
        "routes",
        _same(
            *("id", "listener_id", "priority", "host_pattern", "path_prefix", "enabled", "action", "is_default"),
            *("path_security_mode", "redirect_target_mode", "redirect_target", "redirect_status_code"),
            *("backend_id", "fallback_backend_id"),
        ),
    ),
    Table(
        "public_route_targets",
        "route_targets",
        {
            **_same("id", "route_id", "name", "position", "enabled", "target_type", "url", "transport"),
            **_same("priority_group", "weight"),
            "agent_selector_json": ("agent_selector",),
            "upstream_basic_auth_enabled": ("upstream_basic_auth", "enabled"),
            "health_check_enabled": ("health_check", "enabled"),
        },
    ),
    Table("public_route_target_upstream_headers", "target_upstream_headers", _same("target_id", "name")),
    Table(
        "public_backends",
        "backends",
        _same("id", "name", "target_origin", "enabled", "backend_type", "forward_mode"),
    ),
    Table(
        "public_route_backends",
        "route_backends",
        _same("route_id", "backend_id", "position", "enabled"),
        key="route_id",
    ),
    Table("public_backend_agents", "backend_agents", _same("backend_id", "agent_id"), key="backend_id"),
)
"""Every table that is read, in every version."""

RULE_TABLES = frozenset(table.name for table in TABLES if table.list_name.endswith("_rules"))
"""The tables of which a p2pstream database has at least one."""
