"""What the owner of a policy demands of it, proved for every request or refuted with one; and examples that are tried."""

from __future__ import annotations

from typing import Literal

from edgelint.model.assertion import Assertion
from edgelint.model.request import Request
from edgelint.record import record


@record
class Proof:
    """What became of an assertion: `proved` for every request it is about, `refuted` with a request, or `undecided`.

    `reason` says what becomes of that request, or why it is undecided.
    """

    assertion: Assertion
    outcome: Literal["proved", "refuted", "undecided"]
    reason: str = ""
    request: Request | None = None


class DemandError(Exception):
    """An assertion cannot be understood; the text says where and why, in one line."""
