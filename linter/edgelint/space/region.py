"""Regions: sets of requests as unions of boxes, with the operators of set algebra.

A box constrains some axes of the space, each on its own; a region is a tuple of boxes. Constraints are local formulas, so
only what crosses axes multiplies boxes. Bounds end in `Unbounded`, never in a hang.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from typing import NamedTuple

from edgelint.space.limits import WORK, Unbounded
from edgelint.space.theory import Axis, Constraint, Theory, Value
from edgelint.space.values import ABSENT, PRESENT

BOXES = 4096
"""How many boxes one region may have."""

JOINS = 10_000
"""Up to how many boxes times axes joining is worth trying."""

_MEMBERSHIP = 6  # steps of a search that asking for or about a request costs

OPAQUE = "opaque"
"""The kind of the axes that stand for conditions without a model: a member that rests on one is not a proof."""


class Coupling(NamedTuple):
    """An axis that is the whole of many parts: the `cookie` header and the cookies in it.

    A present part makes the whole present. `join` writes parts as one value of the whole; `split` reads the parts back.
    """

    whole: Axis
    part: str
    join: Callable[[Sequence[tuple[str, str]]], str]
    split: Callable[[tuple[str, ...]], Mapping[str, str]]


class Space:
    """The axes of a request space: a theory for each kind, and at most one coupling between them."""

    def __init__(self, theories: Mapping[str, Theory], coupling: Coupling | None = None) -> None:
        self.theories = theories
        self.coupling = coupling
        self.nothing = Region(self, ())
        self.everything = Region(self, (Box(self, {}),))

    def theory(self, axis: Axis) -> Theory:
        """The theory of an axis."""
        return self.theories[axis.kind]

    def region(self, axis: Axis, constraint: Constraint) -> Region:
        """The requests whose value on one axis satisfies a constraint."""
        box = Box(self, {axis: constraint})
        return self.nothing if box.vacant() else Region(self, (box,))


class Point(Mapping[Axis, Value]):
    """A request as a value for each axis; axes nothing was said about have an unremarkable value."""

    __slots__ = ("space", "values_by_axis")

    def __init__(self, space: Space, values: dict[Axis, Value]) -> None:
        self.space = space
        self.values_by_axis = values

    def __getitem__(self, axis: Axis) -> Value:
        found = self.values_by_axis.get(axis)
        if found is None:
            found = self.values_by_axis[axis] = self._usual(axis)
        return found

    def _usual(self, axis: Axis) -> Value:
        coupling = self.space.coupling
        if coupling is not None and axis.kind == coupling.part:
            whole = self.values_by_axis.get(coupling.whole, ())
            part = coupling.split(whole if isinstance(whole, tuple) else ()).get(axis.name)
            return () if part is None else (part,)
        theory = self.space.theory(axis)
        found = theory.member(theory.everything)
        assert found is not None, axis  # noqa: S101
        return found

    def __iter__(self) -> Iterator[Axis]:
        return iter(self.values_by_axis)

    def __len__(self) -> int:
        return len(self.values_by_axis)


Beginning = tuple[Axis, int, str]
"""An axis, the number of one of its spellings, and what a value begins with in it."""


class Box:
    """A conjunction of constraints, one for each axis it mentions; equal boxes constrain the same axes equally.

    `opaque` are the names of the opaque conditions it rests on.
    """

    __slots__ = ("_beginnings", "_hash", "_point", "constraints", "opaque", "space")

    def __init__(self, space: Space, constraints: Mapping[Axis, Constraint]) -> None:
        WORK.spend(len(constraints))
        self.space = space
        self.constraints = dict(sorted(constraints.items(), key=lambda item: item[0]))
        self._hash = hash(tuple(self.constraints.items()))
        self._point: Point | bool | None = False  # False: not yet asked
        self._beginnings: tuple[tuple[Beginning, ...], ...] | None = None
        self.opaque = tuple(axis.name for axis in self.constraints if axis.kind == OPAQUE)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Box) and self._hash == other._hash and self.constraints == other.constraints

    def __contains__(self, point: Point) -> bool:
        WORK.spend(_MEMBERSHIP)
        theories = self.space.theories
        return all(theories[axis.kind].holds(constraint, point[axis]) for axis, constraint in self.constraints.items())

    def beginnings(self) -> tuple[tuple[Beginning, ...], ...]:
        """What the values of its members begin with: of each of these every member has one."""
        if self._beginnings is None:
            self._beginnings = tuple(
                tuple((axis, spelling, affix) for affix in affixes)
                for axis, constraint in self.constraints.items()
                for spelling, affixes in enumerate(self.space.theory(axis).affixes(constraint))
                if "" not in affixes
            )
        return self._beginnings

    def vacant(self) -> bool:
        """Whether some axis alone shows that the box has no member. Raises Unbounded."""
        theory = self.space.theory
        return any(theory(axis).vacant(constraint) for axis, constraint in self.constraints.items())

    def meet(self, *others: Box) -> Box | None:
        """The requests in this box and all others; None when an axis shows that there is none. Raises Unbounded."""
        merged = dict(self.constraints)
        for axis, constraint in (pair for other in others for pair in other.constraints.items()):
            mine = merged.get(axis)
            if mine is None or mine is constraint:
                merged[axis] = constraint
                continue
            theory = self.space.theory(axis)
            if not theory.compatible(mine, constraint):
                return None
            merged[axis] = theory.meet(mine, constraint)
        return Box(self.space, merged)

    def minus(self, other: Box, *, meeting: bool = False) -> Iterator[Box]:
        """Disjoint boxes that together are this box without the other; `meeting` where they are known to share a request. Raises Unbounded."""
        kept = dict(self.constraints)
        for axis, constraint in other.constraints.items():
            theory = self.space.theory(axis)
            mine = kept.get(axis, theory.everything)
            outside = theory.meet(mine, ~constraint)
            if not theory.vacant(outside):
                yield Box(self.space, {**kept, axis: outside})
            inside = theory.meet(mine, constraint)
            if not meeting and theory.vacant(inside):
                return
            kept[axis] = inside

    def solid(self) -> Box:
        """The box without what it says about opaque conditions: a superset of it."""
        if not self.opaque:
            return self
        return Box(self.space, {axis: found for axis, found in self.constraints.items() if axis.kind != OPAQUE})

    def member(self) -> Point | None:
        """A request in the box, None when there is none. Raises Unbounded."""
        if self._point is False:
            self._point = self._find()
        assert not isinstance(self._point, bool)  # noqa: S101
        return self._point

    def _find(self) -> Point | None:
        coupled = self._coupled()
        if coupled is None:
            return None
        WORK.spend(_MEMBERSHIP * len(coupled.constraints))
        values: dict[Axis, Value] = {}
        for axis, constraint in coupled.constraints.items():
            found = self.space.theory(axis).member(constraint)
            if found is None:
                return None
            values[axis] = found
        point = Point(self.space, values)
        self._write_whole(point)
        if point not in coupled:
            raise Unbounded("conditions on the cookie header and on the cookies in it are tested together")
        return point

    def _coupled(self) -> Box | None:
        """The box with what the coupling implies written out; None when that contradicts it."""
        coupling = self.space.coupling
        if coupling is None:
            return self
        parts = [axis for axis in self.constraints if axis.kind == coupling.part]
        whole = self.constraints.get(coupling.whole)
        if not parts:
            return self
        if whole is not None and self._only_absent(coupling.whole, whole):
            return self.meet(Box(self.space, dict.fromkeys(parts, ABSENT)))
        if any(() not in self.constraints[axis] for axis in parts):  # type: ignore[operator]
            return self.meet(Box(self.space, {coupling.whole: PRESENT}))
        return self

    def _only_absent(self, axis: Axis, constraint: Constraint) -> bool:
        theory = self.space.theory(axis)
        return not theory.compatible(constraint, PRESENT)

    def _write_whole(self, point: Point) -> None:
        """Give the whole the value its parts make, when parts are present."""
        coupling = self.space.coupling
        if coupling is None:
            return
        found = [(axis.name, value[0]) for axis, value in point.items() if axis.kind == coupling.part and value]
        if found:
            point.values_by_axis[coupling.whole] = (coupling.join(found),)
        if coupling.whole in point.values_by_axis:
            for axis in [axis for axis in point if axis.kind == coupling.part]:
                del point.values_by_axis[axis]


class Region:
    """A union of boxes of one space, each with a value left on every axis it constrains."""

    __slots__ = ("boxes", "space")

    def __init__(self, space: Space, boxes: tuple[Box, ...]) -> None:
        self.space = space
        self.boxes = boxes

    def __and__(self, other: Region) -> Region:
        met = (mine.meet(theirs) for mine in self.boxes for theirs in other.boxes)
        return Region(self.space, _compact(box for box in met if box is not None))

    def __or__(self, other: Region) -> Region:
        return Region(self.space, _compact((*self.boxes, *other.boxes)))

    def __sub__(self, other: Region) -> Region:
        left: Iterable[Box] = self.boxes
        for box in other.boxes:
            left = _bounded(piece for mine in left for piece in mine.minus(box))
        return Region(self.space, _compact(left))

    def __invert__(self) -> Region:
        return self.space.everything - self

    def __contains__(self, point: Point) -> bool:
        return any(point in box for box in self.boxes)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Region) and self.boxes == other.boxes

    def __hash__(self) -> int:
        return hash(self.boxes)

    def solid(self) -> Region:
        """The region with opaque conditions taken as met: a superset of it."""
        return Region(self.space, _compact(box.solid() for box in self.boxes))

    def opaque(self) -> tuple[str, ...]:
        """The names of the opaque conditions the region rests on, in order."""
        return tuple(dict.fromkeys(name for box in self.boxes for name in box.opaque))

    def axes(self) -> tuple[Axis, ...]:
        """Every axis the region constrains, sorted."""
        return tuple(sorted({axis for box in self.boxes for axis in box.constraints}))


def intersection(regions: Sequence[Region]) -> Region:
    """The requests in all of some regions, at least one; those of a single box meet at once. Raises Unbounded."""
    single = [region.boxes[0] for region in regions if len(region.boxes) == 1]
    rest = [region for region in regions if len(region.boxes) != 1]
    if single:
        met = single[0].meet(*single[1:])
        rest.insert(0, Region(regions[0].space, () if met is None else (met,)))
    return reduce(Region.__and__, rest)


def _bounded(boxes: Iterable[Box]) -> list[Box]:
    found = []
    for box in boxes:
        found.append(box)
        if len(found) > BOXES:
            raise Unbounded("a match expression has too many alternatives")
    return found


def _compact(boxes: Iterable[Box]) -> tuple[Box, ...]:
    """Fewer boxes for the same set: equal ones once, and those that differ on one axis only joined on it."""
    found = list(dict.fromkeys(_bounded(boxes)))
    while len(found) > 1:
        joined = _join_on_one_axis(found)
        if len(joined) == len(found):
            break
        found = joined
    return tuple(found)


def _join_on_one_axis(boxes: list[Box]) -> list[Box]:
    axes = sorted({axis for box in boxes for axis in box.constraints})
    if len(boxes) * len(axes) > JOINS:
        return boxes
    WORK.spend(len(boxes) * len(axes) // 2)
    for axis in axes:
        groups: dict[object, list[Box]] = {}
        for box in boxes:
            rest = tuple(item for item in box.constraints.items() if item[0] != axis)
            groups.setdefault(rest, []).append(box)
        if len(groups) < len(boxes):
            boxes = [_joined(group, axis) for group in groups.values()]
    return boxes


def _joined(group: list[Box], axis: Axis) -> Box:
    first = group[0]
    if len(group) == 1:
        return first
    constraints = dict(first.constraints)
    if any(axis not in box.constraints for box in group):
        constraints.pop(axis, None)
        return Box(first.space, constraints)
    theory = first.space.theory(axis)
    for box in group[1:]:
        constraints[axis] = theory.join(constraints[axis], box.constraints[axis])
    return Box(first.space, constraints)
