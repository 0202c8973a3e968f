"""The rules of a phase by the boxes of what they match: which of them may hold a request, and which may meet a region."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from functools import cached_property

from edgelint.model.policy import Rule
from edgelint.space.index import Index, bits
from edgelint.space.locator import Locator, Owned
from edgelint.space.region import Point, Region


class RuleIndex:
    """The boxes of a phase's rules, and whose they are; those that come first for sure can be asked for a request."""

    def __init__(self, rules: tuple[Rule, ...], live: Callable[[Rule], Region]) -> None:
        self.rules = rules
        self._orders = [rule.order for rule in rules]
        self._owned = [(place, box) for place, rule in enumerate(rules) for box in live(rule).boxes]

    @cached_property
    def _index(self) -> Index:
        return Index([box for _, box in self._owned])

    def before(self, rule: Rule) -> Owned:
        """What the unconditional rules before one match, as parts of a union."""
        return self._locator.owned(self._firm, bisect_left(self._orders, rule.order))

    @cached_property
    def matched(self) -> Owned:
        """What the unconditional rules match, as parts of a union."""
        return self._locator.owned(self._firm)

    @cached_property
    def stops(self) -> Owned:
        """What the unconditional rules refuse, challenge or hold, as parts of a union."""
        return self._locator.owned({place for place in self._firm if self.rules[place].outcome.denies})

    @cached_property
    def refused(self) -> Owned:
        """What the unconditional rules refuse for good, whatever pass a client has, as parts of a union."""
        denying = ((place, self.rules[place].outcome) for place in self._firm)
        return self._locator.owned({place for place, one in denying if one.denies and not one.passable})

    def among(self, rules: Iterable[Rule]) -> Owned:
        """What some of the rules match, as parts of a union."""
        return self._locator.owned({self._places[rule] for rule in rules})

    @cached_property
    def _firm(self) -> frozenset[int]:
        """Where the unconditional rules stand."""
        return frozenset(place for place, rule in enumerate(self.rules) if not rule.conditional)

    @cached_property
    def _places(self) -> dict[Rule, int]:
        return {rule: place for place, rule in enumerate(self.rules)}

    @cached_property
    def _locator(self) -> Locator:
        """The boxes of the rules, owned by where these stand."""
        return Locator([box for _, box in self._owned], [place for place, _ in self._owned])

    def candidates(self, point: Point) -> tuple[Rule, ...]:
        """The rules whose boxes may hold a request, by what its host, path, method, address and way in look like."""
        located = self._locator
        positions = {located.owners[box] for boxes in located.lists(point) for box in boxes}
        return tuple(self.rules[position] for position in sorted(positions))

    def sharing(self, region: Region) -> tuple[Rule, ...]:
        """The rules of the boxes that may share a request with a region, in order."""
        mask = 0
        for box in region.boxes:
            mask |= self._index.overlapping(box)
        positions = dict.fromkeys(self._owned[bit][0] for bit in bits(mask))
        return tuple(self.rules[position] for position in positions)
