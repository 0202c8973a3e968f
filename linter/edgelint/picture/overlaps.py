"""Where two rules of a phase meet, and what becomes of the requests that both match."""

from __future__ import annotations

from typing import Literal

from edgelint.facts import Facts
from edgelint.model.policy import Rule
from edgelint.record import record
from edgelint.space.questions import covers, meets

Relation = Literal["earlier-takes-all", "earlier-takes-part", "earlier-takes-at-times", "both-apply"]
"""What becomes of the requests of two rules: the earlier one leaves nothing, takes some, takes them while it is active, or both apply."""


@record(eq=False)
class Overlap:
    """Two rules of a phase that share requests, in their order. Where it is not `certain` that they do, it is not excluded."""

    earlier: Rule
    later: Rule
    relation: Relation
    certain: bool


class Overlaps:
    """The overlaps of a policy's rules, each found once. Made once for facts."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._found: dict[tuple[Rule, Rule], Overlap | None] = {}

    def of(self, rule: Rule) -> tuple[Overlap, ...]:
        """The overlaps of a rule with others of its phase, in order."""
        if not rule.enabled:
            return ()
        pairs = (sorted((rule, other), key=lambda one: one.order) for other in self._facts.neighbours(rule))
        return tuple(found for earlier, later in pairs if (found := self._overlap(earlier, later)) is not None)

    def _overlap(self, earlier: Rule, later: Rule) -> Overlap | None:
        pair = (earlier, later)
        if pair not in self._found:
            shared = meets(self._facts.live(earlier), self._facts.live(later))
            found = None if shared is False else Overlap(earlier, later, self._relation(earlier, later), bool(shared))
            self._found[pair] = found
        return self._found[pair]

    def _relation(self, earlier: Rule, later: Rule) -> Relation:
        if self._facts.phase(earlier).algorithm == "all_match":
            return "both-apply"
        if earlier.conditional:
            return "earlier-takes-at-times"
        whole = covers((self._facts.region(earlier),), self._facts.live(later))
        return "earlier-takes-all" if whole else "earlier-takes-part"
