"""The ids of a canonical form: none but where something speaks of one, and then numbers that a re-creation leaves as they are.

p2pstream numbers objects as they are made, so the same deployment has other ids after it was set up again, and targets get new
ones whenever their route is saved. References keep their meaning all the same:

* Rules are not referred to and have no id. Where priorities are equal the lower id comes first: that is the order of the list,
  which decides where there are no ids. But passes of WAF rules are cookies named after the rule's id. Where a rule speaks of such
  a cookie, the ids mean something, and all WAF rules keep theirs.
* Listeners are numbered by name, captcha providers that rules use likewise.
* A route that a cache rule speaks of has its position in the list of routes for an id, so that ids and positions decide alike
  where priorities are equal.
* Targets that a cache rule speaks of, and those that only their ids tell apart, are numbered in the order of the routes.
* What a reference to something gone says stays as it is, unless that number has come to mean something: then it is one that
  means nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from edgelint.model.policy import Listener, Policy, Provider, Rule
from edgelint.record import record

_Named = TypeVar("_Named", Listener, Provider)


@record
class Numbers:
    """The ids that are written, by those of the policy; of what is not among them no id is written."""

    listeners: Mapping[str, int]
    routes: Mapping[str, int]
    targets: Mapping[str, int]
    providers: Mapping[str, int]
    rules: Mapping[Rule, int]


def numbers_of(policy: Policy) -> Numbers:
    """The ids of the canonical form of a policy."""
    spoken = {
        kind: [one.id for rule in policy.rules for one in rule.references if one.kind == kind]
        for kind in ("route", "target")
    }
    providers = [str(rule.settings["provider"]) for rule in policy.rules if rule.settings.get("provider")]
    heard = [route.listener for route in policy.routes if route.listener]
    named = [one.id for one in by_name(policy.listeners)]
    anonymous = {one.id for one in policy.listeners if one.id == one.name} - set(heard)
    told = {*spoken["target"], *_twins(policy)}
    targets = dict.fromkeys(one.id for route in policy.routes for one in route.targets if one.id in told)
    return Numbers(
        listeners=_settled(_positions(named, set(named) - anonymous), heard),
        routes=_settled(_positions([route.id for route in policy.routes], spoken["route"]), spoken["route"]),
        targets=_settled(_positions(list(targets), targets), spoken["target"]),
        providers=_settled(_ordinals([one.id for one in by_name(policy.providers)], providers), providers),
        rules=_kept(policy) if _speaks_of_passes(policy) else {},
    )


def by_name(objects: Iterable[_Named]) -> list[_Named]:
    """Listeners or captcha providers in canonical order."""
    return sorted(objects, key=lambda one: (one.name, _rest(one)))


def _rest(one: Listener | Provider) -> tuple[str, ...]:
    """What tells two of one name apart."""
    if isinstance(one, Listener):
        return (one.address, f"{one.port:05}", one.protocol, str(one.enabled), one.id)
    return (one.kind, one.site_key, str(one.enabled), one.id)


def _positions(ids: Sequence[str], wanted: Iterable[str]) -> dict[str, int]:
    """Those ids that are wanted, with their positions in the list."""
    chosen = set(wanted)
    return {one: position for position, one in enumerate(ids, 1) if one in chosen}


def _ordinals(ids: Sequence[str], wanted: Iterable[str]) -> dict[str, int]:
    """Those ids that are wanted, with their positions among themselves."""
    chosen = set(wanted)
    return _positions([one for one in ids if one in chosen], chosen)


def _settled(known: Mapping[str, int], spoken: Iterable[str]) -> dict[str, int]:
    """The same, and for each number that is spoken of and that nothing has, one that still nothing has."""
    gone = {one: int(one) for one in spoken if one not in known and one.lstrip("-").isdecimal()}
    taken = set(known.values())
    free = {one: number for one, number in gone.items() if number not in taken}
    above = max([0, *taken, *free.values()]) + 1
    rest = sorted(gone.keys() - free.keys(), key=int)
    return {**known, **free, **{one: number for number, one in enumerate(rest, above)}}


def _twins(policy: Policy) -> set[str]:
    """The ids of targets that share their route with another one of the same origin."""
    found: set[str] = set()
    for route in policy.routes:
        origins = Counter(target.origin for target in route.targets)
        found |= {target.id for target in route.targets if origins[target.origin] > 1}
    return found - {""}


def _speaks_of_passes(policy: Policy) -> bool:
    """Whether a condition or a key mentions a cookie that passes are kept in."""
    mark = policy.platform.challenges.cookie.partition("{")[0]
    texts = (rule.match.text for rule in policy.rules)
    names = (part.field.name for rule in policy.rules for part in rule.key or ())
    return bool(mark) and any(mark in text for text in (*texts, *names))


def _kept(policy: Policy) -> dict[Rule, int]:
    """The ids that WAF rules have; one that has none goes by its name."""
    rules = (rule for rule in policy.rules if rule.phase == "waf")
    return {rule: rule.order[-1] for rule in rules if rule.id == str(rule.order[-1]) and rule.id != rule.name}
