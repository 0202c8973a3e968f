"""Sets of value lists: what a header, a cookie or a query parameter can be, absent or a list of strings.

A `Values` is a union of shapes. A shape is `absent`, or a list whose every value lies in one language, whose values at some
positions lie in languages of their own, in which each of some languages has a value, and whose length is bounded. Two
demands for "some value" may be met by two values; a bound on `every` holds for all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import NamedTuple

from edgelint.space.language import ANYTHING, Language, words
from edgelint.space.limits import WORK, Unbounded
from edgelint.space.search import is_empty, shortest

SHAPES = 256
"""How many shapes one set may need."""

VALUES = 1_000
"""How many values a list that is to be shown may need."""

ASSIGNMENTS = 5_000
"""How many ways of sharing values among demands one question may try."""


class Shape(NamedTuple):
    """Lists of `least` to `most` (None: any number of) values. `at` is sorted by position, `some` by order of making."""

    every: Language = ANYTHING
    at: tuple[tuple[int, Language], ...] = ()
    some: tuple[Language, ...] = ()
    least: int = 1
    most: int | None = None

    def meet(self, other: Shape) -> Shape:
        """The lists of both shapes."""
        at = dict(self.at)
        for position, language in other.at:
            at[position] = at.get(position, ANYTHING) & language
        some = tuple(sorted({*self.some, *other.some}, key=lambda language: language.serial))
        bounds = [bound for bound in (self.most, other.most) if bound is not None]
        least = max(self.least, other.least, 1 + max(at, default=0))
        return Shape(self.every & other.every, tuple(sorted(at.items())), some, least, min(bounds) if bounds else None)

    def admits(self, values: tuple[str, ...]) -> bool:
        """Whether a list of values has this shape."""
        return (
            self.least <= len(values)
            and (self.most is None or len(values) <= self.most)
            and all(value in self.every for value in values)
            and all(values[position] in language for position, language in self.at)
            and all(any(value in language for value in values) for language in self.some)
        )

    def others(self) -> Iterator[Shape]:
        """Shapes whose union is every present list that is not of this shape."""
        if self.every is not ANYTHING:
            yield Shape(some=(~self.every,))
        for position, language in self.at:
            yield Shape(at=((position, ~language),), least=position + 1)
        for language in self.some:
            yield Shape(every=~language)
        if self.least > 1:
            yield Shape(most=self.least - 1)
        if self.most is not None:
            yield Shape(least=self.most + 1)

    def slots(self, domain: Language) -> tuple[Language, ...] | None:
        """The languages, none empty, out of which the values of a list of this shape can be taken; None when there is none.

        Raises Unbounded.
        """
        if self.most is not None and self.most < self.least:
            return None
        if self.least > VALUES:
            raise Unbounded(f"a header or parameter with at least {self.least} values")
        every = self.every & domain
        at = {position: language & every for position, language in self.at}
        demands = [language & every for language in self.some]
        if any(map(is_empty, (every, *at.values(), *demands))):
            return None
        return self._share(every, at, demands)

    def _share(self, every: Language, at: dict[int, Language], demands: list[Language]) -> tuple[Language, ...] | None:
        """Give each demand a position: one that is there anyway if it fits, else a further one."""
        slots = _greedy(every, {position: at.get(position, every) for position in range(self.least)}, demands)
        if self.most is not None and len(slots) > self.most:
            shared = _exhaustive(every, at, demands, self.most)
            if shared is None:
                return None
            slots = shared | {position: every for position in range(self.least) if position not in shared}
        return tuple(slots.get(position, every) for position in range(1 + max(slots)))


def _greedy(every: Language, slots: dict[int, Language], demands: list[Language]) -> dict[int, Language]:
    for demand in demands:
        fitting = (position for position, language in slots.items() if not is_empty(language & demand))
        position = next(fitting, len(slots))
        slots[position] = slots.get(position, every) & demand
    return slots


def _exhaustive(
    every: Language, at: dict[int, Language], demands: list[Language], most: int
) -> dict[int, Language] | None:
    for tried, positions in enumerate(product(range(most), repeat=len(demands))):
        if tried >= ASSIGNMENTS:
            raise Unbounded("a header or parameter has too many conditions on its values")
        slots = dict(at)
        WORK.spend(len(demands))
        for position, demand in zip(positions, demands, strict=True):
            slots[position] = slots.get(position, every) & demand
        if not any(is_empty(language) for language in slots.values()):
            return slots
    return None


def _nonempty(language: Language) -> str:
    """The most readable member of a language that has one, the empty string last."""
    return shortest(language & ~words(("",))) or ""


class Values:
    """A set of value lists: `absent` says whether having none is in it, `shapes` which lists are."""

    __slots__ = ("absent", "shapes")

    def __init__(self, absent: bool, shapes: tuple[Shape, ...] = ()) -> None:
        self.absent = absent
        self.shapes = shapes

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Values) and (self.absent, self.shapes) == (other.absent, other.shapes)

    def __hash__(self) -> int:
        return hash((self.absent, self.shapes))

    def __and__(self, other: Values) -> Values:
        WORK.spend(1 + 2 * len(self.shapes) * len(other.shapes))
        shapes = (mine.meet(theirs) for mine in self.shapes for theirs in other.shapes)
        return Values(self.absent and other.absent, _distinct(shapes))

    def __or__(self, other: Values) -> Values:
        return Values(self.absent or other.absent, _distinct((*self.shapes, *other.shapes)))

    def __invert__(self) -> Values:
        found = Values(not self.absent, (Shape(),))
        for shape in self.shapes:
            found &= Values(absent=True, shapes=tuple(shape.others()))
        return found

    def __contains__(self, values: tuple[str, ...]) -> bool:
        return any(shape.admits(values) for shape in self.shapes) if values else self.absent

    def member(self, domain: Language) -> tuple[str, ...] | None:
        """A list in this set with values of the domain, empty for absent; None when there is none. Raises Unbounded."""
        if self.absent:
            return ()
        slots = next((found for shape in self.shapes if (found := shape.slots(domain)) is not None), None)
        return None if slots is None else tuple(map(_nonempty, slots))

    def possible(self, domain: Language) -> Values:
        """The same set, said without shapes that no list with values of the domain has. Raises Unbounded."""
        return Values(self.absent, tuple(shape for shape in self.shapes if shape.slots(domain) is not None))

    def vacant(self, domain: Language) -> bool:
        """Whether no list in this set has its values in the domain. Raises Unbounded."""
        WORK.spend(2 * len(self.shapes))
        return not self.absent and all(shape.slots(domain) is None for shape in self.shapes)


def _distinct(shapes: Iterable[Shape]) -> tuple[Shape, ...]:
    found = dict.fromkeys(shape for shape in shapes if shape.most is None or shape.least <= shape.most)
    if Shape() in found:
        return (Shape(),)
    if len(found) > SHAPES:
        raise Unbounded("a header or parameter has too many alternative conditions")
    return tuple(found)


ABSENT = Values(absent=True)
PRESENT = Values(absent=False, shapes=(Shape(),))
ANY_VALUES = Values(absent=True, shapes=(Shape(),))
NO_VALUES = Values(absent=False)


def some_value(language: Language) -> Values:
    """The lists with a value in a language."""
    return Values(absent=False, shapes=(Shape(some=(language,)),))


def value_at(position: int, language: Language) -> Values:
    """The lists whose value at a position, from 0, exists and lies in a language."""
    return Values(absent=False, shapes=(Shape(at=((position, language),), least=position + 1),))


def sized(least: int, most: int | None) -> Values:
    """The lists with so many values; absent counts as none."""
    shapes = () if most == 0 else (Shape(least=max(least, 1), most=most),)
    return Values(absent=least <= 0, shapes=shapes)
