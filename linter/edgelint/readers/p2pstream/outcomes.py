"""What rules do with a request, told by their settings. The effect of an outcome is all that tells it from others of its kind."""

from __future__ import annotations

from edgelint.model.policy import Outcome, OutcomeKind, Setting
from edgelint.readers.p2pstream.settings import Settings


def _effect(settings: Settings, *names: str) -> tuple[tuple[str, Setting], ...]:
    return tuple((name, settings[name]) for name in names)


_WAF: dict[Setting, tuple[OutcomeKind, tuple[str, ...]]] = {
    "block": ("block", ("status",)),
    "captcha": ("challenge", ("provider", "pass_ttl")),
    "waiting_room": (
        "queue",
        ("room_capacity", "room_rate", "room_ttl", "room_poll", "room_timeout"),
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
    return Outcome("limit", (*effect, *_effect(settings, "status")))


def shape_outcome(settings: Settings) -> Outcome:
    """The budget of a traffic shaper."""
    names = ("budget_scope", "upload", "download", "burst", "request_exempt", "response_exempt")
    return Outcome("shape", _effect(settings, *names))


def cache_outcome(settings: Settings) -> Outcome:
    """What a cache rule stores, for how long, and what it tells apart."""
    names = ("scope", "ttl_mode", "ttl", "query_mode", "query_params", "vary", "statuses", "max_object")
    return Outcome("cache", _effect(settings, *names))
