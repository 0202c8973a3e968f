"""Why a condition comes to what it comes to for one request: the parts of it that decide, and the values they look at."""

from __future__ import annotations

from edgelint.record import record

Value = str | tuple[str, ...] | None
"""What a part of a request is: a text, a list of texts, or None where the request has none."""


@record
class Seen:
    """A part of a request as a condition spells it, and what it is."""

    part: str
    value: Value


@record
class Reason:
    """A deciding part of a condition: its text, its span in the whole text, and what it comes to.

    `verdict` is None where its evaluation fails; `text` is then the construct that fails, and `error` says how.
    """

    text: str
    span: tuple[int, int]
    verdict: bool | None
    seen: tuple[Seen, ...] = ()
    error: str = ""
