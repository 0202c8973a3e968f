"""A request that is kept beside a policy, with what is expected to become of it."""

from __future__ import annotations

from edgelint.record import record
from edgelint.source import Place


@record
class Example:
    """A request and what is expected of it; what is None is not looked at.

    `request` is a line such as `POST https://example.com/login`, or a command line of curl; `headers` are lines, too. `active`
    names the automatic rules that are in force, `*` all of them; with `passes` the visitor holds every pass. `comes_to` is a
    kind of decision, `status` its status; `rule` is the rule that decides, as `phase/name`. `limits` are all rules that count
    it. `policy` is the file the rules are in, where several are tested.
    """

    request: str
    comes_to: str
    place: Place
    name: str = ""
    headers: tuple[str, ...] = ()
    address: str = ""
    listener: str = ""
    active: tuple[str, ...] = ()
    passes: bool = False
    status: int | None = None
    rule: str | None = None
    limits: tuple[str, ...] | None = None
    shaper: str | None = None
    cache: str | None = None
    route: str | None = None
    location: str | None = None
    policy: str = ""

    @property
    def title(self) -> str:
        """What people call it."""
        return self.name or self.request
