"""Limiters at work: what they admit of a sequence of requests, computed exactly.

Time is a number of seconds the caller gives; there is no clock and no chance. Requests that come at one instant with equal
keys are sent together, as a count.
"""

from __future__ import annotations

from abc import abstractmethod
from collections import OrderedDict, deque
from collections.abc import Hashable, Sequence
from fractions import Fraction
from math import floor

from edgelint.budgets import Budget
from edgelint.model.limiting import Limiting

Time = int | Fraction
Key = Hashable


class Counter:
    """What is kept for one key of one limiter."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget

    @abstractmethod
    def take(self, time: Time, count: int) -> int:
        """How many of some requests at a time, not before earlier ones, are admitted; these are charged."""


class FixedWindow(Counter):
    """A count that begins anew with every window; windows begin at multiples of their length."""

    _window = -1
    _used = 0

    def take(self, time: Time, count: int) -> int:
        """How many the current window has room for."""
        window = floor(time / self.budget.window)
        if window != self._window:
            self._window, self._used = window, 0
        admitted = min(count, self.budget.limit - self._used)
        self._used += admitted
        return admitted


class SlidingWindow(Counter):
    """The times of what was admitted within the last window."""

    def __init__(self, budget: Budget) -> None:
        super().__init__(budget)
        self._admitted: deque[tuple[Time, int]] = deque()

    def take(self, time: Time, count: int) -> int:
        """How many there is room for beside those of the last window, its far end excluded."""
        while self._admitted and self._admitted[0][0] <= time - self.budget.window:
            self._admitted.popleft()
        admitted = min(count, self.budget.limit - sum(number for _, number in self._admitted))
        if admitted:
            self._admitted.append((time, admitted))
        return admitted


class Bucket(Counter):
    """A bucket of requests that may come, full at first and refilled evenly.

    A leaky bucket is the same seen from the other side: it begins empty, fills with what is admitted, and drains.
    """

    def __init__(self, budget: Budget) -> None:
        super().__init__(budget)
        self._held = Fraction(budget.burst)
        self._last: Time | None = None

    def take(self, time: Time, count: int) -> int:
        """How many whole requests the bucket holds."""
        if self._last is not None:
            self._held = min(Fraction(self.budget.burst), self._held + (time - self._last) * self.budget.rate)
        self._last = time
        admitted = min(count, floor(self._held))
        self._held -= admitted
        return admitted


def counter(budget: Budget) -> Counter:
    """The state of a new key."""
    match budget.algorithm:
        case "fixed_window":
            return FixedWindow(budget)
        case "sliding_window":
            return SlidingWindow(budget)
        case "token_bucket" | "leaky_bucket":
            return Bucket(budget)


class Limiter:
    """One limiter with its keys, those seen least recently first."""

    def __init__(self, budget: Budget, limiting: Limiting) -> None:
        self.budget = budget
        self.limiting = limiting
        self._kept: OrderedDict[Key, tuple[Counter, Time]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def sweep(self, time: Time) -> None:
        """Forget the keys that were idle for too long."""
        while self._kept:
            key, (_, seen) = next(iter(self._kept.items()))
            if time - seen <= self.limiting.idle:
                return
            del self._kept[key]

    def charge(self, key: Key, time: Time, count: int) -> int:
        """How many of some requests with a key are admitted. Denied ones count as a sign of life, too."""
        found = self._kept.pop(key, None)
        if found is None and self.limiting.keys is not None and len(self._kept) >= self.limiting.keys:
            self._kept.popitem(last=False)
        state = found[0] if found else counter(self.budget)
        self._kept[key] = (state, time)
        return state.take(time, count)


class Limiters:
    """Limiters in their order: each charges what all before it admitted, and what one denies stays charged to those."""

    def __init__(self, budgets: Sequence[Budget], limiting: Limiting) -> None:
        self.limiting = limiting
        self.limiters = tuple(Limiter(budget, limiting) for budget in budgets)
        self._swept: Time | None = None

    def send(self, keys: Sequence[Key | None], time: Time, count: int = 1) -> int:
        """How many of some equal requests get through; a key for each limiter, None where it does not match them."""
        if self._swept is None or time - self._swept >= self.limiting.sweep:
            self._swept = time
            for limiter in self.limiters:
                limiter.sweep(time)
        for limiter, key in zip(self.limiters, keys, strict=True):
            if key is not None and count:
                count = limiter.charge(key, time, count)
        return count
