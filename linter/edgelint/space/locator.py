"""Which of many boxes holds a request, without trying each: boxes are filed under what all their members have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from edgelint.space.region import Beginning, Box, Point
from edgelint.space.theory import Axis


class Locator:
    """Boxes of one space, numbered by owners that never decrease, filed by what the values of their members begin with.

    A box is filed once, under what the fewest other boxes are filed under; one with nothing of that kind is tried always.
    `opaque` says whether any of them rests on an opaque condition.
    """

    def __init__(self, boxes: Sequence[Box], owners: Sequence[int]) -> None:
        self.boxes = boxes
        self.owners = owners
        ways = [box.beginnings() for box in boxes]
        crowd = Counter(key for keyed in ways for keys in keyed for key in keys)
        self._unfiled: list[int] = []
        self._files: dict[Beginning, list[int]] = {}
        for position, keyed in enumerate(ways):
            if keyed:
                for key in min(keyed, key=lambda keys: max((crowd[key] for key in keys), default=0)):
                    self._files.setdefault(key, []).append(position)
            else:
                self._unfiled.append(position)
        sizes: dict[Axis, set[tuple[int, int]]] = {}
        for axis, spelling, affix in self._files:
            sizes.setdefault(axis, set()).add((spelling, len(affix)))
        self._sizes = {axis: sorted(found) for axis, found in sorted(sizes.items())}
        self.opaque = any(box.opaque for box in boxes)

    def before(self, owner: int) -> Owned:
        """The boxes of all owners with a smaller number, as parts of a union."""
        return Owned(self, range(owner), owner)

    def owned(self, owners: Collection[int], end: int | None = None) -> Owned:
        """The boxes of some owners, only of those with a smaller number than the end if one is given, as parts of a union."""
        return Owned(self, owners, len(self.owners) and self.owners[-1] + 1 if end is None else end)

    def lists(self, point: Point) -> Iterator[Sequence[int]]:
        """Ascending positions of boxes that together are all that can hold a request."""
        yield self._unfiled
        for axis, sizes in self._sizes.items():
            spelled = point.space.theory(axis).spelled(point[axis])
            for spelling, size in sizes:
                text = spelled[spelling]
                found = self._files.get((axis, spelling, text[:size])) if size <= len(text) else None
                if found:
                    yield found


class Owned:
    """The boxes of those owners of some that come before an end: `edgelint.space.questions.Parts`."""

    def __init__(self, locator: Locator, owners: Collection[int], end: int, *, solid: bool = False) -> None:
        self._locator = locator
        self._owners = owners
        self._end = end
        self._solid = solid

    def holder(self, point: Point) -> tuple[int, Box] | None:
        """The first owner that holds a request, and a box of it that does; None when there is none."""
        found: tuple[int, Box] | None = None
        limit = self._end
        for positions in self._locator.lists(point):
            for owner, box in self._among(positions, limit):
                if point in box:
                    found, limit = (owner, box), owner
                    break
        return found

    def doubts(self, point: Point) -> tuple[str, ...]:
        """The opaque conditions that some box would have to meet to hold a request."""
        names: dict[str, None] = {}
        for positions in self._locator.lists(point) if self._locator.opaque else ():
            for _, box in self._among(positions, self._end):
                if box.opaque and point in box.solid():
                    names.update(dict.fromkeys(box.opaque))
        return tuple(names)

    def solid(self) -> Owned:
        """The same boxes with opaque conditions taken as met."""
        return Owned(self._locator, self._owners, self._end, solid=True)

    def _among(self, positions: Sequence[int], limit: int) -> Iterator[tuple[int, Box]]:
        boxes, owners = self._locator.boxes, self._locator.owners
        for position in positions:
            owner = owners[position]
            if owner >= limit:
                return
            if owner in self._owners:
                box = boxes[position]
                yield owner, box.solid() if self._solid else box
