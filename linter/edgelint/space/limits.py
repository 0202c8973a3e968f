"""The bounds of the engine: what cannot be decided within them is unknown, never a guess and never a hang."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class Unbounded(Exception):
    """A question that could not be decided; `reason` is for people."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Work:
    """The steps of all searches, of every kind. A step costs a few microseconds.

    Each question has bounds of its own; many hard ones together are bounded here. Steps are counted, not seconds, so that an
    answer does not depend on the machine.
    """

    def __init__(self) -> None:
        self.done = 0
        self._end: int | None = None

    @property
    def exhausted(self) -> bool:
        """Whether the allowance is used up."""
        return self._end is not None and self.done > self._end

    def spend(self, steps: int) -> None:
        """Count some steps. Raises Unbounded when the allowance is used up."""
        self.done += steps
        if self._end is not None and self.done > self._end:  # `exhausted`, without a call: this is asked most of all
            raise Unbounded("the conditions of the policy are too hard to analyse all of them")

    @contextmanager
    def allowance(self, steps: int) -> Iterator[None]:
        """Let what happens inside use so many steps, and no more than an allowance around it has left."""
        around = self._end
        self._end = self.done + steps if around is None else min(around, self.done + steps)
        try:
            yield
        finally:
            self._end = around


WORK = Work()
"""The work of this process."""
