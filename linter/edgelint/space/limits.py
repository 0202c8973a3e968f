"""The bounds of the engine: what cannot be decided within them is unknown, never a guess and never a hang."""

from __future__ import annotations


class Unbounded(Exception):
    """A question that could not be decided; `reason` is for people."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
