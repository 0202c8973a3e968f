"""Which rule of one version of a policy is which of the other, and what is written differently in it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

from edgelint.difference import Version
from edgelint.fingerprint import NUMBERS, meaning, referred
from edgelint.model.policy import Listener, Phase, Policy, Rule
from edgelint.record import replace

_UNREAD = NUMBERS | {"key_parts"}
"""Settings that repeat what is told of a rule elsewhere, or hold numbers of other objects."""


def aligned(before: Policy, after: Policy) -> Policy:
    """The earlier version with its listeners numbered as those of the later one with the same name, else the same address."""
    numbers: dict[str, str] = {}
    for listener in before.listeners:
        twins = [other for other in after.listeners if other.name == listener.name] or [
            other for other in after.listeners if _address(other) == _address(listener)
        ]
        numbers[listener.id] = twins[0].id if twins else f"{listener.id} before"
    if all(number == known for known, number in numbers.items()):
        return before
    return replace(
        before,
        listeners=tuple(replace(one, id=numbers[one.id]) for one in before.listeners),
        routes=tuple(replace(one, listener=numbers.get(one.listener, one.listener)) for one in before.routes),
    )


def _address(listener: Listener) -> tuple[str, str, int]:
    return (listener.protocol, listener.address, listener.port)


def versions(before: Policy, after: Policy) -> tuple[Version, ...]:
    """Every rule of both, paired by phase and name, and where that fails by what they mean; in the order of now, then of then."""
    old = {(rule.phase, rule.name): rule for rule in before.rules}
    new = {(rule.phase, rule.name): rule for rule in after.rules}
    pairs = {name: old[name] for name in new if name in old}
    left = [rule for name, rule in old.items() if name not in new]
    for name, rule in new.items():
        if name not in pairs and (twin := _twin(rule, after, left, before)):
            pairs[name] = twin
            left.remove(twin)
    return (*(Version(pairs.get(name), rule) for name, rule in new.items()), *(Version(rule, None) for rule in left))


def _twin(rule: Rule, policy: Policy, candidates: Sequence[Rule], theirs: Policy) -> Rule | None:
    mine = meaning(rule, policy)
    return next((one for one in candidates if one.phase == rule.phase and meaning(one, theirs) == mine), None)


def moved(before: Phase, after: Phase, pairs: Mapping[Rule, Rule]) -> frozenset[Rule]:
    """The rules of now that have to be taken out so that the others stand in the order they stood in before.

    As few as possible, those first whose priority was changed. `pairs` leads from rules of now to what they were.
    """
    places = {rule: position for position, rule in enumerate(before.rules)}
    known = [rule for rule in after.rules if rule in pairs]
    then = [places[pairs[rule]] for rule in known]
    firm = [at for at, rule in enumerate(known) if rule.priority == pairs[rule].priority]
    kept = [firm[at] for at in sorted(_ascending([then[at] for at in firm]))]
    for at in range(len(known)):
        here = bisect_left(kept, at)
        fits = (not here or then[kept[here - 1]] < then[at]) and (here == len(kept) or then[at] < then[kept[here]])
        if fits and kept[here : here + 1] != [at]:
            kept.insert(here, at)
    return frozenset(rule for at, rule in enumerate(known) if kept[bisect_left(kept, at) :][:1] != [at])


def _ascending(numbers: Sequence[int]) -> frozenset[int]:
    """The positions of a longest ascending subsequence."""
    ends: list[int] = []
    chain: list[int] = []
    before: dict[int, int] = {}
    for position, number in enumerate(numbers):
        length = bisect_left(ends, number)
        ends[length:] = [number] if length == len(ends) else [number, *ends[length + 1 :]]
        chain[length : length + 1] = [position]
        before[position] = chain[length - 1] if length else -1
    found, at = set(), chain[-1] if chain else -1
    while at >= 0:
        found.add(at)
        at = before[at]
    return frozenset(found)


def written(before: Rule, after: Rule, then: Policy, now: Policy) -> Iterator[str]:
    """What is written differently in two versions of a rule, of a policy then and now, a phrase each."""
    if before.name != after.name:
        yield f"renamed from `{before.name}`"
    if before.enabled != after.enabled:
        yield "switched on" if after.enabled else "switched off"
    if before.match.text != after.match.text or before.match.expression != after.match.expression:
        yield "condition rewritten"
    if before.priority != after.priority:
        yield f"priority {before.priority} -> {after.priority}"
    if before.key != after.key and _key(before) != _key(after):
        yield f"key {_key(before)} -> {_key(after)}"
    if referred(before, then) != referred(after, now):
        yield f"refers to {', '.join(referred(after, now)) or 'nothing'}, not {', '.join(referred(before, then)) or 'nothing'}"
    for name in sorted({*before.settings, *after.settings} - _UNREAD):
        old, new = before.settings.get(name), after.settings.get(name)
        if old != new:
            yield f"{name} {_value(old)} -> {_value(new)}"


def _key(rule: Rule) -> str:
    return "none" if rule.key is None else " + ".join(str(part.field) for part in rule.key) or "one for all"


def _value(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "none"
    return "none" if value in (None, "") else str(value)
