"""Requests that differ in something no key holds: what is kept for one of them is found, or overwritten, by the other."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from edgelint.facts import Facts
from edgelint.knowledge.caching import Cache, same_url, storing
from edgelint.model.expression import And, AnyValue, Count, Equals, Expression, Field, Never, Present
from edgelint.model.policy import Rule
from edgelint.model.request import Request
from edgelint.record import replace
from edgelint.space.limits import Unbounded
from edgelint.space.region import Box, Region

Pair = tuple[Request, Request]
"""Two confirmed requests with one URL and one key, whose answers are kept."""


def sharing_one_answer(facts: Facts, rule: Rule, region: Region, field: Field) -> Pair | None:
    """Two requests of a region with different values of a header or parameter that is not in the key of a rule."""
    first = _with_one_value(facts, rule, region, Present(field))
    if first is None:
        return None
    value = (first.values if field.kind == "header" else first.parameters)(field.name)[0]
    rest = replace(first, query=tuple(pair for pair in first.query if field != Field("query", pair[0])))
    other = And((same_url(rest, *storing(rule).vary), AnyValue(field, Never(Equals(value))), Count(field, "==", 1)))
    second = facts.once(Cache).stored(rule, facts.both(region, facts.matching(other)))
    return (first, second) if second else None


def _with_one_value(facts: Facts, rule: Rule, region: Region, present: Present) -> Request | None:
    if not region.boxes:
        return None
    once: Expression = And((present, Count(present.field, "==", 1)))
    return facts.once(Cache).stored(rule, facts.both(region, facts.matching(once)))


def rivals(facts: Facts, rule: Rule, known: Collection[Rule] = ()) -> Iterator[tuple[Rule, Pair]]:
    """The other cache rules but the known ones that write objects of a rule, each with a request of the rule and one of the other."""
    cache = facts.once(Cache)
    mine = cache.storable(rule)
    alike = Region(mine.space, tuple(_keyed(facts, rule, box) for box in mine.boxes))
    if alike == mine:
        return
    try:
        beyond = alike - mine
    except Unbounded:
        return
    for other in facts.sharing(facts.phase(rule), beyond):
        if other is not rule and other not in known and storing(other).key == storing(rule).key:
            pair = _pair(facts, rule, other, beyond)
            if pair:
                yield other, pair


def _pair(facts: Facts, rule: Rule, other: Rule, beyond: Region) -> Pair | None:
    cache = facts.once(Cache)
    theirs = cache.stored(other, facts.both(cache.storable(other), beyond))
    if theirs is None:
        return None
    here = facts.matching(same_url(theirs, *storing(rule).vary))
    mine = cache.stored(rule, facts.both(cache.storable(rule), here))
    return (mine, theirs) if mine else None


def _keyed(facts: Facts, rule: Rule, box: Box) -> Box:
    """A box without what it asks of the client and of headers and parameters that are not in the key of a rule."""
    caching, keyed = facts.policy.platform.caching, storing(rule)

    def stays(kind: str, name: str) -> bool:
        if kind in ("header", "query"):
            return name in caching.bypassing or keyed.keys(Field("header" if kind == "header" else "query", name))
        return kind != "address"

    return Box(box.space, {axis: found for axis, found in box.constraints.items() if stays(axis.kind, axis.name)})
