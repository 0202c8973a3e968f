"""A finding that the owner of a policy has accepted."""

from __future__ import annotations

from datetime import date

from edgelint.record import record
from edgelint.source import Place


@record
class Ignore:
    """An accepted finding: its check, its rule as `phase/id` or `phase/name`, why, and the last day on which that holds.

    A `comment` beside a rule speaks of no other rule than the one at `only`.
    """

    check: str
    rule: str
    reason: str
    place: Place
    expires: date | None = None
    only: Place | None = None
    comment: bool = False

    def expired(self, today: date) -> bool:
        """Whether the last day has passed."""
        return self.expires is not None and self.expires < today
