"""How a platform keeps count: what it remembers of each key of a limiter or shaper, how much, and for how long."""

from __future__ import annotations

from math import inf

from edgelint.record import record


@record
class Limiting:
    """The bounds of a platform's counters; the defaults are those of a platform without any.

    State that nobody used for more than `idle` seconds is dropped when the edge looks for such, which it does at most every
    `sweep` seconds. A rule keeps state for `keys` keys, and a further one takes the place of the one seen least recently.
    Values of key parts are cut after `value_bytes`, addresses of IPv6 after `ipv6_prefix` bits. A sliding window remembers
    each request in `hit_bytes`. A shaper sleeps `least_wait` seconds or longer. `breaks_upgrades` says that a connection whose
    download is shaped cannot change its protocol.
    """

    idle: float = inf
    sweep: float = 0
    keys: int | None = None
    value_bytes: int | None = None
    ipv6_prefix: int = 128
    hit_bytes: int = 0
    least_wait: float = 0
    breaks_upgrades: bool = False
