"""A waiting room: who is let in, who waits, and who loses the place; and what programs without cookies make of it.

Times are exact numbers in seconds. Who asks without the cookie of an earlier answer is a new visitor. A visitor who is let in
takes a slot for a fixed time, whether or not she comes back. Only the first of the queue can be let in, and only when she asks
herself: one who never asks again stands in everybody's way until her place is taken away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from heapq import merge
from itertools import count, islice, takewhile
from typing import Literal

from edgelint.model.policy import Rule
from edgelint.record import record

Answer = Literal["passes", "admitted", "waits"]

_NUMBERS = ("capacity", "rate", "ttl", "poll", "timeout")
_REQUESTS = 20_000
"""How many requests of programs, and how many of a visitor who waits, one replay looks at."""


@record
class Room:
    """What a waiting room is set to.

    It holds `capacity` visitors, lets in at most `rate` a second and as many at once, each for `ttl` seconds. Who waits asks
    again every `poll` seconds, and has lost the place more than `timeout` seconds after taking it.
    """

    capacity: int
    rate: int
    ttl: Fraction
    poll: Fraction
    timeout: Fraction


def room_of(rule: Rule) -> Room | None:
    """The waiting room of a rule that has one; None where a number of it is none that a room can have."""
    capacity, rate, ttl, poll, timeout = (Fraction(str(rule.settings[f"room_{name}"])) for name in _NUMBERS)
    if min(capacity, rate, ttl, poll, timeout) <= 0:
        return None
    return Room(int(capacity), int(rate), ttl, poll, timeout)


class WaitingRoom:
    """The state of a waiting room between requests, which come in the order of their times."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self._names = count()
        self._admitted: dict[int, Fraction] = {}  # until when, the earliest end first
        self._queue: dict[int, Fraction] = {}  # since when, the longest wait first
        self._tokens = Fraction(room.rate)
        self._refilled: Fraction | None = None

    def ask(self, now: Fraction, visitor: int | None = None) -> tuple[Answer, int]:
        """The answer to a request of a visitor, a new one when None, and who it is from then on."""
        if visitor is not None and self._admitted.get(visitor, now) > now:
            return "passes", visitor
        self._tidy(now)
        name = next(self._names) if visitor is None else visitor
        self._queue.setdefault(name, now)
        if not self._lets_in(name, now):
            return "waits", name
        del self._queue[name]
        self._admitted[name] = now + self.room.ttl
        return "admitted", name

    def held(self, now: Fraction) -> int:
        """How many slots are taken."""
        self._tidy(now)
        return len(self._admitted)

    def _tidy(self, now: Fraction) -> None:
        """Free the slots whose time is over, and the places that were waited on for too long."""
        for name in list(takewhile(lambda name: self._admitted[name] <= now, self._admitted)):
            del self._admitted[name]
        for name in list(takewhile(lambda name: now - self._queue[name] > self.room.timeout, self._queue)):
            del self._queue[name]

    def _lets_in(self, name: int, now: Fraction) -> bool:
        if next(iter(self._queue)) != name or len(self._admitted) >= self.room.capacity:
            return False
        rate = self.room.rate
        if self._refilled is not None:
            self._tokens = min(Fraction(rate), self._tokens + (now - self._refilled) * rate)
        self._refilled = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


@record
class Leak:
    """What becomes of an empty room that programs without cookies ask for entry.

    `held` is the most slots they hold at one time. Where they hold all: `full` is when, `jammed` when a program is first told
    to wait, `came` when a visitor comes then, and `waited` how long it takes until she is let in, None when she loses the place.
    """

    held: int
    full: Fraction | None = None
    jammed: Fraction | None = None
    came: Fraction | None = None
    waited: Fraction | None = None


def leak(room: Room, intervals: Iterable[Fraction]) -> Leak | None:
    """A replay: each program asks once in its interval, from time 0. None where that are too many requests to look at."""
    if room.timeout / room.poll > _REQUESTS:
        return None
    intervals = tuple(intervals)
    steady, state = room.ttl + max(intervals), WaitingRoom(room)
    arrivals = merge(*(_times(interval) for interval in intervals))
    held, full = 0, None
    for now in islice(arrivals, _REQUESTS):
        answer, _ = state.ask(now)
        held = max(held, state.held(now))
        if full is None and held == room.capacity:
            full = now
        if answer == "waits" or now > steady:
            jammed = now if answer == "waits" else None
            break
    else:
        return None
    if full is None and jammed is None:
        return Leak(held)
    came = now + min(intervals) / 2
    return Leak(held, full, jammed, came, _wait(state, came))


def _times(interval: Fraction) -> Iterator[Fraction]:
    return (number * interval for number in count())


def _wait(state: WaitingRoom, came: Fraction) -> Fraction | None:
    """How long a visitor waits who asks again and again, None when she loses the place first; who comes later stands behind."""
    visitor = None
    for number in range(int(state.room.timeout / state.room.poll) + 1):
        waited = number * state.room.poll
        answer, visitor = state.ask(came + waited, visitor)
        if answer != "waits":
            return waited
    return None
