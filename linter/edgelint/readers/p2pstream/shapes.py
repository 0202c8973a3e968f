"""The rules of a p2pstream configuration as they stand at the door, and the switch of its cache."""

from __future__ import annotations

from edgelint.readers.p2pstream.parsers import PROTOCOL, UNUSED, Choice, each, flag, real, text, whole
from edgelint.readers.p2pstream.shape import Field, Shape


class KeyPart(Shape):
    """One part of a limiter's key."""

    source = Field(
        Choice("PUBLIC_RATE_LIMIT_KEY_SOURCE_", "remote_ip host method path protocol header cookie query_param"),
        "remote_ip",
    )
    name = Field(text, "")


class Header(Shape):
    """A header of an answer that p2pstream gives itself."""

    name = Field(text, "")
    value = Field(text, "")

    def __str__(self) -> str:
        return f"{self.name.strip().lower()}: {self.value.strip()}"


_BODY_MODE = Choice("PUBLIC_RESPONSE_BODY_MODE_", "inline template")
_PLAIN = "text/plain; charset=utf-8"


class Condition(Shape):
    """One condition of the builder."""

    field = Field(
        Choice(
            "PUBLIC_POLICY_MATCH_FIELD_",
            "method protocol host path remote_ip header cookie query_param",
            unspecified="",
        ),
        "",
    )
    name = Field(text, "")
    operator = Field(
        Choice(
            "PUBLIC_POLICY_MATCH_CONDITION_OPERATOR_",
            "present equals prefix suffix contains matches in cidr host_pattern",
            unspecified="",
        ),
        "",
    )
    values = Field(each(text), ())
    negated = Field(flag, False)
    legacy_first_value = Field(flag, False)


class Group(Shape):
    """Conditions and groups of the builder, joined by `all` or `any`."""

    operator = Field(Choice("PUBLIC_POLICY_MATCH_BOOLEAN_OPERATOR_", "all any"), "all")
    conditions = Field(each(Condition.read), ())
    groups = Field(each(lambda value, faults: Group.read(value, faults)), ())
    negated = Field(flag, False)


class Builder(Shape):
    """The builder form of a match."""

    root = Field(Group.read, Group())


class MatchRule(Shape):
    """What a rule matches, since v0.1.36: an expression, the builder form it came from, or both."""

    cel_expression = Field(text, "")
    builder = Field(Builder.read, None)


class Matcher(Shape):
    """A header, cookie or query parameter and what its first value has to be, until v0.1.35."""

    name = Field(text, "")
    operator = Field(text, "")
    value = Field(text, "")


class LegacyMatch(Shape):
    """What a rule matches, until v0.1.35: any of each list, all of the lists."""

    methods = Field(each(text), ())
    protocols = Field(each(PROTOCOL), ())
    host_patterns = Field(each(text), ())
    path_prefixes = Field(each(text), ())
    path_suffixes = Field(each(text), ())
    headers = Field(each(Matcher.read), ())
    cookies = Field(each(Matcher.read), ())
    query_params = Field(each(Matcher.read), ())


class RuleShape(Shape):
    """What the rules of all kinds have. Both forms of the match are read elsewhere."""

    id = Field(whole, 0, decisive=True)
    name = Field(text, "")
    priority = Field(whole, 100, zero=0, decisive=True)
    enabled = Field(flag, True, zero=False, decisive=True)
    match_rule = match = UNUSED
    created_at_unix_millis = updated_at_unix_millis = UNUSED


class WaitingRoom(Shape):
    """The waiting room of a WAF rule."""

    max_admitted_sessions = Field(whole, 50)
    admission_rate_per_second = Field(whole, 10)
    admission_session_ttl_millis = Field(whole, 600_000)
    queue_poll_interval_millis = Field(whole, 5_000)
    queue_timeout_millis = Field(whole, 1_800_000)
    page_title = page_body = UNUSED


class Triggers(Shape):
    """The signals that switch an automatic WAF rule on; 0 is a signal that is off."""

    request_window_millis = Field(whole, 10_000)
    minimum_request_rate = Field(whole, 50, zero=0)
    traffic_spike_multiplier = Field(real, 4.0, zero=0.0)
    proxy_active_requests = Field(whole, 100, zero=0)
    route_target_active_requests = Field(whole, 100, zero=0)
    backend_active_requests = Field(whole, None)
    """The name of `route_target_active_requests` until v0.1.39."""
    agent_active_requests = Field(whole, 50, zero=0)
    server_cpu_percent = Field(real, 85.0, zero=0.0)
    agent_cpu_percent = Field(real, 85.0, zero=0.0)
    minimum_active_millis = Field(whole, 30_000, zero=0)
    quiet_period_millis = Field(whole, 60_000, zero=0)


class WafRule(RuleShape):
    """A WAF rule."""

    action = Field(Choice("PUBLIC_WAF_RULE_ACTION_", "block captcha waiting_room"), "block", decisive=True)
    activation_mode = Field(Choice("PUBLIC_WAF_ACTIVATION_MODE_", "always automatic"), "always", decisive=True)
    key_parts = Field(each(KeyPart.read), ())
    captcha_provider_id = Field(whole, 0)
    captcha_pass_ttl_millis = Field(whole, 1_800_000, limits=(60_000, 86_400_000))
    waiting_room = Field(WaitingRoom.read, WaitingRoom())
    triggers = Field(Triggers.read, Triggers())
    block_response_status_code = Field(whole, 403, limits=(400, 599))
    block_response_content_type = Field(text, _PLAIN)
    block_response_headers = Field(each(Header.read), ())
    block_response_body_mode = Field(_BODY_MODE, "inline")
    block_response_body = block_response_template_id = UNUSED
    captcha_page_template_id = waiting_room_page_template_id = UNUSED


class RateLimitRule(RuleShape):
    """A rate-limit rule."""

    algorithm = Field(
        Choice("PUBLIC_RATE_LIMIT_ALGORITHM_", "fixed_window sliding_window token_bucket leaky_bucket"),
        "fixed_window",
    )
    limit = Field(whole, 60, decisive=True, limits=(1, None))
    window_millis = Field(whole, 60_000, decisive=True, limits=(1_000, 86_400_000))
    burst = Field(whole, 0, limits=(0, None))
    key_parts = Field(each(KeyPart.read), (), decisive=True)
    response_status_code = Field(whole, 429, limits=(400, 599))
    response_content_type = Field(text, _PLAIN)
    response_headers = Field(each(Header.read), ())
    response_body_mode = Field(_BODY_MODE, "inline")
    response_body = response_body_template_id = UNUSED


class TrafficShaperRule(RuleShape):
    """A traffic-shaper rule; a rate of 0 is unlimited."""

    budget_scope = Field(Choice("PUBLIC_TRAFFIC_SHAPER_BUDGET_SCOPE_", "per_key per_request"), "per_key", decisive=True)
    upload_bytes_per_second = Field(whole, 0, decisive=True, limits=(0, 2**40))
    download_bytes_per_second = Field(whole, 0, decisive=True, limits=(0, 2**40))
    burst_bytes = Field(whole, 0, limits=(0, 2**30))
    request_exempt_bytes = Field(whole, 0, limits=(0, None))
    response_exempt_bytes = Field(whole, 0, limits=(0, None))
    key_parts = Field(each(KeyPart.read), (), decisive=True)


class CacheRule(RuleShape):
    """A cache rule; without ids it is for every route and target."""

    route_ids = Field(each(whole), (), decisive=True)
    target_ids = Field(each(whole), (), decisive=True)
    backend_ids = Field(each(whole), None, decisive=True)
    """The name of `target_ids` until v0.1.39."""
    scope = Field(Choice("PUBLIC_CACHE_SCOPE_", "selected_backend route"), "selected_backend", decisive=True)
    ttl_mode = Field(Choice("PUBLIC_CACHE_TTL_MODE_", "fixed origin"), "fixed", decisive=True)
    ttl_millis = Field(whole, 3_600_000, limits=(1_000, 31_536_000_000))
    query_mode = Field(Choice("PUBLIC_CACHE_QUERY_MODE_", "full ignore allowlist denylist"), "full", decisive=True)
    query_params = Field(each(text), ())
    vary_headers = Field(each(text), ("Accept-Encoding",), zero=())
    cache_status_codes = Field(each(whole), (200, 203, 204, 301, 308))
    max_object_bytes = Field(whole, 104_857_600)
    add_cache_status_header = Field(flag, True, zero=False)
    allow_cookie_requests = Field(flag, False)


class CacheSettings(Shape):
    """The store of the whole cache."""

    enabled = Field(flag, True, zero=False)
    max_disk_bytes = Field(whole, 1_073_741_824)
    max_entries = Field(whole, 100_000)
    max_memory_bytes = memory_hot_object_max_bytes = cleanup_interval_millis = UNUSED
    created_at_unix_millis = updated_at_unix_millis = UNUSED
