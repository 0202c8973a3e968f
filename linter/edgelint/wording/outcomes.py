"""What a rule does with the requests it takes, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from edgelint.budgets import duration, span
from edgelint.model.policy import Policy, Rule, Setting
from edgelint.wording.said import Quoted, Said, joined, said

_BYTES = ((1 << 30, "GiB"), (10**9, "GB"), (1 << 20, "MiB"), (10**6, "MB"), (1 << 10, "KiB"), (10**3, "kB"))


def outcome(policy: Policy, rule: Rule) -> Said:
    """What a rule does, and when, where that is not always."""
    return said(_OUTCOMES[rule.outcome.kind](policy, rule.settings), _activation(policy, rule))


def _activation(policy: Policy, rule: Rule) -> Said:
    """What switches a rule on that is not always in force."""
    if not rule.conditional:
        return ()
    signals = [
        said(f"{policy.platform.term(rule.phase, setting)} {value:g}")
        for setting, value in rule.settings.items()
        if setting.startswith("trigger_")
        and setting not in _NO_SIGNALS
        and isinstance(value, int | float)
        and value > 0
    ]
    return said(", only while switched on by ", joined(signals)) if signals else said(", only while switched on")


_NO_SIGNALS = ("trigger_window", "trigger_delay", "trigger_quiet")

Settings = Mapping[str, Setting]


def _block(_policy: Policy, settings: Settings) -> Said:
    return said(f"answers {settings.get('status')}")


def _challenge(policy: Policy, settings: Settings) -> Said:
    wanted = str(settings.get("provider") or "")
    provider = next((one for one in policy.providers if one.id == wanted), None)
    name = said(" by ", Quoted(provider.name)) if provider else said(" without a provider")
    return said("asks for a captcha", name, f", a pass lasts {_span(settings.get('pass_ttl'))}")


def _queue(_policy: Policy, settings: Settings) -> Said:
    capacity, rate = settings.get("room_capacity"), settings.get("room_rate")
    admitted = f"{capacity} visitors at a time, {rate} more a second, for {_span(settings.get('room_ttl'))} each"
    return said(f"holds visitors in a waiting room: {admitted}")


def _limit(_policy: Policy, settings: Settings) -> Said:
    algorithm = str(settings.get("algorithm")).replace("_", " ")
    burst = f", {settings.get('burst') or settings.get('limit')} at once" if "bucket" in algorithm else ""
    rate = f"{settings.get('limit')} requests per {duration(settings.get('window'))}{burst}"
    return said(f"admits {rate} ({algorithm}), answers the others {settings.get('status')}")


def _shape(_policy: Policy, settings: Settings) -> Said:
    rates = [
        said(f"{size(settings[name])}/s {direction}")
        for name, direction in (("download", "down"), ("upload", "up"))
        if settings.get(name)
    ]
    burst = f", {size(settings['burst'])} at once" if settings.get("burst") else ""
    return said("slows down to ", joined(rates, "and"), burst) if rates else said("slows nothing down")


def _cache(_policy: Policy, settings: Settings) -> Said:
    ttl = _span(settings.get("ttl"))
    fixed = settings.get("ttl_mode") == "fixed"
    kept = f"keeps answers for {ttl}" if fixed else f"keeps answers as long as the origin says, else for {ttl}"
    shared = "for all targets of a route" if settings.get("scope") == "route" else "for each target"
    return said(kept, ", ", *_apart(settings), shared)


def _apart(settings: Settings) -> Iterator[Said]:
    """What an answer is kept apart by, beside the URL without its query."""
    params, vary = _quoted(settings.get("query_params")), _quoted(settings.get("vary"))
    match settings.get("query_mode"):
        case "ignore":
            yield said("whatever the query, ")
        case "allowlist":
            yield said(f"by parameter{'s' * (len(params) > 1)} ", joined(params, "and"), ", ")
        case "denylist":
            yield said("by all parameters but ", joined(params, "and"), ", ")
        case _:
            yield said("by the whole query, ")
    if vary:
        yield said(f"by header{'s' * (len(vary) > 1)} ", joined(vary, "and"), ", ")


def _quoted(names: Setting | None) -> Sequence[Said]:
    return [said(Quoted(name)) for name in names] if isinstance(names, tuple) else []


_OUTCOMES: Mapping[str, Callable[[Policy, Settings], Said]] = {
    "block": _block,
    "challenge": _challenge,
    "queue": _queue,
    "limit": _limit,
    "shape": _shape,
    "cache": _cache,
}


def _span(seconds: Setting | None) -> str:
    return span(seconds) if isinstance(seconds, int | float) else "some time"


def size(number: Setting) -> str:
    """A number of bytes in the largest unit that divides it."""
    assert isinstance(number, int | float)  # noqa: S101
    for unit, name in _BYTES:
        if number and number % unit == 0:
            return f"{int(number // unit)} {name}"
    return f"{number:g} bytes" if isinstance(number, float) else f"{number} bytes"
