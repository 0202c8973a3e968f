"""What a platform lets the evaluation of a condition cost, and how much a client can send to make it cost more."""

from __future__ import annotations

from edgelint.record import record


@record
class Costs:
    """The bounds of one evaluation, in the unit of `Match.cost`, and of a request's line and headers, in bytes.

    A condition that costs more than `limit` does not match, whatever it would have come to.
    """

    limit: int
    header_bytes: int
