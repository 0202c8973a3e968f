"""Sets of strings as interned symbolic derivatives.

A `Language` is a formula over a few leaves: finite sets of words, prefixes, whole-segment prefixes, substrings, suffixes,
length bounds, order bounds and the states of an automaton, joined by `&`, `|` and `~`. Equal formulas are one object, so
that equality and hashing cost nothing and every answer is remembered on the object it is about.

Reading one character turns a language into its derivative: the language of what may follow (Brzozowski, "Derivatives of
Regular Expressions", 1964). Simplification makes exhausted leaves vanish, so a product is explored only as far as a question
needs. `edgelint.space.search` asks the questions.
"""

from __future__ import annotations

import os.path
import re
from collections.abc import Collection, Iterable
from functools import lru_cache
from weakref import WeakValueDictionary

from edgelint.space.automaton import Automaton, compile_pattern
from edgelint.space.characters import Characters
from edgelint.space.literals import simplify

LAST_CODE_POINT = 0x10FFFF
_LONGEST_HEAD = 256
_MANY = 3

_interned: WeakValueDictionary[tuple[object, ...], Language] = WeakValueDictionary()
_serial = iter(range(1 << 62))


class Language:
    """An interned set of strings. `nullable` says whether the empty string is a member.

    `head` and `tail` are texts every member begins and ends with: cheap reasons for two languages to be disjoint.
    `shortest`, `inhabited` and `opposite` remember answers: the shortest member (False while nobody asked), whether there
    is a member (None while nobody asked), and the complement.
    """

    __slots__ = (
        "__weakref__",
        "_cuts",
        "_steps",
        "head",
        "inhabited",
        "nullable",
        "opposite",
        "serial",
        "shortest",
        "tail",
    )

    nullable: bool
    head: str
    tail: str

    def __init__(self, nullable: bool, head: str = "", tail: str = "") -> None:
        self.nullable = nullable
        self.head = head
        self.tail = tail
        self.serial = next(_serial)
        self._steps: dict[str, Language] = {}
        self.opposite: Language | None = None
        self._cuts: tuple[int, ...] | None = None
        self.shortest: str | bool | None = False
        self.inhabited: bool | None = None

    def step(self, character: str) -> Language:
        """The derivative: what may follow after this character."""
        found = self._steps.get(character)
        if found is None:
            found = self._steps[character] = self._derive(character)
        return found

    def advance(self, text: str) -> Language:
        """The derivative by every character of a text in turn."""
        language: Language = self
        for character in text:
            if language is NOTHING or language is ANYTHING:
                break
            language = language.step(character)
        return language

    def cuts(self) -> tuple[int, ...]:
        """Sorted code points at which the derivative may change: between two of them all characters do the same."""
        if self._cuts is None:
            self._cuts = self._find_cuts()
        return self._cuts

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

    def _derive(self, character: str) -> Language:
        raise NotImplementedError

    def _find_cuts(self) -> tuple[int, ...]:
        raise NotImplementedError


class Everything(Language):
    """All strings."""

    __slots__ = ()

    def _derive(self, character: str) -> Language:  # noqa: ARG002
        return self

    def _negate(self) -> Language:
        return NOTHING

    def _find_cuts(self) -> tuple[int, ...]:
        return ()


class Words(Language):
    """A finite set of strings."""

    __slots__ = ("words",)

    def __init__(self, words: tuple[str, ...]) -> None:
        super().__init__("" in words, os.path.commonprefix(words), _common_suffix(words))
        self.words = words

    def __contains__(self, text: str) -> bool:
        return text in self.words

    def advance(self, text: str) -> Language:
        """The words that begin with this text, without it."""
        return words(word[len(text) :] for word in self.words if word.startswith(text))

    def _derive(self, character: str) -> Language:
        return words(word[1:] for word in self.words if word[:1] == character)

    def _negate(self) -> Language:
        return Complement.of(self) if self.words else ANYTHING

    def _find_cuts(self) -> tuple[int, ...]:
        return _around(word[0] for word in self.words if word)


class Prefix(Language):
    """The strings that begin with a text; by whole `/`-separated segments when `whole`."""

    __slots__ = ("text", "whole")

    def __init__(self, text: str, whole: bool) -> None:
        super().__init__(nullable=whole and not text, head=text)
        self.text = text
        self.whole = whole

    def __contains__(self, text: str) -> bool:
        if not text.startswith(self.text):
            return False
        return not self.whole or text[len(self.text) : len(self.text) + 1] in ("", "/")

    def advance(self, text: str) -> Language:
        """What may follow after this text."""
        if len(text) <= len(self.text):
            return _prefix(self.text[len(text) :], self.whole) if self.text.startswith(text) else NOTHING
        return ANYTHING if text in self else NOTHING

    def _derive(self, character: str) -> Language:
        return self.advance(character)

    def _find_cuts(self) -> tuple[int, ...]:
        return _around(self.text[:1] or "/")


class Substring(Language):
    """The strings that have a text somewhere, or at their end when `final`; `matched` characters of it were just read."""

    __slots__ = ("final", "matched", "text")

    def __init__(self, text: str, final: bool, matched: int) -> None:
        super().__init__(nullable=final and matched == len(text), tail=text if final and not matched else "")
        self.text = text
        self.final = final
        self.matched = matched

    def __contains__(self, text: str) -> bool:
        text = self.text[: self.matched] + text
        return text.endswith(self.text) if self.final else self.text in text

    def advance(self, text: str) -> Language:
        """What may follow after this text."""
        if not self.final and text in self:
            return ANYTHING
        return _substring(self.text, self.final, _overlap(self.text, self.text[: self.matched] + text))

    def _derive(self, character: str) -> Language:
        return self.advance(character)

    def _find_cuts(self) -> tuple[int, ...]:
        return _around(self.text)


class Pattern(Language):
    """The strings an automaton accepts from one of its states."""

    __slots__ = ("automaton", "state")

    def __init__(self, automaton: Automaton, state: int) -> None:
        super().__init__(automaton.accepting(state), head=_forced(automaton) if state == automaton.start else "")
        self.automaton = automaton
        self.state = state

    def __contains__(self, text: str) -> bool:
        return self.automaton.accepting(self._run(text))

    def advance(self, text: str) -> Language:
        """What may follow after this text."""
        return _pattern(self.automaton, self._run(text))

    def _run(self, text: str) -> int:
        state = self.state
        for character in text:
            state = self.automaton.step(state, character)
        return state

    def _derive(self, character: str) -> Language:
        return _pattern(self.automaton, self.automaton.step(self.state, character))

    def _find_cuts(self) -> tuple[int, ...]:
        found = set()
        for kind in self.automaton.classes(self.state):
            for first, last in kind:
                found.add(first)
                found.add(last + 1)
        return tuple(sorted(found - {0, LAST_CODE_POINT + 1}))


class Length(Language):
    """The strings of at least `least` and, unless None, at most `most` code points."""

    __slots__ = ("least", "most")

    def __init__(self, least: int, most: int | None) -> None:
        super().__init__(nullable=least == 0)
        self.least = least
        self.most = most

    def __contains__(self, text: str) -> bool:
        return self.least <= len(text) and (self.most is None or len(text) <= self.most)

    def advance(self, text: str) -> Language:
        """What may follow after this text."""
        return length(max(0, self.least - len(text)), None if self.most is None else self.most - len(text))

    def _derive(self, character: str) -> Language:
        return self.advance(character)

    def _find_cuts(self) -> tuple[int, ...]:
        return ()


class Below(Language):
    """The strings that come before a text in code point order, or are it when `inclusive`."""

    __slots__ = ("inclusive", "text")

    def __init__(self, text: str, inclusive: bool) -> None:
        super().__init__(nullable=inclusive or bool(text))
        self.text = text
        self.inclusive = inclusive

    def __contains__(self, text: str) -> bool:
        return text < self.text or (self.inclusive and text == self.text)

    def _derive(self, character: str) -> Language:
        if not self.text or character > self.text[0]:
            return NOTHING
        return ANYTHING if character < self.text[0] else below(self.text[1:], inclusive=self.inclusive)

    def _find_cuts(self) -> tuple[int, ...]:
        return _around(self.text[:1])


class Complement(Language):
    """The strings that are not in a leaf."""

    __slots__ = ("leaf",)

    def __init__(self, leaf: Language) -> None:
        super().__init__(not leaf.nullable)
        self.leaf = leaf

    @staticmethod
    def of(leaf: Language) -> Language:
        """The interned complement of a leaf."""
        key = ("not", leaf)
        found = _interned.get(key)
        if found is None:
            found = _interned[key] = Complement(leaf)
        return found

    def __contains__(self, text: str) -> bool:
        return text not in self.leaf

    def advance(self, text: str) -> Language:
        """What may follow after this text."""
        return ~self.leaf.advance(text)

    def _derive(self, character: str) -> Language:
        return ~self.leaf.step(character)

    def _find_cuts(self) -> tuple[int, ...]:
        return self.leaf.cuts()


class Junction(Language):
    """The intersection (`every`) or the union of at least two languages, in the order of their making."""

    __slots__ = ("every", "parts")

    def __init__(self, every: bool, parts: tuple[Language, ...]) -> None:
        nullable = all(part.nullable for part in parts) if every else any(part.nullable for part in parts)
        heads, tails = [part.head for part in parts], [part.tail for part in parts]
        if every:
            super().__init__(nullable, max(heads, key=len), max(tails, key=len))
        else:
            super().__init__(nullable, os.path.commonprefix(heads), _common_suffix(tails))
        self.every = every
        self.parts = parts

    def __contains__(self, text: str) -> bool:
        if self.every:
            return all(text in part for part in self.parts)
        return any(text in part for part in self.parts)

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

    def _find_cuts(self) -> tuple[int, ...]:
        return tuple(sorted({cut for part in self.parts for cut in part.cuts()}))


def words(texts: Iterable[str]) -> Language:
    """The language of exactly these strings."""
    chosen = tuple(sorted(set(texts)))
    key = ("words", chosen)
    found = _interned.get(key)
    if found is None:
        found = _interned[key] = Words(chosen)
    return found


def prefix(text: str) -> Language:
    """The strings that begin with a text."""
    return _prefix(text, whole=False)


def below_path(text: str) -> Language:
    """The path `text` and every path below it, by whole segments; a text that ends with `/` is a plain prefix."""
    return _prefix(text, whole=not text.endswith("/")) if text else ANYTHING


def substring(text: str) -> Language:
    """The strings that have a text somewhere."""
    return _substring(text, final=False, matched=0)


def suffix(text: str) -> Language:
    """The strings that end with a text."""
    return _substring(text, final=True, matched=0)


def any_suffix(texts: Collection[str]) -> Language:
    """The strings that end with one of some texts; many texts are read side by side, as one pattern."""
    if len(texts) < _MANY:
        return union(map(suffix, texts))
    return pattern(f"(?:{'|'.join(map(_quoted, texts))})\\z")


@lru_cache(maxsize=4096)
def pattern(text: str) -> Language:
    """The strings in which a regular expression (RE2 syntax) is found; raises what `compile_pattern` raises."""
    match simplify(text):
        case ("equals", texts):
            return words(texts)
        case ("prefix", texts):
            return union(map(prefix, texts))
        case ("suffix", (only,)):
            return suffix(only)
        case ("contains", (only,)):
            return substring(only)
    automaton = compile_pattern(text)
    return _pattern(automaton, automaton.start)


def length(least: int, most: int | None) -> Language:
    """The strings whose number of code points lies between two bounds; None is no bound."""
    if most is not None and (most < least or most < 0):
        return NOTHING
    if least == 0 and most is None:
        return ANYTHING
    key = ("length", least, most)
    found = _interned.get(key)
    if found is None:
        found = _interned[key] = words(("",)) if most == 0 else Length(least, most)
    return found


def below(text: str, *, inclusive: bool) -> Language:
    """The strings that come before a text in code point order, or are it when `inclusive`."""
    if not text:
        return words(("",)) if inclusive else NOTHING
    key = ("below", text, inclusive)
    found = _interned.get(key)
    if found is None:
        found = _interned[key] = Below(text, inclusive)
    return found


def intersection(parts: Iterable[Language]) -> Language:
    """The strings that are in all of these languages."""
    chosen = _flatten(parts, every=True)
    if NOTHING in chosen or _contradict(chosen):
        return NOTHING
    finite = [part for part in chosen if isinstance(part, Words)]
    if finite:
        others = [part for part in chosen if part is not finite[0]]
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
    parts = tuple(sorted(chosen, key=lambda part: part.serial))
    key = (every, *parts)
    found = _interned.get(key)
    if found is None:
        if every and _disjoint_ends(parts):
            return NOTHING
        found = _interned[key] = Junction(every, parts)
    return found


def _disjoint_ends(parts: tuple[Language, ...]) -> bool:
    """Whether what the members must begin or end with already contradicts itself."""
    head = max((part.head for part in parts), key=len)
    tail = max((part.tail for part in parts), key=len)
    return not all(head.startswith(part.head) and tail.endswith(part.tail) for part in parts)


def _prefix(text: str, whole: bool) -> Language:
    if not text and not whole:
        return ANYTHING
    key = ("prefix", text, whole)
    found = _interned.get(key)
    if found is None:
        found = _interned[key] = Prefix(text, whole)
    return found


def _substring(text: str, final: bool, matched: int) -> Language:
    if not text or (not final and matched == len(text)):
        return ANYTHING
    key = ("substring", text, final, matched)
    found = _interned.get(key)
    if found is None:
        found = _interned[key] = Substring(text, final, matched)
    return found


def _pattern(automaton: Automaton, state: int) -> Language:
    if automaton.dead(state):
        return NOTHING
    if automaton.universal(state):
        return ANYTHING
    key = ("pattern", automaton, state)
    found = _interned.get(key)
    if found is None:
        found = _interned[key] = Pattern(automaton, state)
    return found


def _forced(automaton: Automaton) -> str:
    """What every accepted text begins with: the characters up to the first state with a choice."""
    text, state = "", automaton.start
    while not automaton.accepting(state) and len(text) < _LONGEST_HEAD:
        live = [kind for kind in automaton.classes(state) if not automaton.dead(automaton.step(state, kind.readable()))]
        if len(live) != 1 or live[0] != Characters.of(live[0].readable()):
            break
        text += live[0].readable()
        state = automaton.step(state, text[-1])
    return text


def _quoted(text: str) -> str:
    """A regular expression (RE2 syntax) for a text."""
    return re.sub(r"[^\w]", lambda found: f"\\x{{{ord(found[0]):x}}}", text, flags=re.ASCII)


def _overlap(text: str, read: str) -> int:
    """How much of the beginning of a text stands at the end of what was read."""
    size = min(len(text), len(read))
    while not read.endswith(text[:size]):
        size -= 1
    return size


def _common_suffix(texts: Iterable[str]) -> str:
    return os.path.commonprefix([text[::-1] for text in texts])[::-1]


def _around(characters: Iterable[str]) -> tuple[int, ...]:
    found = {cut for character in characters for cut in (ord(character), ord(character) + 1)}
    return tuple(sorted(found - {0, LAST_CODE_POINT + 1}))


ANYTHING: Language = Everything(nullable=True)
"""All strings."""

NOTHING: Language = words(())
"""No string."""

NOTHING.inhabited = False
ANYTHING.opposite, NOTHING.opposite = NOTHING, ANYTHING
