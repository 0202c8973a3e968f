"""What changes in behaviour between two versions of a policy: proved with requests that are treated differently.

Only rules that were added, removed, rewritten, switched on or off, or moved past one another can change anything. For each of
them, and for each rule of the other version it meets, one question is put to the engine: is there a request that one of them
decides now and the other decided before? Every request that is shown was run through the plain interpreter of both versions.
"""

from __future__ import annotations

from typing import Literal

from edgelint.model.policy import Route, Rule
from edgelint.model.request import Request
from edgelint.record import record

Verdict = Literal["equivalent", "narrower", "wider", "incomparable", "undecided"]
"""What a rule takes effect on, beside what it did before."""


@record(eq=False)
class Version:
    """A rule as it was and as it is; None where it was not there or is not any more."""

    before: Rule | None
    after: Rule | None

    @property
    def rule(self) -> Rule:
        """The rule as it is, else as it was."""
        rule = self.after or self.before
        assert rule is not None  # noqa: S101
        return rule


@record(eq=False)
class Change:
    """Requests that are treated differently.

    `title` says how, for example `newly blocked`. `within` says in words what all of them lie in, a line each; `request`
    is one of them, with `services` as the ones they are sent to. `note` is what people should not miss. With `loaded` all this holds only
    while an automatic rule is active. One that `widens` brings requests under a treatment they did not have.
    """

    title: str
    phase: str
    before: Rule | Route | None
    after: Rule | Route | None
    within: tuple[str, ...]
    request: Request
    services: tuple[str, ...] = ()
    note: str = ""
    loaded: bool = False

    @property
    def widens(self) -> bool:
        """Whether a rule of now has more of the requests than a rule of then."""
        return self.after is not None


@record(eq=False)
class Edit:
    """A rule that was changed: what was written differently, and what came of it, with a request it gained and one it lost."""

    version: Version
    written: tuple[str, ...]
    verdict: Verdict
    gained: Request | None = None
    lost: Request | None = None


@record(eq=False)
class Difference:
    """All that changed, in the order of phases and rules; `undecided` names what could not be told, and why."""

    edits: tuple[Edit, ...]
    changes: tuple[Change, ...]
    undecided: tuple[str, ...] = ()

    @property
    def widens(self) -> bool:
        """Whether anything is treated in a way it was not."""
        return any(change.widens for change in self.changes)
