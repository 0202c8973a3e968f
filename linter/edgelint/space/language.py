"""Sets of strings as interned symbolic derivatives.

A `Language` is a formula over finite sets of words and the leaves of `edgelint.space.leaves`, joined by `&`, `|` and `~`.
Equal formulas are one object, so that equality and hashing cost nothing and every answer is remembered on the object it is
about.

Reading one character turns a language into its derivative: the language of what may follow (Brzozowski, "Derivatives of
Regular Expressions", 1964). Simplification makes exhausted leaves vanish, so a product is explored only as far as a question
needs. `edgelint.space.search` asks the questions.
"""

from __future__ import annotations

import os.path
from abc import abstractmethod
from collections.abc import Callable, Iterable
from weakref import WeakValueDictionary

from edgelint.space.division import NOWHERE, WHOLE, Division, apart, crossed, turned
from edgelint.space.limits import WORK

_MEMBERSHIP = 3  # steps of a search that asking whether a word is a member costs

_interned: WeakValueDictionary[tuple[object, ...], Language] = WeakValueDictionary()
_serial = iter(range(1 << 62))


def interned(key: tuple[object, ...], make: Callable[[], Language]) -> Language:
    """The one language of a key, made when it is first asked for."""
    found = _interned.get(key)
    if found is None:
        found = _interned[key] = make()
    return found


class Language:
    """An interned set of strings. `nullable` says whether the empty string is a member.

    `head` and `tail` are texts every member begins and ends with: cheap reasons for two languages to be disjoint. No member
    has fewer than `least` characters. `shortest`, `some` and `opposite` remember answers: the shortest member and any
    member (False while nobody asked), and the complement.
    """

    __slots__ = (
        "__weakref__",
        "_division",
        "_steps",
        "head",
        "least",
        "nullable",
        "opposite",
        "serial",
        "shortest",
        "some",
        "tail",
    )

    nullable: bool
    head: str
    tail: str

    def __init__(self, nullable: bool, head: str = "", tail: str = "", least: int = 0) -> None:
        self.nullable = nullable
        self.least = 0 if nullable else max(1, least)
        self.head = head
        self.tail = tail
        self.serial = next(_serial)
        self._steps: dict[str, Language] = {}
        self.opposite: Language | None = None
        self._division: Division | None = None
        self.shortest: str | bool | None = False
        self.some: str | bool | None = False

    def step(self, character: str) -> Language:
        """The derivative: what may follow after this character."""
        found = self._steps.get(character)
        if found is None:
            found = self._steps[character] = self._derive(character)
        return found

    @abstractmethod
    def advance(self, text: str) -> Language:
        """The derivative by every character of a text in turn."""

    def division(self) -> Division:
        """Which characters lead to the same derivative, and which to none."""
        if self._division is None:
            self._division = self._divide()
        return self._division

    def __contains__(self, text: str) -> bool:
        return self.advance(text).nullable

    def __and__(self, other: Language) -> Language:
        return intersection((self, other))

    def __or__(self, other: Language) -> Language:
        return union((self, other))

    def __sub__(self, other: Language) -> Language:
        return intersection((self, ~other))

    def __invert__(self) -> Language:
        if self.opposite is None:
            self.opposite = self._negate()
            if self.opposite.opposite is None:
                self.opposite.opposite = self
        return self.opposite

    def _negate(self) -> Language:
        return Complement.of(self)

    @abstractmethod
    def _derive(self, character: str) -> Language:
        """What `step` answers, worked out."""

    @abstractmethod
    def _divide(self) -> Division:
        """What `division` answers, worked out."""


class Everything(Language):
    """All strings."""

    __slots__ = ()

    def advance(self, text: str) -> Language:  # noqa: ARG002
        """Everything, whatever was read."""
        return self

    def _derive(self, character: str) -> Language:  # noqa: ARG002
        return self

    def _divide(self) -> Division:
        return WHOLE


class Words(Language):
    """A finite set of strings."""

    __slots__ = ("words",)

    def __init__(self, words: tuple[str, ...]) -> None:
        least = min(map(len, words), default=0)
        super().__init__("" in words, os.path.commonprefix(words), _common_suffix(words), least)
        self.words = words

    def __contains__(self, text: str) -> bool:
        return text in self.words

    def advance(self, text: str) -> Language:
        """The words that begin with this text, without it."""
        return words(word[len(text) :] for word in self.words if word.startswith(text))

    def _derive(self, character: str) -> Language:
        return words(word[1:] for word in self.words if word[:1] == character)

    def _divide(self) -> Division:
        kinds = {word[0]: kind for kind, word in enumerate(self.words) if word}
        return apart(kinds, NOWHERE)


class Complement(Language):
    """The strings that are not in a leaf."""

    __slots__ = ("leaf",)

    def __init__(self, leaf: Language) -> None:
        super().__init__(not leaf.nullable)
        self.leaf = leaf

    @staticmethod
    def of(leaf: Language) -> Language:
        """The interned complement of a leaf."""
        return interned(("not", leaf), lambda: Complement(leaf))

    def __contains__(self, text: str) -> bool:
        return text not in self.leaf

    def advance(self, text: str) -> Language:
        """What may follow after this text."""
        return ~self.leaf.advance(text)

    def _derive(self, character: str) -> Language:
        return ~self.leaf.step(character)

    def _divide(self) -> Division:
        return turned(self.leaf.division())


_MANY = 12
"""Of how many parts a language consists that are not all asked about a text."""

_Sorted = tuple[tuple[str, ...], tuple["Language", ...]]
"""What some parts ask of the end of a text, and the parts that ask for nothing there."""


class Junction(Language):
    """The intersection (`every`) or the union of at least two languages, in the order of their making."""

    __slots__ = ("_sorted", "every", "parts")

    def __init__(self, every: bool, parts: tuple[Language, ...]) -> None:
        nullable = all(part.nullable for part in parts) if every else any(part.nullable for part in parts)
        heads, tails = [part.head for part in parts], [part.tail for part in parts]
        if every:
            super().__init__(nullable, max(heads, key=len), max(tails, key=len), max(part.least for part in parts))
        else:
            least = min(part.least for part in parts)
            super().__init__(nullable, os.path.commonprefix(heads), _common_suffix(tails), least)
        self.every = every
        self.parts = parts
        self._sorted: _Sorted | None = None

    def __contains__(self, text: str) -> bool:
        parts = self.parts if len(self.parts) < _MANY else self._deciding(text)
        if self.every:
            return all(text in part for part in parts)
        return any(text in part for part in parts)

    def _deciding(self, text: str) -> tuple[Language, ...]:
        """The parts that may decide about a text: where what they ask of its end is not met, most of many parts do not."""
        if self._sorted is None:
            asked = [(part.leaf if isinstance(part, Complement) else part).tail for part in self.parts]
            telling = [
                bool(tail) and isinstance(part, Complement) == self.every
                for part, tail in zip(self.parts, asked, strict=True)
            ]
            rest = tuple(part for part, tells in zip(self.parts, telling, strict=True) if not tells)
            self._sorted = tuple(tail for tail, tells in zip(asked, telling, strict=True) if tells), rest
        tails, rest = self._sorted
        return self.parts if text.endswith(tails) else rest

    def advance(self, text: str) -> Language:
        """What may follow after this text."""
        return self._join(part.advance(text) for part in self.parts)

    def _join(self, parts: Iterable[Language]) -> Language:
        return intersection(parts) if self.every else union(parts)

    def _derive(self, character: str) -> Language:
        return self._join(part.step(character) for part in self.parts)

    def _negate(self) -> Language:
        parts = (~part for part in self.parts)
        return union(parts) if self.every else intersection(parts)

    def _divide(self) -> Division:
        return crossed(tuple(part.division() for part in self.parts), every=self.every)


def words(texts: Iterable[str]) -> Language:
    """The language of exactly these strings."""
    chosen = tuple(sorted(set(texts)))
    return interned(("words", chosen), lambda: Words(chosen))


def intersection(parts: Iterable[Language]) -> Language:
    """The strings that are in all of these languages."""
    chosen = _flatten(parts, every=True)
    if NOTHING in chosen or _contradict(chosen):
        return NOTHING
    finite = [part for part in chosen if isinstance(part, Words)]
    if finite:
        others = [part for part in chosen if part is not finite[0]]
        WORK.spend(_MEMBERSHIP * len(finite[0].words) * len(others))
        return words(word for word in finite[0].words if all(word in part for part in others))
    return _junction(chosen, every=True)


def union(parts: Iterable[Language]) -> Language:
    """The strings that are in at least one of these languages."""
    chosen = _flatten(parts, every=False)
    if ANYTHING in chosen or _contradict(chosen):
        return ANYTHING
    finite = [part for part in chosen if isinstance(part, Words)]
    if finite:
        others = [part for part in chosen if not isinstance(part, Words)]
        WORK.spend(_MEMBERSHIP * sum(len(part.words) for part in finite) * len(others))
        loose = {word for part in finite for word in part.words if not any(word in other for other in others)}
        chosen = dict.fromkeys([*others, words(loose)] if loose else others)
    return _junction(chosen, every=False)


def _flatten(parts: Iterable[Language], *, every: bool) -> dict[Language, None]:
    neutral = ANYTHING if every else NOTHING
    chosen: dict[Language, None] = {}
    for part in parts:
        if isinstance(part, Junction) and part.every is every:
            chosen.update(dict.fromkeys(part.parts))
        elif part is not neutral:
            chosen[part] = None
    return chosen


def _contradict(chosen: dict[Language, None]) -> bool:
    """Whether a leaf stands beside its own complement."""
    return any(isinstance(part, Complement) and part.leaf in chosen for part in chosen)


def _junction(chosen: dict[Language, None], *, every: bool) -> Language:
    if len(chosen) < 2:
        return next(iter(chosen), ANYTHING if every else NOTHING)
    WORK.spend(len(chosen))
    parts = tuple(sorted(chosen, key=lambda part: part.serial))
    if every and _disjoint_ends(parts):
        return NOTHING
    return interned((every, *parts), lambda: Junction(every, parts))


def _disjoint_ends(parts: tuple[Language, ...]) -> bool:
    """Whether what the members must begin or end with already contradicts itself."""
    head = max((part.head for part in parts), key=len)
    tail = max((part.tail for part in parts), key=len)
    return not all(head.startswith(part.head) and tail.endswith(part.tail) for part in parts)


def _common_suffix(texts: Iterable[str]) -> str:
    return os.path.commonprefix([text[::-1] for text in texts])[::-1]


ANYTHING: Language = Everything(nullable=True)
"""All strings."""

NOTHING: Language = words(())
"""No string."""

NOTHING.some = None
ANYTHING.opposite, NOTHING.opposite = NOTHING, ANYTHING
