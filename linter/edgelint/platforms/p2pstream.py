"""How p2pstream behaves, as data: what its fields can hold, what it never shows to a rule, and its own words."""

from __future__ import annotations

from collections.abc import Callable

from edgelint.model.caching import Caching
from edgelint.model.challenges import Challenges
from edgelint.model.costs import Costs
from edgelint.model.idle import Idle
from edgelint.model.limiting import Limiting
from edgelint.model.policy import Platform

# What Go's server takes in a Host header, less `*`: no client sends it, and rules that compare with it mean a wildcard.
_LABEL = r"[a-z0-9!$&'()+,;=_~%-]+"
_GROUP = "[0-9a-f]{1,4}"
_OCTET = "(?:25[0-5]|(?:2[0-4]|1[0-9]|[1-9]?)[0-9])"


def _any_groups(most: int) -> str:
    """At most so many groups."""
    return f"(?:{_GROUP}(?::{_GROUP}){{0,{most - 1}}})?" if most else ""


def _leading_groups(most: int) -> str:
    """At most so many groups less the two of the IPv4 address behind them."""
    return f"(?:{_GROUP}:){{0,{most - 2}}}" if most > 2 else ""


def _compressed(behind: Callable[[int], str], least: int, most: int = 7) -> str:
    """At most so many groups, of which what stands behind `::` takes `least` or more."""
    short = f"::{behind(most)}"
    if most == 7:
        return f"(?:{short}|{_GROUP}{_compressed(behind, least, 6)})"
    return short if most == least else f"(?:{short}|:{_GROUP}{_compressed(behind, least, most - 1)})"


_IPV6 = (
    f"(?:{_GROUP}:){{7}}{_GROUP}|{_compressed(_any_groups, 0)}"
    rf"|(?:(?:{_GROUP}:){{6}}|{_compressed(_leading_groups, 2)}){_OCTET}(?:\.{_OCTET}){{3}}"
)
"""The addresses of RFC 3986, section 3.2.2, in lower case; brackets and zone are cut before a rule sees the host."""

_HOST = rf"(?:{_LABEL}(?:\.{_LABEL})*)?"

# A segment that is neither `.` nor `..`, written without look-ahead, which RE2 does not have.
_SEGMENT = r"(?:[^/\\.][^/\\]*|\.[^/\\.][^/\\]*|\.\.[^/\\]+)"
_PATH = f"/(?:{_SEGMENT}(?:/{_SEGMENT})*/?)?"
_ANY_SEGMENT = r"(?:[^/.][^/]*|\.[^/.][^/]*|\.\.[^/]+)"
_SEPARATED_PATH = f"(?:/{_ANY_SEGMENT}?)+"

_FORWARDING = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto")

_IDLE = (
    Idle(
        "waf",
        ("key_parts",),
        "nothing is counted by visitor, a pass belongs to the browser it was given to",
        misleading=True,
    ),
    Idle(
        "waf",
        ("status", "headers", "content_type", "body_mode"),
        "only a block is answered so",
        (("action", ("captcha", "waiting_room")),),
    ),
    Idle(
        "waf", ("provider", "pass_ttl"), "a captcha alone has a use for that", (("action", ("block", "waiting_room")),)
    ),
    Idle(
        "waf",
        ("room_capacity", "room_rate", "room_ttl", "room_poll", "room_timeout"),
        "a waiting room alone has a use for that",
        (("action", ("block", "captcha")),),
    ),
    Idle(
        "waf",
        (
            *("trigger_window", "trigger_rate", "trigger_spike", "trigger_requests", "trigger_target_requests"),
            *("trigger_agent_requests", "trigger_server_cpu", "trigger_agent_cpu", "trigger_delay", "trigger_quiet"),
        ),
        "the rule is always on, and triggers switch only automatic rules on",
        (("activation", ("always",)),),
    ),
    Idle("rate_limit", ("burst",), "windows have no burst", (("algorithm", ("fixed_window", "sliding_window")),)),
    Idle("shaper", ("key_parts",), "every request gets a budget of its own", (("budget_scope", ("per_request",)),)),
    Idle("shaper", ("request_exempt",), "uploads are not shaped", (("upload", (0,)),)),
    Idle("shaper", ("response_exempt",), "downloads are not shaped", (("download", (0,)),)),
    Idle("cache", ("allow_cookies",), "requests with a cookie always pass the cache by"),
    Idle(
        "cache", ("query_params",), "they count in an allowlist or denylist only", (("query_mode", ("full", "ignore")),)
    ),
)
"""What p2pstream v0.1.41 stores and never reads."""

_VISIBLE, _VISIBLE_OR_BLANK = r"[^\x00-\x20\x7f]", r"[^\x00-\x08\x0a-\x1f\x7f]"
_HEADER = f"(?:{_VISIBLE}(?:{_VISIBLE_OR_BLANK}*{_VISIBLE})?)?"

P2PSTREAM = Platform(
    name="p2pstream",
    host=_HOST,
    address_host=_IPV6,
    path=_PATH,
    separated_path=_SEPARATED_PATH,
    header=_HEADER,
    cookie=r"[ !#-:<-\[\]-~]*",
    query="(?s:.*)",
    reserved=(
        "/.p2pstream/waf/captcha/verify",
        "/.p2pstream/waf/waiting-room",
        "/.p2pstream/waf/waiting-room/status",
    ),
    invisible_headers=frozenset({"host", "transfer-encoding", "trailer"}),
    missing_key="<missing>",
    terms={
        "key": "key_parts",
        "match": "match_rule",
        "outcome": "action",
        "rate_limit.window": "window_millis",
        "rate_limit.status": "response_status_code",
        "rate_limit.headers": "response_headers",
        "rate_limit.content_type": "response_content_type",
        "rate_limit.body_mode": "response_body_mode",
        "waf.activation": "activation_mode",
        "waf.status": "block_response_status_code",
        "waf.headers": "block_response_headers",
        "waf.content_type": "block_response_content_type",
        "waf.body_mode": "block_response_body_mode",
        "waf.provider": "captcha_provider_id",
        "waf.pass_ttl": "captcha_pass_ttl_millis",
        "waf.room_capacity": "waiting_room.max_admitted_sessions",
        "waf.room_rate": "waiting_room.admission_rate_per_second",
        "waf.room_ttl": "waiting_room.admission_session_ttl_millis",
        "waf.room_poll": "waiting_room.queue_poll_interval_millis",
        "waf.room_timeout": "waiting_room.queue_timeout_millis",
        "waf.trigger_window": "triggers.request_window_millis",
        "waf.trigger_rate": "triggers.minimum_request_rate",
        "waf.trigger_spike": "triggers.traffic_spike_multiplier",
        "waf.trigger_requests": "triggers.proxy_active_requests",
        "waf.trigger_target_requests": "triggers.route_target_active_requests",
        "waf.trigger_agent_requests": "triggers.agent_active_requests",
        "waf.trigger_server_cpu": "triggers.server_cpu_percent",
        "waf.trigger_agent_cpu": "triggers.agent_cpu_percent",
        "waf.trigger_delay": "triggers.minimum_active_millis",
        "waf.trigger_quiet": "triggers.quiet_period_millis",
        "shaper.upload": "upload_bytes_per_second",
        "shaper.download": "download_bytes_per_second",
        "shaper.burst": "burst_bytes",
        "shaper.request_exempt": "request_exempt_bytes",
        "shaper.response_exempt": "response_exempt_bytes",
        "cache.ttl": "ttl_millis",
        "cache.vary": "vary_headers",
        "cache.statuses": "cache_status_codes",
        "cache.max_object": "max_object_bytes",
        "cache.status_header": "add_cache_status_header",
        "cache.allow_cookies": "allow_cookie_requests",
        "cache.routes": "route_ids",
        "cache.targets": "target_ids",
    },
    limiting=Limiting(
        idle=900, sweep=60, keys=10_000, value_bytes=256, hit_bytes=8, least_wait=0.001, breaks_upgrades=True
    ),
    challenges=Challenges(
        cookie="p2pstream_waf_{id}",
        admission="p2pstream_waf_{id}_admission",
        cross_site=False,
        bound=True,
        solved_by_client=10,
        solved=120,
        gain=0.1,
    ),
    forgets_edited=True,
    caching=Caching(
        methods=("GET",),
        served=("GET", "HEAD"),
        bodies=False,
        bypassing=("cookie", "authorization", "range", "upgrade"),
        separators=False,
        refused_vary=frozenset({"cookie", "authorization", "set-cookie", *_FORWARDING}),
        variants=20,
        by_rule=True,
        purged=False,
    ),
    idle=_IDLE,
    costs=Costs(limit=20_000, header_bytes=1 << 20),
)
"""p2pstream v0.1.41: pipeline, normalisation of requests and limits of the condition language."""
