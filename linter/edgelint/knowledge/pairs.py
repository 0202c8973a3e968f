"""Pairs of requests that differ in some fields only, of which a rule takes one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from edgelint.evidence import prove
from edgelint.facts import Facts
from edgelint.model.expression import Field
from edgelint.model.policy import Rule
from edgelint.model.request import Request
from edgelint.record import record
from edgelint.routing import origins_of
from edgelint.space import addresses
from edgelint.space.language import words
from edgelint.space.limits import Unbounded
from edgelint.space.questions import Answer, Parts, Several, listed, outside
from edgelint.space.region import OPAQUE, Box, Point, Region
from edgelint.space.theory import Axis, Constraint
from edgelint.space.values import ABSENT, Shape, Values

_PLACE = (Axis("entry"), Axis("method"), Axis("host"), Axis("path"), Axis("address"))


@record
class Pair:
    """Two requests that differ in some fields only: one that a rule takes, and one for which its condition is false."""

    caught: Request
    spared: Request


def guards(facts: Facts, rule: Rule, fields: Iterable[Field]) -> tuple[Rule, ...]:
    """The other rules that may stop what escapes from a rule by a change of some fields.

    They are those of its phase that protect, and the blocks of the phases before, as far as they are always active.
    """
    region = loosened(facts.live(rule), axes(facts, fields))
    phase = facts.phase(rule)
    earlier = facts.policy.phases[: facts.policy.phases.index(phase)]
    blocks = (other for one in earlier for other in facts.sharing(one, region) if other.outcome.kind == "block")
    peers = (other for other in facts.sharing(phase, region) if other is not rule and other.outcome.protects)
    return tuple(other for other in (*blocks, *peers) if not other.conditional)


def escape(
    facts: Facts,
    rule: Rule,
    fields: Collection[Field],
    others: Sequence[Rule] = (),
    *,
    within: Region | None = None,
    to: Region | None = None,
    alike: Callable[[Point], Region] | None = None,
) -> Pair | None:
    """A request that a rule takes and one that differs in some fields and escapes, both confirmed and in no other rule.

    The first lies `within` a region, the second in `to`, and in what is `alike` for the first. Where a cookie is among the
    fields, cookies that no rule asks about may differ, too.
    """
    everything = facts.meaning.space.everything
    try:
        target = facts.meaning.false(rule.match.expression) & (everything if to is None else to)
        regions = [facts.region(other) for other in others]
        loose = axes(facts, fields)
        start = facts.live(rule) & (everything if within is None else within) & loosened(target, loose)
        first = _first(facts, start, Several(facts.before(rule), listed(regions)))
        caught = prove(facts, first, caught=(rule,), spared=(*facts.blockers(rule), *others)) if first.yes else None
        if caught is None or first.point is None:
            return None
        relevant = {axis for region in (start, target, *regions) for axis in region.axes()}
        rest = pinned(first.point, relevant.union(_PLACE).difference(loose)) & target
        rest = rest if alike is None else rest & alike(first.point)
        second = outside(rest, [facts.region(rule), *regions]).answer
    except Unbounded:
        return None
    spared = prove(facts, second, spared=(rule, *others)) if second.yes else None
    return None if spared is None else Pair(caught, spared)


def _first(facts: Facts, region: Region, parts: Parts) -> Answer:
    """A request of a region that is in none of the parts: where there is any, one that goes on to the origin of a host."""
    found = outside(region, parts).answer
    if found.yes:
        routes = sorted(filter(origins_of, facts.routing.meeting(region)), key=lambda route: not route.host)
        landings = (facts.routing.landing(region, route, parts) for route in routes)
        return next((answer for answer in landings if answer.yes), found)
    return found


def axes(facts: Facts, fields: Iterable[Field]) -> frozenset[Axis]:
    """The axes of some fields; the header that carries cookies is one more where a cookie is among them."""
    found = {Axis(field.kind, field.name) for field in fields}
    coupling = facts.meaning.space.coupling
    if coupling is not None and any(axis.kind == coupling.part for axis in found):
        found.add(coupling.whole)
    return frozenset(found)


def loosened(region: Region, loose: Collection[Axis]) -> Region:
    """The requests that a change on some axes takes into a region."""
    boxes = (
        Box(region.space, {axis: found for axis, found in box.constraints.items() if axis not in loose})
        for box in region.boxes
    )
    return Region(region.space, tuple(dict.fromkeys(boxes)))


def pinned(point: Point, fixed: Iterable[Axis]) -> Region:
    """The requests that are like a given one on some axes."""
    wanted = sorted(axis for axis in fixed if axis.kind != OPAQUE)
    return Region(point.space, (Box(point.space, {axis: _exactly(axis, point) for axis in wanted}),))


def _exactly(axis: Axis, point: Point) -> Constraint:
    """The constraint that a point's value alone satisfies."""
    value = point[axis]
    if isinstance(value, str):
        return addresses.address(value) if axis.kind == "address" else words((value,))
    return exactly(value)


def exactly(values: tuple[str, ...]) -> Values:
    """The list of just these values; the empty one is absence."""
    if not values:
        return ABSENT
    at = tuple((position, words((value,))) for position, value in enumerate(values))
    return Values(absent=False, shapes=(Shape(at=at, least=len(values), most=len(values)),))
