"""Changes of a phase in which every rule that matches takes effect, each with counters of its own."""

from __future__ import annotations

from collections.abc import Iterator

from edgelint.difference import Change
from edgelint.difference.asking import Asking
from edgelint.difference.pairing import in_force
from edgelint.model.policy import Phase, Rule
from edgelint.space.questions import listed


def counted(asking: Asking, old: Phase, new: Phase) -> Iterator[Change]:
    """Each rule beside what it was itself, and beside others that did the same."""
    for before, after in asking.pairing.of(new):
        if before and after and (name := asking.pairing.title(before, after)):
            yield from asking.change(name, before, after, listed([]), asking.matching(before, after))
        if after:
            yield from _gained(asking, old, before, after)
        if before:
            yield from _lost(asking, new, before, after)


def _gained(asking: Asking, old: Phase, before: Rule | None, after: Rule) -> Iterator[Change]:
    """Requests that a rule counts and did not, by itself or in the place of a rule that did the same."""
    pairing = asking.pairing
    own = [before] if before else []
    twins = [one for one in old.active if one in pairing.touched and one is not before and pairing.same(one, after)]
    parts = listed([asking.old.live(one) for one in (*own, *twins)])
    confirm = asking.matching(None, after, then=(*own, *twins))
    yield from asking.change(pairing.title(None, after), None, after, parts, confirm)
    for twin in twins:
        if name := pairing.title(twin, after):
            still = in_force(asking.new, pairing.version(twin).after)
            kept = [still] if still else []
            away = [*map(asking.old.live, own), *map(asking.new.live, kept)]
            confirm = asking.matching(twin, after, then=own, now=kept)
            yield from asking.change(name, twin, after, listed(away), confirm)


def _lost(asking: Asking, new: Phase, before: Rule, after: Rule | None) -> Iterator[Change]:
    """Requests that a rule counted and does not, nor any rule that does the same in its place."""
    pairing = asking.pairing
    twins = (one for one in new.active if one in pairing.touched and one is not after and pairing.same(before, one))
    others = [*([after] if after else []), *twins]
    parts = listed(list(map(asking.new.live, others)))
    confirm = asking.matching(before, None, now=others)
    yield from asking.change(pairing.title(before, None), before, None, parts, confirm)
