"""Changes of a phase in which every rule that matches takes effect, each with counters of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property, reduce
from itertools import combinations

from edgelint.difference import Change
from edgelint.difference.asking import Asking, Confirm
from edgelint.difference.pairing import in_force
from edgelint.facts import Facts
from edgelint.fingerprint import treatment
from edgelint.model.expression import Opaque
from edgelint.model.policy import Phase, Rule
from edgelint.model.request import Request
from edgelint.replay import applies
from edgelint.space.limits import Unbounded
from edgelint.space.questions import listed
from edgelint.space.region import Region

_MOST = 4
"""How many changed rules that do the same may gain or lose the same requests for it to be told who stands for whom."""


class _Side:
    """One version of a phase that counts, with the facts of both versions, this one's first."""

    def __init__(self, asking: Asking, mine: Facts, theirs: Facts, phase: Phase) -> None:
        self.mine, self.theirs, self.phase = mine, theirs, phase
        self.later = mine is asking.new
        self._pairing = asking.pairing
        self._doings: dict[Rule, object] = {}

    def doing(self, rule: Rule) -> object:
        """What a rule of this side does, worked out once: every rule is compared with many."""
        if rule not in self._doings:
            self._doings[rule] = treatment(rule, self.mine.policy)
        return self._doings[rule]

    @cached_property
    def _exclusive(self) -> dict[Rule, Region]:
        """What each changed rule counts on this side only, where that is anything."""
        touched = (rule for rule in self.phase.active if rule in self._pairing.touched)
        found = ((rule, self._only_here(rule)) for rule in touched)
        return {rule: region for rule, region in found if region.boxes}

    def _only_here(self, rule: Rule) -> Region:
        """What a rule counts on this side only; opaque where that is too many pieces to tell."""
        version, here = self._pairing.version(rule), self.mine.live(rule)
        other = in_force(self.theirs, version.before if self.later else version.after)
        if other is None or treatment(other, self.theirs.policy) != self.doing(rule):
            return here
        try:
            return here - self.theirs.live(other)
        except Unbounded:
            return here & self.mine.matching(Opaque(f"what {rule} counts in one version only"))

    def exclusive(self, doing: object, region: Region, but: Rule | None) -> dict[Rule, Region]:
        """For the rules but one that do a thing, and may do it to a region, what they count on this side only."""
        return {
            rule: self._exclusive[rule]
            for rule in self.mine.sharing(self.phase, region)
            if rule is not but and rule in self._exclusive and self.doing(rule) == doing
        }

    def number(self, doing: object, request: Request) -> int:
        """How many rules do a thing to a request, by the plain interpreter."""
        near = self.mine.near(self.phase.active, request)
        return sum(applies(self.mine.policy, rule, request) for rule in near if self.doing(rule) == doing)


def counted(asking: Asking, old: Phase, new: Phase) -> Iterator[Change]:
    """Each rule beside what it was itself, and beside others that did the same."""
    then, now = _Side(asking, asking.old, asking.new, old), _Side(asking, asking.new, asking.old, new)
    for before, after in asking.pairing.of(new):
        if before and after and (name := asking.pairing.title(before, after)):
            yield from asking.change(name, before, after, listed([]), asking.matching(before, after))
        if after:
            yield from _more(asking, now, then, after, before)
            yield from _taken_over(asking, now, then, before, after)
        if before:
            yield from _more(asking, then, now, before, after)


def _more(asking: Asking, here: _Side, there: _Side, rule: Rule, other: Rule | None) -> Iterator[Change]:
    """Requests that a rule of one version counts and its other version does not, nor any rule that does so in its place.

    What several rules count on this side only, some on the other side may count in place of some of them: each stands for one.
    """
    doing, live = here.doing(rule), here.mine.live(rule)
    before, after = (None, rule) if here.later else (rule, None)
    name = asking.pairing.title(before, after)
    own = [there.mine.live(other)] if other else []
    instead = list(there.exclusive(doing, live, other).values())
    candidates = here.exclusive(doing, live, rule) if instead else {}
    fellows = [region for fellow, region in candidates.items() if fellow.order < rule.order]
    if fellows and max(len(fellows), len(instead)) > _MOST:
        asking.undecided[f"what becomes of {rule}: too many rules that do the same were changed"] = None
        fellows = []
    confirm = _confirm(here, there, rule, other, doing)
    for size in range(len(fellows) + 1):
        parts = listed([*own, *_common(asking, instead, size + 1)])
        for chosen in combinations(fellows, size):
            inside = reduce(asking.new.both, chosen) if chosen else None
            changes = list(asking.change(name, before, after, parts, confirm, inside=inside))
            if changes:
                yield from changes
                return


def _taken_over(asking: Asking, now: _Side, then: _Side, before: Rule | None, after: Rule) -> Iterator[Change]:
    """Requests that a rule counts in the place of another one that did the same, with counters of its own."""
    own = [before] if before else []
    for twin in then.exclusive(now.doing(after), asking.new.live(after), before):
        if name := asking.pairing.title(twin, after):
            still = in_force(asking.new, asking.pairing.version(twin).after)
            kept = [still] if still else []
            away = [*map(asking.old.live, own), *map(asking.new.live, kept)]
            confirm = asking.matching(twin, after, then=own, now=kept)
            yield from asking.change(name, twin, after, listed(away), confirm)


def _common(asking: Asking, regions: Sequence[Region], size: int) -> Iterator[Region]:
    """What is common to each choice of so many of some regions."""
    return (reduce(asking.new.both, chosen) for chosen in combinations(regions, size))


def _confirm(here: _Side, there: _Side, rule: Rule, other: Rule | None, doing: object) -> Confirm:
    """That a rule counts a request, its other version does not, and fewer rules on the other side do the same to it."""

    def confirm(request: Request) -> bool:
        own = applies(here.mine.policy, rule, request)
        others = other is not None and applies(there.mine.policy, other, request)
        return own and not others and here.number(doing, request) > there.number(doing, request)

    return confirm
