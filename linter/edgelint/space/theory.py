"""What one axis of the request space can be: its domain, its preferred members, and a memory of what was asked."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import NamedTuple, cast

from edgelint.space.addresses import EVERY_ADDRESS, Addresses, bits, networks
from edgelint.space.language import ANYTHING, NOTHING, Junction, Language, Words, words
from edgelint.space.leaves import Prefix
from edgelint.space.limits import Unbounded
from edgelint.space.search import is_empty, shortest, some
from edgelint.space.values import ANY_VALUES, Values, sized

Constraint = Language | Addresses | Values
Value = str | tuple[str, ...]

_AFFIXES = 256
"""How many words or networks of a constraint are told apart when it is filed."""


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
        self._members: dict[Constraint, Value | Unbounded | None] = {}

    def member(self, constraint: Constraint) -> Value | None:
        """A member of a constraint within the domain, None when there is none. Raises Unbounded."""
        try:
            found = self._members[constraint]
        except KeyError:
            try:
                found = self._members[constraint] = self._find(constraint)
            except Unbounded as limit:
                found = self._members[constraint] = limit
        if isinstance(found, Unbounded):
            raise Unbounded(found.reason)
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

    def affixes(self, constraint: Constraint) -> tuple[tuple[str, ...], ...]:  # noqa: ARG002
        """For each way to spell a value, texts of which the spelling of every value of a constraint begins with one."""
        return ()

    def spelled(self, value: Value) -> tuple[str, ...]:  # noqa: ARG002
        """A value in each of these spellings."""
        return ()

    @abstractmethod
    def _find(self, constraint: Constraint) -> Value | None:
        """What `member` answers, worked out."""


class Rare(NamedTuple):
    """Values that belong to a domain but hardly ever decide a question: all have `mark` somewhere; `language` is made late."""

    mark: str
    language: Callable[[], Language]


class TextTheory(Theory):
    """An axis whose values are strings of a domain; `samples` are tried first, so that witnesses look familiar.

    The domain is `usual` and, where there are such, `rare` values: these are looked at only where a usual one does not
    settle the question, so that most runs never make their automaton.
    """

    def __init__(self, usual: Language, samples: Sequence[str] = (), rare: Rare | None = None) -> None:
        super().__init__()
        self.everything = ANYTHING
        self.usual = usual
        self.samples = tuple(sample for sample in samples if sample in usual)
        self._mark = rare.mark if rare else ""
        self._make_rare = rare.language if rare else None
        self._parts: dict[Language, Language] = {}
        self._inside: dict[Prefix, Language] = {}
        self._following: dict[tuple[Language, Language], bool] = {}

    @cached_property
    def rare(self) -> Language:
        """The rare values."""
        return self._make_rare() if self._make_rare else NOTHING

    @cached_property
    def domain(self) -> Language:
        """All values, the rare ones too."""
        return self.usual | self.rare

    def admits(self, text: str) -> bool:
        """Whether a text lies in the domain."""
        return text in self.usual or (self._mark in text and text in self.rare)

    def vacant(self, constraint: Constraint) -> bool:
        """Whether a language has no member within the domain; found sooner than the best member. Raises Unbounded."""
        language = cast(Language, constraint)
        usual = self._beyond(language) if isinstance(language, Prefix) else self._within(language)
        return is_empty(usual) and is_empty(self._among_rare(language))

    def compatible(self, one: Constraint, other: Constraint) -> bool:
        """Whether two languages have a member in common: guessed from a member of each before it is searched for."""
        mine, theirs = cast(Language, one), cast(Language, other)
        if not _ends_agree(mine, theirs):
            return False
        if isinstance(mine, Prefix) and isinstance(theirs, Prefix):
            shallow, deep = sorted((mine, theirs), key=lambda prefix: (len(prefix.text), prefix.whole))
            return deep.text in shallow and not self.vacant(deep)
        for plain, rest in ((mine, theirs), (theirs, mine)):
            if isinstance(plain, Words):
                return any(word in rest and self.admits(word) for word in plain.words)
            if isinstance(plain, Prefix):
                return self._continues(plain, rest)
        return self._guessed(mine, theirs) or self._searched(mine, theirs)

    def _guessed(self, one: Language, other: Language) -> bool:
        """Whether a text made of a member of each of two languages lies in both."""
        first, second = some(self._within(one)), some(self._within(other))
        if first is None or second is None:
            return False
        if first in other or second in one:
            return True
        spliced = (_spliced(first, second), _spliced(second, first))
        return any(guess in one and guess in other and guess in self.usual for guess in spliced)

    def _searched(self, one: Language, other: Language) -> bool:
        for whole, rest in ((one, other), (other, one)):
            if isinstance(whole, Junction) and not whole.every:
                return any(self.compatible(part, rest) for part in whole.parts)
        return super().compatible(one, other)

    def _continues(self, prefix: Prefix, language: Language) -> bool:
        """Whether a text with this prefix lies in a language. What may follow is the same for most prefixes, so it is remembered."""
        if isinstance(language, Junction) and not language.every:
            return any(self._continues(prefix, part) for part in language.parts)
        pair = (language.advance(prefix.text), self._beyond(prefix))
        found = self._following.get(pair)
        if found is None:
            found = self._following[pair] = not is_empty(pair[0] & pair[1])
        return found or not is_empty(self._among_rare(prefix & language))

    def _within(self, language: Language) -> Language:
        """The usual values in a language, kept because the result remembers what was asked of it."""
        found = self._parts.get(language)
        if found is None:
            found = self._parts[language] = language & self.usual
        return found

    def _among_rare(self, language: Language) -> Language:
        """The rare values in a language."""
        if self._make_rare is None or (isinstance(language, Words) and not any(map(self._marked, language.words))):
            return NOTHING
        return language & self.rare

    def _marked(self, text: str) -> bool:
        return self._mark in text

    def _beyond(self, prefix: Prefix) -> Language:
        """What may follow the text of a prefix in a usual value."""
        found = self._inside.get(prefix)
        if found is None:
            found = self._inside[prefix] = (prefix & self.usual).advance(prefix.text)
        return found

    def affixes(self, constraint: Constraint) -> tuple[tuple[str, ...], ...]:
        """By what the members begin with, and by what they end with."""
        language = cast(Language, constraint)
        parts = language.parts if isinstance(language, Junction) and not language.every else (language,)
        heads = [word for part in parts for word in (part.words if isinstance(part, Words) else (part.head,))]
        few = len(heads) <= _AFFIXES
        return tuple(dict.fromkeys(heads)) if few else (language.head,), (language.tail[::-1],)

    def spelled(self, value: Value) -> tuple[str, ...]:
        """A text forwards and backwards."""
        text = cast(str, value)
        return text, text[::-1]

    def _find(self, constraint: Constraint) -> Value | None:
        language = cast(Language, constraint)
        for sample in self.samples:
            if sample in language:
                return sample
        found = self._find_usual(language)
        return shortest(self._among_rare(language)) if found is None else found

    def _find_usual(self, language: Language) -> str | None:
        if isinstance(language, Prefix) and language.text:
            rest = shortest(self._beyond(language))  # the same for most prefixes
            return None if rest is None else language.text + rest
        inside = self._within(language)
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

    def compatible(self, one: Constraint, other: Constraint) -> bool:
        """Whether two sets have an address in common."""
        return bool(cast(Addresses, one) & cast(Addresses, other) & EVERY_ADDRESS)

    def affixes(self, constraint: Constraint) -> tuple[tuple[str, ...], ...]:
        """By the networks a set is made of, as bits."""
        return (networks(cast(Addresses, constraint) & EVERY_ADDRESS, _AFFIXES) or ("",),)

    def spelled(self, value: Value) -> tuple[str, ...]:
        """The bits of an address."""
        return (bits(cast(str, value)),)

    def _find(self, constraint: Constraint) -> Value | None:
        return (cast(Addresses, constraint) & EVERY_ADDRESS).member()


class ValuesTheory(Theory):
    """An axis whose values are lists of at most so many strings of a domain, the empty list meaning absent."""

    def __init__(self, domain: Language, most: int | None = None) -> None:
        super().__init__()
        self.everything = ANY_VALUES
        self.domain = domain
        self.bound = sized(0, most)

    def vacant(self, constraint: Constraint) -> bool:
        """Whether a set has no list within the domain; found sooner than the best member. Raises Unbounded."""
        return (cast(Values, constraint) & self.bound).vacant(self.domain)

    def _find(self, constraint: Constraint) -> Value | None:
        return (cast(Values, constraint) & self.bound).member(self.domain)
