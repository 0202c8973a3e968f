"""How p2pstream behaves, as data: what its fields can hold, what it never shows to a rule, and its own words."""

from __future__ import annotations

from collections.abc import Callable

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

_HOST = rf"(?:{_LABEL}(?:\.{_LABEL})*)?|{_IPV6}"

# A segment that is neither `.` nor `..`, written without look-ahead, which RE2 does not have.
_SEGMENT = r"(?:[^/\\.][^/\\]*|\.[^/\\.][^/\\]*|\.\.[^/\\]+)"
_PATH = f"/(?:{_SEGMENT}(?:/{_SEGMENT})*/?)?"
_ANY_SEGMENT = r"(?:[^/.][^/]*|\.[^/.][^/]*|\.\.[^/]+)"
_SEPARATED_PATH = f"(?:/{_ANY_SEGMENT}?)+"

_VISIBLE, _VISIBLE_OR_BLANK = r"[^\x00-\x20\x7f]", r"[^\x00-\x08\x0a-\x1f\x7f]"
_HEADER = f"(?:{_VISIBLE}(?:{_VISIBLE_OR_BLANK}*{_VISIBLE})?)?"

P2PSTREAM = Platform(
    name="p2pstream",
    host=_HOST,
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
        "window": "window_millis",
        "ttl": "ttl_millis",
        "captcha_pass_ttl": "captcha_pass_ttl_millis",
        "waiting_room_admission_session_ttl": "waiting_room.admission_session_ttl_millis",
        "waiting_room_queue_poll_interval": "waiting_room.queue_poll_interval_millis",
        "waiting_room_queue_timeout": "waiting_room.queue_timeout_millis",
        "trigger_request_window": "triggers.request_window_millis",
        "trigger_minimum_active": "triggers.minimum_active_millis",
        "trigger_quiet_period": "triggers.quiet_period_millis",
    },
)
"""p2pstream v0.1.41: pipeline, normalisation of requests and limits of the condition language."""
