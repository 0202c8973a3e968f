"""What limiters and shapers grant: their settings as budgets, the most a budget admits, and which of two is the tighter.

All bounds are for one key. They hold for instants and lengths of time of any fineness.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor
from typing import Literal, cast, get_args

from edgelint.model.policy import Rule
from edgelint.record import record

Algorithm = Literal["fixed_window", "sliding_window", "token_bucket", "leaky_bucket"]


@record
class Budget:
    """What a limiter grants each key: `limit` requests per `window` seconds.

    Fixed windows begin at multiples of their length. A sliding window looks back over its length. A bucket holds `burst`
    requests: a token bucket begins full and is refilled, a leaky bucket begins empty and drains, both evenly over the window.
    """

    algorithm: Algorithm
    limit: int
    window: Fraction
    burst: int

    @property
    def buckets(self) -> bool:
        """Whether it grants evenly, with a burst, and not by windows."""
        return self.algorithm in ("token_bucket", "leaky_bucket")

    @property
    def capacity(self) -> int:
        """The most requests that are admitted at once."""
        return self.burst if self.buckets else self.limit

    @property
    def rate(self) -> Fraction:
        """The requests a second that are admitted in the long run."""
        return self.limit / self.window

    @property
    def memory(self) -> Fraction:
        """The seconds after which nothing of what was admitted matters any more."""
        return self.burst / self.rate if self.buckets else self.window

    def most(self, seconds: Fraction | int) -> int:
        """The most requests admitted within an interval of this length, both ends included.

        An interval touches at most so many fixed windows, or consists of so many intervals shorter than a sliding window;
        a bucket gives what it holds and what flows meanwhile.
        """
        if self.buckets:
            return floor(self.burst + seconds * self.rate)
        periods = seconds / self.window
        if self.algorithm == "sliding_window":
            return self.limit * (floor(periods) + 1)
        return self.limit * (ceil(periods) + 1 if seconds else 1)

    def most_within(self, seconds: Fraction) -> int:
        """The most requests admitted within an interval of this length, one end excluded."""
        if self.buckets:
            return ceil(self.burst + seconds * self.rate) - 1
        periods = seconds / self.window
        return self.limit * (ceil(periods) if self.algorithm == "sliding_window" else ceil(periods) + 1)


def budget_of(rule: Rule) -> Budget | None:
    """The budget of a limiter; None for every other rule."""
    settings = rule.settings
    algorithm, limit, window = settings.get("algorithm"), settings.get("limit"), settings.get("window")
    if algorithm not in get_args(Algorithm) or not isinstance(limit, int) or not isinstance(window, int | float):
        return None
    if limit < 1 or window <= 0:
        return None
    burst = settings.get("burst")
    exact = Fraction(window).limit_denominator(1_000_000)
    return Budget(cast(Algorithm, algorithm), limit, exact, burst if isinstance(burst, int) and burst else limit)


def dominates(one: Budget, other: Budget) -> bool:
    """Whether the other budget certainly admits whatever the one admits, as long as both charge the same requests."""
    if other.buckets:
        return _fits_bucket(one, other)
    if one.algorithm == other.algorithm == "fixed_window":
        return _in_fixed_window(one, other.window) <= other.limit
    return one.most_within(other.window) <= other.limit


def _fits_bucket(one: Budget, bucket: Budget) -> bool:
    """Whether what one budget admits never exceeds what a bucket holds and gets, in intervals of any length.

    Both grow linearly with the length, the one in steps for windows: it is enough to look at the first step and the slope.
    """
    first = 2 * one.limit if one.algorithm == "fixed_window" else one.capacity
    return first <= bucket.burst and one.rate <= bucket.rate


def _in_fixed_window(one: Budget, window: Fraction) -> int:
    """The most requests that fixed windows admit within a fixed window of another length."""
    if window % one.window == 0:
        return one.limit * int(window / one.window)
    return one.limit if one.window % window == 0 else one.most_within(window)


# In words.


def granted(rule: Rule) -> str:
    """What one bucket of a limiter or shaper grants, in words."""
    settings = rule.settings
    if rule.outcome.kind == "limit":
        budget = budget_of(rule)
        burst = f" ({budget.burst} at once)" if budget and budget.buckets and budget.burst != budget.limit else ""
        requests = counted(cast(int, settings.get("limit")), "request")
        return f"one bucket of {requests} per {duration(settings.get('window'))}{burst}"
    rates = [
        f"{settings[name]} B/s {direction}"
        for name, direction in (("download", "down"), ("upload", "up"))
        if settings.get(name)
    ]
    return f"one budget of {' and '.join(rates)}"


def duration(seconds: object) -> str:
    """Seconds in the largest unit that divides them, as they follow `per`."""
    return span(seconds).removeprefix("1 ") if isinstance(seconds, int | float | Fraction) else "window"


def span(seconds: float | Fraction) -> str:
    """A length of time in the largest unit that divides it."""
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds and seconds % size == 0:
            return counted(int(seconds // size), unit)
    return "1 second" if seconds == 1 else f"{float(seconds):g} seconds"


def counted(number: int, noun: str) -> str:
    """A number of things."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
