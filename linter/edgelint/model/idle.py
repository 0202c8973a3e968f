"""Settings that a platform accepts and then does nothing with."""

from __future__ import annotations

from edgelint.record import record


@record
class Idle:
    """Settings of a phase's rules without effect while each setting of `when` has one of its values; always, if there is none.

    `why` completes the sentence "it has no effect:". `misleading` settings look like a protection that is not there.
    """

    phase: str
    settings: tuple[str, ...]
    why: str
    when: tuple[tuple[str, tuple[str | int, ...]], ...] = ()
    misleading: bool = False
