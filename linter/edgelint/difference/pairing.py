"""Two versions of a policy, which rule of one is which of the other, and which can change anything."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import chain

from edgelint.difference import Version
from edgelint.difference.titles import title
from edgelint.difference.versions import moved, versions
from edgelint.facts import Facts
from edgelint.fingerprint import meaning, treatment
from edgelint.model.policy import Phase, Rule
from edgelint.space.questions import outside


class Pairing:
    """What is known of two versions of a policy before any question is asked."""

    def __init__(self, old: Facts, new: Facts) -> None:
        self.old, self.new = old, new
        self.versions = versions(old.policy, new.policy)
        self.phases: tuple[tuple[Phase, Phase], ...] = tuple(zip(old.policy.phases, new.policy.phases, strict=True))
        self._by_rule = {
            rule: version for version in self.versions for rule in (version.before, version.after) if rule is not None
        }

    def of(self, phase: Phase) -> Iterator[tuple[Rule | None, Rule | None]]:
        """The rules of a phase that can change anything, as they were and as they are; None where not enabled."""
        for version in self.versions:
            if version.rule.phase == phase.name and version.rule in self.touched:
                yield in_force(self.old, version.before), in_force(self.new, version.after)

    def version(self, rule: Rule) -> Version:
        """Both versions of a rule of either."""
        return self._by_rule[rule]

    @cached_property
    def touched(self) -> frozenset[Rule]:
        """The rules of either version that were added, removed, changed, or moved past others."""
        found = (version for version in self.versions if self._is_changed(version))
        rules = (rule for version in found for rule in (version.before, version.after) if rule is not None)
        return frozenset(chain(rules, self.moved))

    @cached_property
    def moved(self) -> frozenset[Rule]:
        """The rules of either version that stand in another order."""
        pairs = {one.after: one.before for one in self.versions if one.before and one.after}
        now = [rule for old, new in self.phases for rule in moved(old, new, pairs)]
        return frozenset((*now, *(pairs[rule] for rule in now)))

    def _is_changed(self, version: Version) -> bool:
        before, after = version.before, version.after
        if before is None or after is None:
            return True
        same = meaning(before, self.old.policy) == meaning(after, self.new.policy)
        same = same and self.old.phase(before).on == self.new.phase(after).on
        return not same or (bool(after.references) and self._is_filtered_otherwise(before, after))

    def _is_filtered_otherwise(self, before: Rule, after: Rule) -> bool:
        """Whether the routes that a rule speaks of may take other requests."""
        old, new = self.old.region(before), self.new.region(after)
        return not (outside(old, (new,)).answer.no and outside(new, (old,)).answer.no)

    def same(self, before: Rule | None, after: Rule | None) -> bool:
        """Whether a rule of then does with its requests what a rule of now does."""
        if before is None or after is None:
            return False
        return treatment(before, self.old.policy) == treatment(after, self.new.policy)

    def title(self, before: Rule | None, after: Rule | None) -> str:
        """What it is called when one rule decided and the other decides; empty where that makes no difference."""
        one = after is not None and self._by_rule[after].before is before
        return title(before, after, same=self.same(before, after), one=one)


def in_force(facts: Facts, rule: Rule | None) -> Rule | None:
    """A rule that is enabled, in a phase that is on; else None."""
    return rule if rule is not None and rule.enabled and facts.phase(rule).on else None
