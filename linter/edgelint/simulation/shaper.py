"""The byte bucket of a shaper: when bytes are through, computed exactly.

Time is a number of seconds the caller gives.
"""

from __future__ import annotations

from fractions import Fraction

from edgelint.simulation.limiter import Time


class ByteBucket:
    """A bucket of bytes that may pass: full at first, refilled at `rate` bytes a second up to `burst`.

    Who finds too little in it sleeps until there is enough, but `least_wait` seconds or longer.
    """

    def __init__(self, rate: int, burst: int, least_wait: Fraction = Fraction(0)) -> None:
        self.rate = rate
        self.burst = burst or rate
        self.least_wait = least_wait
        self._held = Fraction(self.burst)
        self._last: Time = 0

    def pass_on(self, size: int, time: Time) -> Time:
        """When some bytes that come at a time are through, in pieces of at most a burst."""
        while size > 0:
            piece = min(size, self.burst)
            time = self._spend(piece, time)
            size -= piece
        return time

    def _spend(self, piece: int, time: Time) -> Time:
        self._refill(time)
        while self._held < piece:
            time += max((piece - self._held) / self.rate, self.least_wait)
            self._refill(time)
        self._held -= piece
        return time

    def _refill(self, time: Time) -> None:
        self._held = min(Fraction(self.burst), self._held + (time - self._last) * self.rate)
        self._last = time


def throughput(bucket: ByteBucket, bursts: int) -> Fraction:
    """The bytes a second that pass in the long run, measured over so many bursts behind the first."""
    begin = bucket.pass_on(bucket.burst, 0)
    return bursts * bucket.burst / Fraction(bucket.pass_on(bursts * bucket.burst, begin) - begin)
