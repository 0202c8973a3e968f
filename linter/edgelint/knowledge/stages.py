"""Which requests reach a phase: those that no earlier phase refuses for sure, and what becomes of them after routing."""

from __future__ import annotations

from edgelint.facts import Facts
from edgelint.model.policy import Phase, Route, Rule
from edgelint.record import record
from edgelint.routing import origins_of
from edgelint.space.locator import Locator
from edgelint.space.questions import Parts, listed, outside, overlap
from edgelint.space.region import Region


@record(eq=False)
class _Blocks:
    """The unconditional blocks before a phase, and what they match as parts of a union, numbered like them."""

    rules: tuple[Rule, ...]
    parts: Parts


class Stages:
    """What the blocks before each phase refuse. Made once for facts."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._before: dict[str, _Blocks] = {}

    def refused(self, rule: Rule) -> tuple[Rule, ...]:
        """The blocks of earlier phases that together refuse every request of a rule; none where some gets through, or may."""
        live, blocks = self._facts.live(rule), self._blocks(rule)
        cover = outside(live, blocks.parts)
        if not blocks.rules or not cover.answer.no:
            return ()
        found = tuple(blocks.rules[position] for position in cover.used)
        certain = all(self._certain(self._facts.both(live, self._facts.region(block)), block) for block in found)
        return found if certain else ()

    def redirected(self, rule: Rule) -> tuple[Route, ...]:
        """The redirecting routes that take all that blocks leave of a rule's requests; none where others may take some.

        Default routes that answer unknown hosts by themselves count for nothing: the same host is unknown to other listeners.
        """
        facts, live = self._facts, self._facts.live(rule)
        met = facts.routing.meeting(live)
        routes = [route for route in met if route.action == "redirect"]
        if not routes:
            return ()
        parts = self.left_out(rule)
        serving = (route for route in met if route.action == "forward" and (origins_of(route) or not route.default))
        if any(not facts.routing.landing(live, route, parts).no for route in serving):
            return ()
        return tuple(route for route in routes if facts.routing.landing(live, route, parts).yes)

    def left_out(self, rule: Rule) -> Parts:
        """What blocks of earlier phases certainly refuse of a rule's requests, as parts of a union; nothing if passes matter."""
        blocks, live = self._blocks(rule), self._facts.live(rule)
        last = {block.phase: block for block in blocks.rules}
        return blocks.parts if all(self._certain(live, block) for block in last.values()) else listed(())

    def _certain(self, region: Region, block: Rule) -> bool:
        """Whether nobody who sends requests of a region can hold a pass that leads past a block."""
        facts = self._facts
        return not any(
            other.outcome.passable and other.order < block.order and not overlap(region, facts.region(other)).no
            for other in facts.sharing(facts.phase(block), region)
        )

    def _blocks(self, rule: Rule) -> _Blocks:
        found = self._before.get(rule.phase)
        if found is None:
            found = self._before[rule.phase] = self._located(self._facts.phase(rule))
        return found

    def _located(self, phase: Phase) -> _Blocks:
        phases = self._facts.policy.phases
        earlier = (rule for before in phases[: phases.index(phase)] for rule in before.active)
        rules = tuple(rule for rule in earlier if rule.outcome.kind == "block" and not rule.conditional)
        owned = [(owner, box) for owner, rule in enumerate(rules) for box in self._facts.live(rule).boxes]
        located = Locator([box for _, box in owned], [owner for owner, _ in owned])
        return _Blocks(rules, located.before(len(rules)))
