"""What rules do with a request, told by their settings. The effect of an outcome is all that tells it from others of its kind."""

from __future__ import annotations

from edgelint.model.policy import Outcome, OutcomeKind, Setting
from edgelint.readers.p2pstream.settings import Settings


def _effect(settings: Settings, *names: str) -> tuple[tuple[str, Setting], ...]:
    return tuple((name, settings[name]) for name in names)


_WAF: dict[Setting, tuple[OutcomeKind, tuple[str, ...]]] = {
    "block": ("block", ("block_response_status_code",)),
    "captcha": ("challenge", ("captcha_provider_id", "captcha_pass_ttl")),
    "waiting_room": (
        "queue",
        (
            "waiting_room_max_admitted_sessions",
            "waiting_room_admission_rate_per_second",
            "waiting_room_admission_session_ttl",
            "waiting_room_queue_poll_interval",
            "waiting_room_queue_timeout",
        ),
    ),
}


def waf_outcome(settings: Settings) -> Outcome:
    """The answer, challenge or queue of a WAF rule."""
    kind, names = _WAF[settings["action"]]
    return Outcome(kind, _effect(settings, *names), passable=kind != "block")


def limit_outcome(settings: Settings) -> Outcome:
    """The budget of a rate limit; a burst of 0 is the limit, and windows have none."""
    effect = _effect(settings, "algorithm", "limit", "window")
    if settings["algorithm"] in ("token_bucket", "leaky_bucket"):
        effect += (("burst", settings["burst"] or settings["limit"]),)
    return Outcome("limit", (*effect, *_effect(settings, "response_status_code")))


def shape_outcome(settings: Settings) -> Outcome:
    """The budget of a traffic shaper."""
    names = ("budget_scope", "upload_bytes_per_second", "download_bytes_per_second")
    rest = ("burst_bytes", "request_exempt_bytes", "response_exempt_bytes")
    return Outcome("shape", _effect(settings, *names, *rest))


def cache_outcome(settings: Settings) -> Outcome:
    """What a cache rule stores, for how long, and what it tells apart."""
    names = ("scope", "ttl_mode", "ttl", "query_mode", "query_params", "vary_headers", "cache_status_codes")
    return Outcome("cache", _effect(settings, *names, "max_object_bytes"))
