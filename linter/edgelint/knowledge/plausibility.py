"""Doubts whether the numbers of a limiter or a shaper can be meant, worked out from them and the requests that meet them."""

from __future__ import annotations

from fractions import Fraction

from edgelint.budgets import Budget, budget_of, counted, duration, span
from edgelint.facts import Facts
from edgelint.finding import Severity
from edgelint.keys import counts_by_address, fields
from edgelint.knowledge.quotas import arriving, bursts, guards_a_door, limited, paths_named
from edgelint.model.expression import METHOD, PATH, Equals, Field, Some, Test, ValueAt
from edgelint.model.policy import Rule
from edgelint.model.request import Request
from edgelint.path_classes import assets
from edgelint.record import record
from edgelint.space.questions import covers
from edgelint.space.region import Region
from edgelint.space.theory import Axis

_FILES = 30
"""How many files a page is taken to be made of."""

_MOMENT = 2
"""Within how many seconds a browser asks for them."""

_LONG = 3600
"""From how many seconds on a window is long for a person who waits."""

_UNREACHED = 1000
"""How many requests a second no single client sends."""

_GAP = Fraction(1, 2)
"""From how many seconds on it is felt that requests have to keep a distance."""

_BEFORE = Fraction(1, 1000)
"""How many seconds before a boundary a burst comes just in time."""


_SPARE_SECONDS = 10
"""How many seconds' worth of bytes a burst may be before it leaves little to slow down."""

_RANGE = 1 << 16
"""From how many exempt bytes on it pays to fetch a file in ranges of that size."""

_SLOW = 1 << 10
"""Below how many bytes a second a rate is taken for one of kilobytes."""

_THROTTLE = 1 << 16
"""Up to how many bytes a second a rate is taken to hold somebody off, and not to share a line fairly."""

_ANSWER = 100 << 10
"""The size of an answer that stands for many, in bytes."""


@record
class Doubt:
    """Why numbers can hardly be meant, and a request that meets it; likely only where it rests on an assumption."""

    severity: Severity
    setting: str
    message: str
    request: Request
    detail: str
    advice: str
    assumption: str = ""


def budget_doubt(facts: Facts, rule: Rule) -> Doubt | None:
    """The gravest doubt about what a limiter grants a client."""
    budget = budget_of(rule)
    if budget is None or not counts_by_address(rule):
        return None
    kinds = (_less_than_a_page, _punishing, _double_at_the_boundary, _never_reached, _one_at_a_time)
    return next((found for kind in kinds if (found := kind(facts, rule, budget))), None)


def _asking(facts: Facts, rule: Rule, region: Region | None = None) -> Request | None:
    """A GET request that a rule takes, within a region if one is given."""
    here = facts.both(facts.live(rule), facts.matching(Test(METHOD, Equals("GET"))))
    return arriving(facts, rule, here if region is None else facts.both(here, region))


def _less_than_a_page(facts: Facts, rule: Rule, budget: Budget) -> Doubt | None:
    """A budget for a whole site that the files of one page use up."""
    windows = max(1, _MOMENT // budget.window)
    once = int(budget.burst + _MOMENT * budget.rate) if budget.buckets else budget.limit * windows
    site = not any(paths_named(rule)) and PATH not in fields(rule) and not facts.within_paths(rule, assets())
    files = facts.meaning.space.region(Axis("path"), assets())
    request = _asking(facts, rule, files) if once < _FILES and site else None
    if request is None:
        return None
    return Doubt(
        Severity.MEDIUM,
        "burst" if budget.buckets and budget.burst < budget.limit else "limit",
        f"admits {counted(once, 'request')} within {span(_MOMENT)}, less than one page needs with its files",
        request,
        f"of a page with {_FILES} files {counted(_FILES - once, 'request')} are denied",
        "give it room for several pages, or leave the paths of static files out",
        f"assumes pages of {_FILES} files or more; if there are none, record that with an ignore entry",
    )


def _punishing(facts: Facts, rule: Rule, budget: Budget) -> Doubt | None:
    """A page that may be asked for once or twice an hour."""
    request = _asking(facts, rule) if budget.limit <= 2 and budget.window >= _LONG else None
    if request is None:
        return None
    return Doubt(
        Severity.LOW,
        "limit",
        f"admits {counted(budget.limit, 'request')} per {duration(budget.window)}, so that reloading a page locks a visitor out",
        request,
        f"request number {budget.limit + 1} is denied, for up to {span(budget.window)}",
        "count the methods that change something only, or allow a few more",
        "assumes that people open these pages in a browser; if they do not, record that with an ignore entry",
    )


def _double_at_the_boundary(facts: Facts, rule: Rule, budget: Budget) -> Doubt | None:
    """Fixed windows where guessing has to be slow."""
    request = arriving(facts, rule) if budget.algorithm == "fixed_window" and guards_a_door(rule) else None
    if request is None:
        return None
    before, behind = bursts(budget, facts, ["one client"], [budget.window - _BEFORE, budget.window])
    return Doubt(
        Severity.LOW,
        "algorithm",
        f"guards a login with fixed windows: around a boundary {before + behind} requests pass at once, not {budget.limit}",
        request,
        f"{before} pass just before the end of a window, and {behind} at the beginning of the next",
        "take a sliding window",
    )


def _never_reached(facts: Facts, rule: Rule, budget: Budget) -> Doubt | None:
    """A rate beyond what a single client sends."""
    request = arriving(facts, rule) if budget.rate >= _UNREACHED else None
    if request is None:
        return None
    return Doubt(
        Severity.LOW,
        "limit",
        f"allows each client {int(budget.rate)} requests a second, which hardly any ever sends",
        request,
        f"{counted(budget.limit, 'request')} per {duration(budget.window)}",
        "set it to a few times of what the busiest client needs",
        "assumes that no client is a proxy or a load test; if one is, record that with an ignore entry",
    )


def _one_at_a_time(facts: Facts, rule: Rule, budget: Budget) -> Doubt | None:
    """A burst of one, so that the budget is only used up by requests at an even distance."""
    gap = 1 / budget.rate
    strict = budget.buckets and budget.burst == 1 and budget.limit > 1 and gap >= _GAP
    request = arriving(facts, rule) if strict else None
    if request is None:
        return None
    return Doubt(
        Severity.LOW,
        "burst",
        f"grants {counted(budget.limit, 'request')} per {duration(budget.window)}, but never two within {span(gap)}",
        request,
        f"of 2 requests at 0 s {bursts(budget, facts, ['one client'])[0]} passes",
        "set a burst of as many requests as a client may send at once",
    )


def shaping_doubt(facts: Facts, rule: Rule) -> Doubt | None:
    """The gravest doubt about whether a shaper does what it is there for."""
    kinds = (_nothing_to_shape, _crawling, _fetched_in_ranges, _mostly_burst, _multiplied)
    return next((found for kind in kinds if (found := kind(facts, rule))), None)


def _bytes(rule: Rule, name: str) -> int:
    found = rule.settings.get(name, 0)
    return found if isinstance(found, int) else 0


def _only(facts: Facts, rule: Rule, *methods: str) -> bool:
    """Whether a rule certainly matches no other methods than these."""
    here = facts.matching(Test(METHOD, Some(tuple(map(Equals, methods)))))
    return covers((here,), facts.live(rule))


def _nothing_to_shape(facts: Facts, rule: Rule) -> Doubt | None:
    """A rate in a direction in which the requests of a rule have no bodies."""
    upload, download = _bytes(rule, "upload"), _bytes(rule, "download")
    idle_upload = upload and not download and _only(facts, rule, "GET", "HEAD")
    idle_download = download and not upload and _only(facts, rule, "HEAD")
    request = arriving(facts, rule) if idle_upload or idle_download else None
    if request is None:
        return None
    what, methods = ("uploads", "GET and HEAD") if idle_upload else ("downloads", "HEAD")
    return Doubt(
        Severity.MEDIUM,
        "upload" if idle_upload else "download",
        f"slows {what} only, but matches nothing but {methods} requests, which carry none",
        request,
        "what such requests could carry has no meaning in HTTP (RFC 9110, sections 9.3.1 and 9.3.2)",
        "set a rate in the other direction, or match the methods that carry something",
    )


def _crawling(facts: Facts, rule: Rule) -> Doubt | None:
    """A rate that holds connections open for minutes."""
    name = next((name for name in ("download", "upload") if 0 < _bytes(rule, name) < _SLOW), "")
    request = arriving(facts, rule) if name else None
    if request is None:
        return None
    rate = _bytes(rule, name)
    seconds = _ANSWER // rate
    return Doubt(
        Severity.MEDIUM,
        name,
        f"lets {rate} B/s through: {_ANSWER >> 10} KiB hold a connection open for {span(seconds)}",
        request,
        "each slow transfer keeps a connection to the client, and one to the application, busy",
        f"set the rate in bytes a second, {_SLOW * rate} for {rate} KiB/s",
        "assumes that nobody is to be held up on purpose; if so, record that with an ignore entry",
    )


def _fetched_in_ranges(facts: Facts, rule: Rule) -> Doubt | None:
    """Exempt bytes for each answer, where a file can be fetched in pieces of that size."""
    exempt = _bytes(rule, "response_exempt")
    if exempt < _RANGE or not _bytes(rule, "download") or limited(facts, rule):
        return None
    piece = ValueAt(Field("header", "range"), 0, Equals(f"bytes=0-{exempt - 1}"))
    request = _asking(facts, rule, facts.matching(piece))
    if request is None:
        return None
    return Doubt(
        Severity.MEDIUM,
        "response_exempt",
        f"never slows who fetches a file in ranges of {exempt} B, which are exempt each time",
        request,
        f"a file of {16 * exempt} B takes 16 such requests",
        "leave nothing exempt, or limit the number of these requests as well",
        "assumes that the application answers ranges; if it does not, record that with an ignore entry",
    )


def _mostly_burst(facts: Facts, rule: Rule) -> Doubt | None:
    """A burst that most answers fit into."""
    rates = [rate for name in ("download", "upload") if (rate := _bytes(rule, name))]
    burst = _bytes(rule, "burst")
    request = arriving(facts, rule) if rates and burst >= _SPARE_SECONDS * max(rates) else None
    if request is None:
        return None
    return Doubt(
        Severity.LOW,
        "burst",
        f"lets {burst} B pass at full speed, as much as its rate of {max(rates)} B/s gives in {span(burst // max(rates))}",
        request,
        "what is no larger than the burst is not slowed at all",
        "set a burst of about one second's worth, or 0 for just that",
        "assumes that most of what it matches is smaller; if it is not, record that with an ignore entry",
    )


def _multiplied(facts: Facts, rule: Rule) -> Doubt | None:
    """A low rate for each request, which parallel requests multiply."""
    low = [rate for name in ("download", "upload") if 0 < (rate := _bytes(rule, name)) <= _THROTTLE]
    held = rule.settings.get("budget_scope") == "per_request" and low and not limited(facts, rule)
    request = arriving(facts, rule) if held else None
    if request is None:
        return None
    return Doubt(
        Severity.INFO,
        "budget_scope",
        f"gives each request {min(low)} B/s of its own: 100 at a time get {100 * min(low)} B/s",
        request,
        "a budget for each request begins anew, burst included, with every request",
        "give clients a budget for each key, the address among its parts",
        "assumes that it is there to hold clients off; if each transfer alone is meant, record that with an ignore entry",
    )
