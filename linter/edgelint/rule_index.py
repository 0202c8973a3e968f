"""The rules of a phase by the boxes of what they match: which of them may hold a request, and which may meet a region."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from functools import cached_property

from edgelint.model.policy import Rule
from edgelint.space.index import Index, bits
from edgelint.space.locator import Before, Locator
from edgelint.space.region import Point, Region


class RuleIndex:
    """The boxes of a phase's rules, and whose they are; those that come first for sure can be asked for a request."""

    def __init__(self, rules: tuple[Rule, ...], live: Callable[[Rule], Region]) -> None:
        self.rules = rules
        self._orders = [rule.order for rule in rules]
        self._owned = [(position, box) for position, rule in enumerate(rules) for box in live(rule).boxes]

    @cached_property
    def _index(self) -> Index:
        return Index([box for _, box in self._owned])

    @cached_property
    def locator(self) -> Locator:
        """The boxes of the unconditional rules, owned by the positions of these."""
        return self._located(lambda rule: not rule.conditional)

    @cached_property
    def stops(self) -> Before:
        """What the unconditional rules refuse, challenge or hold, as parts of a union."""
        return self._located(lambda rule: rule.outcome.denies and not rule.conditional).before(len(self.rules))

    @cached_property
    def refused(self) -> Before:
        """What the unconditional rules refuse for good, whatever pass a client has, as parts of a union."""
        final = self._located(lambda rule: rule.outcome.denies and not rule.outcome.passable and not rule.conditional)
        return final.before(len(self.rules))

    @cached_property
    def _everyone(self) -> Locator:
        return self._located(lambda _: True)

    def _located(self, chosen: Callable[[Rule], bool]) -> Locator:
        owned = [(position, box) for position, box in self._owned if chosen(self.rules[position])]
        return Locator([box for _, box in owned], [position for position, _ in owned])

    def candidates(self, point: Point) -> tuple[Rule, ...]:
        """The rules whose boxes may hold a request, by what its host, path, method, address and way in look like."""
        located = self._everyone
        positions = {located.owners[box] for boxes in located.lists(point) for box in boxes}
        return tuple(self.rules[position] for position in sorted(positions))

    def place(self, rule: Rule) -> int:
        """How many of the rules come before one."""
        return bisect_left(self._orders, rule.order)

    def sharing(self, region: Region) -> tuple[Rule, ...]:
        """The rules of the boxes that may share a request with a region, in order."""
        mask = 0
        for box in region.boxes:
            mask |= self._index.overlapping(box)
        positions = dict.fromkeys(self._owned[bit][0] for bit in bits(mask))
        return tuple(self.rules[position] for position in positions)
