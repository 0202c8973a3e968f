"""The bounds of the engine: what cannot be decided within them is unknown, never a guess and never a hang."""

from __future__ import annotations


class Unbounded(Exception):
    """A question that could not be decided; `reason` is for people."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Work:
    """The steps of all searches so far, of every kind: what is asked of one space is bounded by them as a whole."""

    def __init__(self) -> None:
        self.done = 0

    def spend(self, steps: int) -> None:
        """Count some steps."""
        self.done += steps


WORK = Work()
