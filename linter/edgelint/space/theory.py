"""What one axis of the request space can be: its domain, its preferred members, and a memory of what was asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, cast

from edgelint.space.addresses import EVERY_ADDRESS, Addresses
from edgelint.space.language import ANYTHING, Junction, Language, words
from edgelint.space.search import is_empty, shortest
from edgelint.space.values import ANY_VALUES, Values, sized

Constraint = Language | Addresses | Values
Value = str | tuple[str, ...]


class Axis(NamedTuple):
    """One dimension of the space of requests: a kind, and a name where there are many of a kind."""

    kind: str
    name: str = ""


class Theory:
    """One axis's answers about its constraints. `everything` is the constraint that holds always.

    Subclasses find members; an axis remembers each answer, because the same constraint is asked about again and again.
    """

    everything: Constraint

    def __init__(self) -> None:
        self._members: dict[Constraint, Value | None] = {}

    def member(self, constraint: Constraint) -> Value | None:
        """A member of a constraint within the domain, None when there is none. Raises Unbounded."""
        try:
            return self._members[constraint]
        except KeyError:
            found = self._members[constraint] = self._find(constraint)
            return found

    def vacant(self, constraint: Constraint) -> bool:
        """Whether a constraint has no member within the domain. Raises Unbounded."""
        return self.member(constraint) is None

    def compatible(self, one: Constraint, other: Constraint) -> bool:
        """Whether two constraints have a member in common. Raises Unbounded."""
        return not self.vacant(self.meet(one, other))

    def holds(self, constraint: Constraint, value: Value) -> bool:
        """Whether a value satisfies a constraint."""
        return value in constraint  # type: ignore[operator]  # an axis's values and constraints are of one kind

    def meet(self, one: Constraint, other: Constraint) -> Constraint:
        """Both constraints at once."""
        return one & other  # type: ignore[operator]  # an axis's constraints are of one kind

    def join(self, one: Constraint, other: Constraint) -> Constraint:
        """Either of two constraints."""
        return one | other  # type: ignore[operator]  # an axis's constraints are of one kind

    def _find(self, constraint: Constraint) -> Value | None:
        raise NotImplementedError


class TextTheory(Theory):
    """An axis whose values are strings of a domain; `samples` are tried first, so that witnesses look familiar."""

    def __init__(self, domain: Language, samples: Sequence[str] = ()) -> None:
        super().__init__()
        self.everything = ANYTHING
        self.domain = domain
        self.samples = tuple(sample for sample in samples if sample in domain)

    def vacant(self, constraint: Constraint) -> bool:
        """Whether a language has no member within the domain; found sooner than the best member. Raises Unbounded."""
        return is_empty(cast(Language, constraint) & self.domain)

    def compatible(self, one: Constraint, other: Constraint) -> bool:
        """Whether two languages have a member in common: guessed from a member of each before it is searched for."""
        mine, theirs = cast(Language, one), cast(Language, other)
        if not _ends_agree(mine, theirs):
            return False
        first, second = cast(str | None, self.member(mine)), cast(str | None, self.member(theirs))
        if first is None or second is None:
            return False
        for guess in (first, second, _spliced(first, second), _spliced(second, first)):
            if guess in mine and guess in theirs and guess in self.domain:
                return True
        for whole, rest in ((mine, theirs), (theirs, mine)):
            if isinstance(whole, Junction) and not whole.every:
                return any(self.compatible(part, rest) for part in whole.parts)
        return super().compatible(mine, theirs)

    def _find(self, constraint: Constraint) -> Value | None:
        language = cast(Language, constraint)
        for sample in self.samples:
            if sample in language:
                return sample
        inside = language & self.domain
        if inside.nullable and (found := shortest(inside & ~words(("",)))) is not None:
            return found
        return shortest(inside)


def _ends_agree(one: Language, other: Language) -> bool:
    """Whether what the members of two languages begin and end with does not contradict."""
    heads = one.head.startswith(other.head) or other.head.startswith(one.head)
    return heads and (one.tail.endswith(other.tail) or other.tail.endswith(one.tail))


def _spliced(first: str, second: str) -> str:
    """Two texts one after the other, what the first ends and the second begins with written once."""
    return first + second[1:] if first[-1:] == second[:1] else first + second


class AddressTheory(Theory):
    """An axis whose values are IP addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.everything = EVERY_ADDRESS

    def _find(self, constraint: Constraint) -> Value | None:
        return (cast(Addresses, constraint) & EVERY_ADDRESS).member()


class ValuesTheory(Theory):
    """An axis whose values are lists of at most so many strings of a domain, the empty list meaning absent."""

    def __init__(self, domain: Language, most: int | None = None) -> None:
        super().__init__()
        self.everything = ANY_VALUES
        self.domain = domain
        self.bound = sized(0, most)

    def _find(self, constraint: Constraint) -> Value | None:
        return (cast(Values, constraint) & self.bound).member(self.domain)
