"""The rules of a p2pstream configuration as they stand at the door, and the switch of its cache."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from edgelint.readers.p2pstream.shape import Flag, Protocol, Real, Shape, Text, Unused, Whole, choice


class KeyPart(Shape):
    """One part of a limiter's key."""

    source: Annotated[
        str,
        choice(
            "PUBLIC_RATE_LIMIT_KEY_SOURCE_",
            "remote_ip",
            *("remote_ip", "host", "method", "path", "protocol", "header", "cookie", "query_param"),
        ),
    ] = "remote_ip"
    name: Text = ""


class Condition(Shape):
    """One condition of the builder."""

    field: Annotated[
        str,
        choice(
            "PUBLIC_POLICY_MATCH_FIELD_",
            "",
            *("method", "protocol", "host", "path", "remote_ip", "header", "cookie", "query_param"),
        ),
    ] = ""
    name: Text = ""
    operator: Annotated[
        str,
        choice(
            "PUBLIC_POLICY_MATCH_CONDITION_OPERATOR_",
            "",
            *("present", "equals", "prefix", "suffix", "contains", "matches", "in", "cidr", "host_pattern"),
        ),
    ] = ""
    values: tuple[Text, ...] = ()
    negated: Flag = False
    legacy_first_value: Flag = False


class Group(Shape):
    """Conditions and groups of the builder, joined by `all` or `any`."""

    operator: Annotated[str, choice("PUBLIC_POLICY_MATCH_BOOLEAN_OPERATOR_", "all", "all", "any")] = "all"
    conditions: tuple[Condition, ...] = ()
    groups: tuple[Group, ...] = ()
    negated: Flag = False


class Builder(Shape):
    """The builder form of a match."""

    root: Group = Group.model_construct()


class MatchRule(Shape):
    """What a rule matches, since v0.1.36: an expression, the builder form it came from, or both."""

    cel_expression: Text = ""
    builder: Builder | None = None


class Matcher(Shape):
    """A header, cookie or query parameter and what its first value has to be, until v0.1.35."""

    name: Text = ""
    operator: Text = ""
    value: Text = ""


class LegacyMatch(Shape):
    """What a rule matches, until v0.1.35: any of each list, all of the lists."""

    methods: tuple[Text, ...] = ()
    protocols: tuple[Protocol, ...] = ()
    host_patterns: tuple[Text, ...] = ()
    path_prefixes: tuple[Text, ...] = ()
    path_suffixes: tuple[Text, ...] = ()
    headers: tuple[Matcher, ...] = ()
    cookies: tuple[Matcher, ...] = ()
    query_params: tuple[Matcher, ...] = ()


class RuleShape(Shape):
    """What the rules of all kinds have. Both forms of the match are read elsewhere."""

    zeros: ClassVar = {"priority": 0, "enabled": False}
    decisive = frozenset({"id", "priority", "enabled", "key_parts"})

    id: Whole = 0
    name: Text = ""
    priority: Whole = 100
    enabled: Flag = True
    match_rule: Any = None
    match: Any = None
    created_at_unix_millis: Unused = None
    updated_at_unix_millis: Unused = None


class WaitingRoom(Shape):
    """The waiting room of a WAF rule."""

    max_admitted_sessions: Whole = 50
    admission_rate_per_second: Whole = 10
    admission_session_ttl_millis: Whole = 600_000
    queue_poll_interval_millis: Whole = 5_000
    queue_timeout_millis: Whole = 1_800_000
    page_title: Unused = None
    page_body: Unused = None


class Triggers(Shape):
    """The signals that switch an automatic WAF rule on; 0 is a signal that is off."""

    zeros: ClassVar = {
        "minimum_request_rate": 0,
        "traffic_spike_multiplier": 0.0,
        "proxy_active_requests": 0,
        "route_target_active_requests": 0,
        "agent_active_requests": 0,
        "server_cpu_percent": 0.0,
        "agent_cpu_percent": 0.0,
        "minimum_active_millis": 0,
        "quiet_period_millis": 0,
    }

    request_window_millis: Whole = 10_000
    minimum_request_rate: Whole = 50
    traffic_spike_multiplier: Real = 4.0
    proxy_active_requests: Whole = 100
    route_target_active_requests: Whole = 100
    backend_active_requests: Whole | None = None
    """The name of `route_target_active_requests` until v0.1.39."""
    agent_active_requests: Whole = 50
    server_cpu_percent: Real = 85.0
    agent_cpu_percent: Real = 85.0
    minimum_active_millis: Whole = 30_000
    quiet_period_millis: Whole = 60_000


class WafRule(RuleShape):
    """A WAF rule."""

    decisive = RuleShape.decisive - {"key_parts"} | {"action", "activation_mode"}
    limits: ClassVar = {"captcha_pass_ttl_millis": (60_000, 86_400_000), "block_response_status_code": (400, 599)}

    action: Annotated[str, choice("PUBLIC_WAF_RULE_ACTION_", "block", "block", "captcha", "waiting_room")] = "block"
    activation_mode: Annotated[str, choice("PUBLIC_WAF_ACTIVATION_MODE_", "always", "always", "automatic")] = "always"
    key_parts: tuple[KeyPart, ...] = ()
    captcha_provider_id: Whole = 0
    captcha_pass_ttl_millis: Whole = 1_800_000
    waiting_room: WaitingRoom = WaitingRoom.model_construct()
    triggers: Triggers = Triggers.model_construct()
    block_response_status_code: Whole = 403
    block_response_body: Unused = None
    block_response_content_type: Unused = None
    block_response_headers: Unused = None
    block_response_body_mode: Unused = None
    block_response_template_id: Unused = None
    captcha_page_template_id: Unused = None
    waiting_room_page_template_id: Unused = None


class RateLimitRule(RuleShape):
    """A rate-limit rule."""

    decisive = RuleShape.decisive | {"limit", "window_millis"}
    limits: ClassVar = {
        "limit": (1, None),
        "window_millis": (1_000, 86_400_000),
        "burst": (0, None),
        "response_status_code": (400, 599),
    }

    algorithm: Annotated[
        str,
        choice(
            "PUBLIC_RATE_LIMIT_ALGORITHM_",
            "fixed_window",
            *("fixed_window", "sliding_window", "token_bucket", "leaky_bucket"),
        ),
    ] = "fixed_window"
    limit: Whole = 60
    window_millis: Whole = 60_000
    burst: Whole = 0
    key_parts: tuple[KeyPart, ...] = ()
    response_status_code: Whole = 429
    response_body: Unused = None
    response_content_type: Unused = None
    response_headers: Unused = None
    response_body_mode: Unused = None
    response_body_template_id: Unused = None


class TrafficShaperRule(RuleShape):
    """A traffic-shaper rule; a rate of 0 is unlimited."""

    decisive = RuleShape.decisive | {"budget_scope", "upload_bytes_per_second", "download_bytes_per_second"}
    limits: ClassVar = {
        "upload_bytes_per_second": (0, 2**40),
        "download_bytes_per_second": (0, 2**40),
        "burst_bytes": (0, 2**30),
        "request_exempt_bytes": (0, None),
        "response_exempt_bytes": (0, None),
    }

    budget_scope: Annotated[str, choice("PUBLIC_TRAFFIC_SHAPER_BUDGET_SCOPE_", "per_key", "per_key", "per_request")] = (
        "per_key"
    )
    upload_bytes_per_second: Whole = 0
    download_bytes_per_second: Whole = 0
    burst_bytes: Whole = 0
    request_exempt_bytes: Whole = 0
    response_exempt_bytes: Whole = 0
    key_parts: tuple[KeyPart, ...] = ()


class CacheRule(RuleShape):
    """A cache rule; without ids it is for every route and target."""

    zeros: ClassVar = {**RuleShape.zeros, "vary_headers": (), "add_cache_status_header": False}
    decisive = RuleShape.decisive | {"route_ids", "target_ids", "backend_ids", "scope", "ttl_mode", "query_mode"}
    limits: ClassVar = {"ttl_millis": (1_000, 31_536_000_000)}

    route_ids: tuple[Whole, ...] = ()
    target_ids: tuple[Whole, ...] = ()
    backend_ids: tuple[Whole, ...] | None = None
    """The name of `target_ids` until v0.1.39."""
    scope: Annotated[str, choice("PUBLIC_CACHE_SCOPE_", "selected_backend", "selected_backend", "route")] = (
        "selected_backend"
    )
    ttl_mode: Annotated[str, choice("PUBLIC_CACHE_TTL_MODE_", "fixed", "fixed", "origin")] = "fixed"
    ttl_millis: Whole = 3_600_000
    query_mode: Annotated[
        str, choice("PUBLIC_CACHE_QUERY_MODE_", "full", "full", "ignore", "allowlist", "denylist")
    ] = "full"
    query_params: tuple[Text, ...] = ()
    vary_headers: tuple[Text, ...] = ("Accept-Encoding",)
    cache_status_codes: tuple[Whole, ...] = (200, 203, 204, 301, 308)
    max_object_bytes: Whole = 104_857_600
    add_cache_status_header: Flag = True
    allow_cookie_requests: Flag = False


class CacheSettings(Shape):
    """The switch of the whole cache."""

    zeros: ClassVar = {"enabled": False}

    enabled: Flag = True
    max_disk_bytes: Unused = None
    max_memory_bytes: Unused = None
    memory_hot_object_max_bytes: Unused = None
    max_entries: Unused = None
    cleanup_interval_millis: Unused = None
    created_at_unix_millis: Unused = None
    updated_at_unix_millis: Unused = None
