"""How requests get to a phase: no rule before it refuses them, or one takes them first that lets those through who have a pass."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

from edgelint.facts import Facts
from edgelint.model.policy import Rule
from edgelint.space.questions import NO, Answer, Parts, Several, outside
from edgelint.space.region import Region

_MOST = 20
"""By how many rules that let through who has a pass requests are looked for."""

Way = tuple[Region | None, Parts]
"""What requests of a way have in common, None where they may be any, and the parts that they are outside of."""


def ways(facts: Facts, region: Region, phase: str = "") -> Iterator[Way]:
    """The ways of requests of a region to a phase, or through all of them, while automatic rules are not active."""
    phases = facts.policy.phases
    earlier = list(takewhile(lambda one: one.name != phase, phases))
    yield None, facts.stopped(phases[len(earlier)] if phase else None)
    passes = [rule for one in earlier for rule in facts.sharing(one, region) if _passes(rule)]
    yield from ((facts.live(rule), facts.before(rule)) for rule in passes[:_MOST])


def _passes(rule: Rule) -> bool:
    return rule.outcome.denies and rule.outcome.passable and not rule.conditional


def arriving(facts: Facts, region: Region, parts: Parts, phase: str = "") -> Answer:
    """A request of a region outside some parts that gets to a phase, or through all of them, perhaps by a pass."""
    answers = []
    for restriction, stopped in ways(facts, region, phase):
        here = region if restriction is None else facts.both(region, restriction)
        answers.append(outside(here, Several(parts, stopped)).answer)
        if answers[-1].yes:
            break
    return first(answers)


def first(answers: list[Answer]) -> Answer:
    """The last answer that is not no: a yes ends the search, so it is that, else an open one."""
    return next((one for one in reversed(answers) if not one.no), NO)
