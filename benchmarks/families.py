"""The families of questions that are timed: each is one line of FAMILIES.

A family is asked about all rules of a policy, or, where there are too many pairs, about a sample of those that may overlap.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import NamedTuple

from edgelint.facts import Facts
from edgelint.model.policy import Rule
from edgelint.space.questions import Answer, covers, differing, member, missing, overlap, projection
from edgelint.space.theory import Axis, Constraint

SAMPLED_RULES, SAMPLED_NEIGHBOURS = 200, 5
"""How many rules the sampled pairs begin with, and how many pairs each rule begins at most."""

PROJECTED = (Axis("host"), Axis("path"), Axis("address"))
"""The axes that rules are projected onto."""


class Found(NamedTuple):
    """How many answers are what a family looks for, of how many (None where that says nothing), and how many are undecided."""

    number: int
    of: int | None = None
    undecided: int = 0


class Case:
    """What families are asked about: the facts of a policy, its rules, and a sample of their pairs."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.rules = facts.active()

    @cached_property
    def pairs(self) -> tuple[tuple[Rule, Rule], ...]:
        """Pairs of rules of one phase that may overlap, always the same for the same policy."""
        pick = random.Random(0)
        chosen = pick.sample(self.rules, min(SAMPLED_RULES, len(self.rules)))
        nearby = ((rule, self.facts.neighbours(rule)) for rule in chosen)
        return tuple(
            (rule, other)
            for rule, others in nearby
            for other in pick.sample(others, min(SAMPLED_NEIGHBOURS, len(others)))
        )


def count(wanted: str, answers: Iterable[Answer]) -> Found:
    """How many answers are the one that is wanted: `yes` or `no`."""
    found = Counter("undecided" if answer.reason else "yes" if answer.yes else "no" for answer in answers)
    return Found(found[wanted], found.total(), found["undecided"])


def certain(answers: Iterable[bool]) -> Found:
    """How many answers are certain, where what is undecided is not told from no."""
    found = list(answers)
    return Found(sum(found), len(found))


def different(projections: Iterable[Constraint]) -> Found:
    """How many projections there are, equal ones once."""
    found = list(projections)
    return Found(len(set(found)), len(found))


FAMILIES: dict[str, dict[str, Callable[[Case], Found]]] = {
    "rules": {
        "emptiness: every rule": lambda case: count("no", (member(case.facts.region(rule)) for rule in case.rules)),
        "universality: every rule": lambda case: count("no", (missing(case.facts.region(rule)) for rule in case.rules)),
        "projection: host, path, address": lambda case: different(
            projection(case.facts.region(rule), axis) for axis in PROJECTED for rule in case.rules
        ),
    },
    "pairs": {
        "overlap: all pairs of each phase": lambda case: Found(
            sum(len(case.facts.neighbours(rule)) for rule in case.rules) // 2
        ),
    },
    "unions": {
        "shadowing: every rule, by unions": lambda case: count(
            "no", (case.facts.effective(rule).answer for rule in case.rules)
        ),
    },
    "sample": {
        "sampling pairs that overlap": lambda case: Found(len(case.pairs)),
        "overlap, with a request: sample": lambda case: count(
            "yes", (overlap(case.facts.live(one), case.facts.live(other)) for one, other in case.pairs)
        ),
        "subset: sample": lambda case: certain(
            covers((case.facts.region(other),), case.facts.region(one)) for one, other in case.pairs
        ),
        "equality: sample": lambda case: count(
            "no", (differing(case.facts.region(one), case.facts.region(other)) for one, other in case.pairs)
        ),
    },
}
"""By groups, each asked in a process of its own, and by the words of their rows.

They count rules that match nothing, rules that match everything, different projections; pairs; rules that no request reaches;
and, of the sampled pairs, all, those with a request that shows it, subsets, and equal ones.
"""
