"""Questions about regions, answered yes with a member, no, or unknown with a reason.

Whether a union of regions covers another is decided by counterexamples: take one request, look up which region holds it,
cut that region away, go on with what is left. The regions met on the way form the cover.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from edgelint.space.limits import Unbounded
from edgelint.space.region import Box, Point, Region
from edgelint.space.theory import Axis, Constraint

CUTS = 20_000
"""How many requests one question about a union may look at."""


class Answer(NamedTuple):
    """Yes with a `point`; no; or unknown for a `reason`, then perhaps with a point that is worth trying."""

    point: Point | None = None
    reason: str = ""

    @property
    def yes(self) -> bool:
        """Whether there is such a request: `point`."""
        return self.point is not None and not self.reason

    @property
    def no(self) -> bool:
        """Whether there is certainly no such request."""
        return self.point is None and not self.reason


NO = Answer()


class Cover(NamedTuple):
    """Whether some parts cover a region: `answer` is about the uncovered rest, `used` are the parts that were needed."""

    answer: Answer
    used: tuple[int, ...] = ()


class Parts(Protocol):
    """The parts of a union, told apart by numbers."""

    def holder(self, point: Point) -> tuple[int, Box] | None:
        """A part that holds a request, and a box of it that does; None when no part does."""

    def doubts(self, point: Point) -> tuple[str, ...]:
        """The opaque conditions that some part would have to meet to hold a request; none when no part rests on any."""

    def solid(self) -> Parts:
        """The same parts with opaque conditions taken as met."""


class _Listed:
    """A few regions, numbered as they come and looked at one by one."""

    def __init__(self, boxes: Iterable[tuple[int, Box]]) -> None:
        self._boxes = tuple(boxes)

    def holder(self, point: Point) -> tuple[int, Box] | None:
        return next((pair for pair in self._boxes if point in pair[1]), None)

    def doubts(self, point: Point) -> tuple[str, ...]:
        opaque = [box for _, box in self._boxes if box.opaque]
        return tuple(dict.fromkeys(name for box in opaque if point in box.solid() for name in box.opaque))

    def solid(self) -> _Listed:
        return _Listed((position, box.solid()) for position, box in self._boxes)


class Several:
    """Parts of several kinds as one union; their numbers do not tell them apart."""

    def __init__(self, *kinds: Parts) -> None:
        self._kinds = kinds

    def holder(self, point: Point) -> tuple[int, Box] | None:
        """A part that holds a request, of the first kind that has one."""
        return next((found for kind in self._kinds if (found := kind.holder(point)) is not None), None)

    def doubts(self, point: Point) -> tuple[str, ...]:
        """The opaque conditions that some part would have to meet to hold a request."""
        return tuple(name for kind in self._kinds for name in kind.doubts(point))

    def solid(self) -> Several:
        """The same parts with opaque conditions taken as met."""
        return Several(*(kind.solid() for kind in self._kinds))


def listed(parts: Sequence[Region]) -> Parts:
    """A few regions as parts of a union, numbered as they come."""
    return _Listed((position, box) for position, part in enumerate(parts) for box in part.boxes)


def member(region: Region) -> Answer:
    """A request of a region."""
    tentative = NO
    for box in region.boxes:
        try:
            point = box.member()
        except Unbounded as limit:
            tentative = Answer(tentative.point, limit.reason)
            continue
        if point is not None:
            if not box.opaque:
                return Answer(point)
            tentative = Answer(point, _rests_on(box.opaque))
    return tentative


def overlap(one: Region, other: Region) -> Answer:
    """A request of both regions."""
    try:
        return member(one & other)
    except Unbounded as limit:
        return Answer(reason=limit.reason)


def meets(one: Region, other: Region) -> bool | None:
    """Whether two regions share a request, None where that is not decided: `overlap` without looking for one."""
    doubt = False
    for mine in one.boxes:
        for theirs in other.boxes:
            found = _meet(mine, theirs)
            if found:
                return True
            doubt = doubt or found is None
    return None if doubt else False


def _meet(one: Box, other: Box) -> bool | None:
    """Whether two boxes share a request. Each axis decides for itself, but for conditions without a model and coupled axes."""
    try:
        met = one.meet(other)
        if met is None:
            return False
        coupling = one.space.coupling
        if coupling is not None and any(axis.kind == coupling.part for axis in met.constraints):
            met = met if met.member() is not None else None
    except Unbounded:
        return None
    return None if met is not None and met.opaque else met is not None


def touched(region: Region, classes: Iterable[Region]) -> tuple[Answer, ...]:
    """For each of some classes of requests, one that is in a region as well."""
    return tuple(overlap(region, one) for one in classes)


def outside(region: Region, parts: Sequence[Region] | Parts) -> Cover:
    """A request of a region that is in none of the parts; when there is none, which parts cover the region."""
    if isinstance(parts, Sequence):
        parts = listed(parts)
    try:
        box, cover = _cut(region.boxes, parts)
        point = cover.answer.point
        if point is None or box is None:
            return cover
        doubts = (*box.opaque, *parts.doubts(point))
        if not doubts:
            return cover
        sure = tuple(box for box in region.boxes if not box.opaque)
        _, free = _cut(sure, parts.solid())
        return free if free.answer.yes else Cover(Answer(point, _rests_on(doubts)))
    except Unbounded as limit:
        return Cover(Answer(reason=limit.reason))


def missing(region: Region) -> Answer:
    """A request that is not in a region; no when the region is universal."""
    return outside(region.space.everything, (region,)).answer


def differing(one: Region, other: Region) -> Answer:
    """A request that is in one of two regions only; no when they are equal."""
    if one == other:
        return NO
    there, back = outside(one, (other,)).answer, outside(other, (one,)).answer
    return next((found for found in (there, back) if found.yes), there if there.reason else back)


def covers(parts: Sequence[Region] | Parts, region: Region) -> bool:
    """Whether the parts together certainly hold every request of a region."""
    return outside(region, parts).answer.no


def projection(region: Region, axis: Axis) -> Constraint:
    """The values one axis has in a region; a superset where a box may be empty or rests on opaque conditions."""
    theory = region.space.theory(axis)
    found = theory.meet(theory.everything, ~theory.everything)
    for box in region.boxes:
        try:
            vacant = box.member() is None
        except Unbounded:
            vacant = False
        if not vacant:
            found = theory.join(found, box.constraints.get(axis, theory.everything))
    return found


def minimal(region: Region, parts: Sequence[Region]) -> tuple[int, ...]:
    """The numbers of as few of some parts that cover a region as leaving out one after the other, the last first, comes to."""
    kept = list(range(len(parts)))
    for position in reversed(range(len(parts))):
        rest = [other for other in kept if other != position]
        if rest and covers([parts[other] for other in rest], region):
            kept = rest
    return tuple(kept)


def largest(region: Region, parts: Sequence[Region]) -> int | None:
    """The number of the part whose share of a region holds the shares of most others, the first of equals.

    None when no part has a share. Raises Unbounded.
    """
    shares = {position: region & part for position, part in enumerate(parts) if not overlap(region, part).no}
    held = {position: sum(covers((mine,), theirs) for theirs in shares.values()) for position, mine in shares.items()}
    return max(held, key=lambda position: (held[position], -position), default=None)


def _cut(boxes: Sequence[Box], parts: Parts) -> tuple[Box | None, Cover]:
    """The cover of some boxes; where it leaves a request out, also the box this request is in."""
    used: dict[int, None] = {}
    stack = list(reversed(boxes))
    for _ in range(CUTS):
        if not stack:
            return None, Cover(NO, tuple(sorted(used)))
        box = stack.pop()
        point = box.member()
        if point is None:
            continue
        found = parts.holder(point)
        if found is None:
            return box, Cover(Answer(point))
        position, holder = found
        used[position] = None
        stack.extend(box.minus(holder, meeting=True))
    raise Unbounded("a union of regions has too many pieces")


def _rests_on(opaque: tuple[str, ...]) -> str:
    return "it depends on " + ", ".join(f"`{name}`" for name in dict.fromkeys(opaque))
