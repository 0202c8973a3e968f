"""Changes of a phase in which the first rule that matches decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from edgelint.difference import Change
from edgelint.difference.asking import Asking
from edgelint.evidence import taking
from edgelint.model.policy import Phase, Rule
from edgelint.model.request import Request
from edgelint.space.questions import Several, listed

_MOST = 5
"""Of how many rules one rule is shown to take requests, or to lose them to, in the same way."""

_Pair = tuple[Rule | None, Rule | None]


def decided(asking: Asking, old: Phase, new: Phase) -> Iterator[Change]:
    """Each rule that can change anything, against each that may have decided its requests, and against none."""
    shown: Counter[tuple[str, Rule]] = Counter()
    for before, after in _pairs(asking, old, new):
        name = asking.pairing.title(before, after)
        sides = [(name, rule) for rule in (before, after) if rule is not None and rule in asking.pairing.touched]
        if name and all(shown[side] < _MOST for side in sides):
            for change in _taken(asking, name, old, new, (before, after)):
                shown.update(sides)
                yield change


def _pairs(asking: Asking, old: Phase, new: Phase) -> dict[_Pair, None]:
    """The pairs of rules of then and now that may decide one request and of which one was touched; automatic rules rest."""
    touched = asking.pairing.touched
    pairs: dict[_Pair, None] = {}
    for after in (rule for rule in new.active if rule in touched):
        pairs |= {(before, after): None for before in (None, *asking.old.sharing(old, asking.new.live(after)))}
    for before in (rule for rule in old.active if rule in touched):
        pairs |= {(before, after): None for after in (None, *asking.new.sharing(new, asking.old.live(before)))}
    return {pair: None for pair in pairs if not any(rule is not None and rule.conditional for rule in pair)}


def _taken(asking: Asking, name: str, old: Phase, new: Phase, pair: _Pair) -> Iterator[Change]:
    """Requests that one rule decides and the other decided."""
    before, after = pair
    earlier = asking.old.before(before) if before else asking.old.matched(old)
    rivals = asking.new.before(after) if after else asking.new.matched(new)
    parts = Several(rivals, earlier)

    def confirm(request: Request) -> bool:
        then, now = taking(asking.old, old, request), taking(asking.new, new, request)
        return (next(iter(then), None), next(iter(now), None)) == pair

    return asking.change(name, before, after, parts, confirm)


def under_load(asking: Asking, new: Phase) -> Iterator[Change]:
    """What automatic rules do while they are active: each beside what it was itself."""
    for before, after in asking.pairing.of(new):
        gone = before if before and before.conditional else None
        come = after if after and after.conditional else None
        if come and gone and (name := asking.pairing.title(gone, come)):
            confirm = asking.matching(gone, come)
            yield from asking.change(name, gone, come, asking.new.before(come), confirm, loaded=True)
        if come:
            then = [before] if before else []
            parts = Several(asking.new.before(come), listed(list(map(asking.old.live, then))))
            name, confirm = asking.pairing.title(None, come), asking.matching(None, come, then=then)
            yield from asking.change(name, None, come, parts, confirm, loaded=True)
        if gone:
            now = [after] if after else []
            parts = Several(asking.old.before(gone), listed(list(map(asking.new.live, now))))
            name, confirm = asking.pairing.title(gone, None), asking.matching(gone, None, now=now)
            yield from asking.change(name, gone, None, parts, confirm, loaded=True)
