"""Questions about regions, answered yes with a member, no, or unknown with a reason.

Whether a union of regions covers another is decided by counterexamples: take one request, look up which region holds it,
cut that region away, go on with what is left. The regions met on the way form the cover.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from edgelint.space.limits import Unbounded
from edgelint.space.region import Point, Region

CUTS = 20_000
"""How many requests one question about a union may look at."""


@dataclass(frozen=True, slots=True)
class Answer:
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


@dataclass(frozen=True, slots=True)
class Cover:
    """Whether some regions cover another: `answer` is about the uncovered rest, `used` are the positions that were needed."""

    answer: Answer
    used: tuple[int, ...] = ()


def member(region: Region) -> Answer:
    """A request of a region."""
    tentative = NO
    for box in region.boxes:
        try:
            point = box.member()
        except Unbounded as limit:
            tentative = Answer(tentative.point, str(limit))
            continue
        if point is not None:
            if not box.opaque():
                return Answer(point)
            tentative = Answer(point, _rests_on(box.opaque()))
    return tentative


def overlap(one: Region, other: Region) -> Answer:
    """A request of both regions."""
    try:
        return member(one & other)
    except Unbounded as limit:
        return Answer(reason=str(limit))


def outside(region: Region, parts: Sequence[Region]) -> Cover:
    """A request of a region that is in none of the parts; when there is none, which parts cover the region."""
    try:
        cover = _cut(region, parts)
        opaque = tuple(dict.fromkeys(name for one in (region, *parts) for name in one.opaque()))
        if cover.answer.no or not opaque:
            return cover
        free = _cut(
            Region(region.space, tuple(box for box in region.boxes if not box.opaque())), [p.solid() for p in parts]
        )
    except Unbounded as limit:
        return Cover(Answer(reason=str(limit)))
    return free if free.answer.yes else Cover(Answer(cover.answer.point, _rests_on(opaque)))


def covers(parts: Sequence[Region], region: Region) -> bool:
    """Whether the parts together certainly hold every request of a region."""
    return outside(region, parts).answer.no


def equal(one: Region, other: Region) -> bool:
    """Whether two regions certainly hold the same requests."""
    return one == other or (covers((other,), one) and covers((one,), other))


def _cut(region: Region, parts: Sequence[Region]) -> Cover:
    blockers = [(position, box) for position, part in enumerate(parts) for box in part.boxes]
    used: dict[int, None] = {}
    stack = list(reversed(region.boxes))
    for _ in range(CUTS):
        if not stack:
            return Cover(NO, tuple(sorted(used)))
        box = stack.pop()
        point = box.member()
        if point is None:
            continue
        hit = next(((position, blocker) for position, blocker in blockers if point in blocker), None)
        if hit is None:
            return Cover(Answer(point))
        used[hit[0]] = None
        stack.extend(box.minus(hit[1]))
    raise Unbounded("a union of regions has too many pieces")


def minimal(region: Region, parts: Sequence[Region], used: Sequence[int]) -> tuple[int, ...]:
    """A subset of the used parts, none of which can be left out, that still covers a region."""
    kept = list(used)
    for position in reversed(used):
        rest = [other for other in kept if other != position]
        if rest and covers([parts[other] for other in rest], region):
            kept = rest
    return tuple(kept)


def _rests_on(opaque: tuple[str, ...]) -> str:
    return "it depends on " + ", ".join(f"`{name}`" for name in opaque)
