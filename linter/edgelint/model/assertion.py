"""What the owner of a policy wants to be always true of it."""

from __future__ import annotations

from typing import Literal

from edgelint.record import record
from edgelint.source import Place

Treatment = Literal["rate_limited", "blocked", "challenged", "shaped", "cached"]


@record
class Budget:
    """At most so many requests in so many milliseconds."""

    requests: int
    window_millis: int


@record
class Assertion:
    """A demand on every request that an expression matches.

    `subject` is the expression's text, in the language of the policy. Requests must get the treatment, or where `denied`
    must not get it. `at_most` is the widest budget that will do for a rate limit, `per` whose budget that is.
    """

    name: str
    subject: str
    treatment: Treatment
    denied: bool
    place: Place
    at_most: Budget | None = None
    per: Literal["client"] | None = None
