"""The leaves of languages: prefixes, substrings and suffixes, patterns, bounds of length and of order."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from edgelint.space.automaton import Automaton, compile_pattern
from edgelint.space.division import NOWHERE, WHOLE, Division, apart, sets
from edgelint.space.language import (
    ANYTHING,
    NOTHING,
    Language,
    interned,
    union,
    words,
)
from edgelint.space.literals import simplify

_LONGEST_HEAD = 256
_MANY = 3


class Prefix(Language):
    """The strings that begin with a text; by whole `/`-separated segments when `whole`."""

    __slots__ = ("text", "whole")

    def __init__(self, text: str, whole: bool) -> None:
        super().__init__(nullable=whole and not text, head=text, least=len(text))
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

    def _divide(self) -> Division:
        return apart({self.text[:1] or "/": 0}, NOWHERE)


class Substring(Language):
    """The strings that have a text somewhere, or at their end when `final`; `matched` characters of it were just read."""

    __slots__ = ("final", "matched", "text")

    def __init__(self, text: str, final: bool, matched: int) -> None:
        left = len(text) - matched
        super().__init__(nullable=final and not left, tail=text if final and not matched else "", least=left)
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
        return _substring(self.text, self.final, _overlap(self.text, self.matched, text))

    def _derive(self, character: str) -> Language:
        return self.advance(character)

    def _divide(self) -> Division:
        reached = {character: _overlap(self.text, self.matched, character) for character in dict.fromkeys(self.text)}
        return apart({character: matched for character, matched in reached.items() if matched}, 0)


class Pattern(Language):
    """The strings an automaton accepts from one of its states."""

    __slots__ = ("automaton", "state")

    def __init__(self, automaton: Automaton, state: int) -> None:
        head = _forced(automaton) if state == automaton.start else ""
        super().__init__(automaton.accepting(state), head=head, least=automaton.left(state))
        self.automaton = automaton
        self.state = state

    def __contains__(self, text: str) -> bool:
        return self.automaton.accepting(self._run(text))

    def advance(self, text: str) -> Language:
        """What may follow after this text."""
        return _pattern(self.automaton, self._run(text))

    def _run(self, text: str) -> int:
        return self.automaton.run(self.state, text)

    def _derive(self, character: str) -> Language:
        return _pattern(self.automaton, self.automaton.step(self.state, character))

    def _divide(self) -> Division:
        return self.automaton.division(self.state)


class Length(Language):
    """The strings of at least `least` and, unless None, at most `most` code points."""

    __slots__ = ("most",)

    def __init__(self, least: int, most: int | None) -> None:
        super().__init__(nullable=least == 0, least=least)
        self.most = most

    def __contains__(self, text: str) -> bool:
        return self.least <= len(text) and (self.most is None or len(text) <= self.most)

    def advance(self, text: str) -> Language:
        """What may follow after this text."""
        return length(max(0, self.least - len(text)), None if self.most is None else self.most - len(text))

    def _derive(self, character: str) -> Language:
        return self.advance(character)

    def _divide(self) -> Division:
        return WHOLE


class Below(Language):
    """The strings that come before a text in code point order, or are it when `inclusive`."""

    __slots__ = ("inclusive", "text")

    def __init__(self, text: str, inclusive: bool) -> None:
        super().__init__(nullable=inclusive or bool(text))
        self.text = text
        self.inclusive = inclusive

    def __contains__(self, text: str) -> bool:
        return text < self.text or (self.inclusive and text == self.text)

    def advance(self, text: str) -> Language:
        """What may follow after this text."""
        if self.text.startswith(text):
            return below(self.text[len(text) :], inclusive=self.inclusive)
        return ANYTHING if text < self.text else NOTHING

    def _derive(self, character: str) -> Language:
        return self.advance(character)

    def _divide(self) -> Division:
        first = ord(self.text[0])
        return sets([(0, first - 1, 0), (first, first, 1)] if first else [(0, 0, 1)])


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
    return words(("",)) if most == 0 else interned(("length", least, most), lambda: Length(least, most))


def below(text: str, *, inclusive: bool) -> Language:
    """The strings that come before a text in code point order, or are it when `inclusive`."""
    if not text:
        return words(("",)) if inclusive else NOTHING
    return interned(("below", text, inclusive), lambda: Below(text, inclusive))


def _prefix(text: str, whole: bool) -> Language:
    if not text and not whole:
        return ANYTHING
    return interned(("prefix", text, whole), lambda: Prefix(text, whole))


def _substring(text: str, final: bool, matched: int) -> Language:
    if not text or (not final and matched == len(text)):
        return ANYTHING
    return interned(("substring", text, final, matched), lambda: Substring(text, final, matched))


def _pattern(automaton: Automaton, state: int) -> Language:
    if automaton.dead(state):
        return NOTHING
    if automaton.universal(state):
        return ANYTHING
    return interned(("pattern", automaton, state), lambda: Pattern(automaton, state))


def _forced(automaton: Automaton) -> str:
    """What every accepted text begins with: the characters up to the first state with a choice."""
    text, state = "", automaton.start
    while not automaton.accepting(state) and len(text) < _LONGEST_HEAD:
        character = automaton.forced(state)
        if character is None:
            break
        text += character
        state = automaton.step(state, character)
    return text


def _quoted(text: str) -> str:
    """A regular expression (RE2 syntax) for a text."""
    return re.sub(r"[^\w]", lambda found: f"\\x{{{ord(found[0]):x}}}", text, flags=re.ASCII)


def _overlap(text: str, matched: int, read: str) -> int:
    """How much of the beginning of a text stands at the end of what was read, after so much of it and these characters."""
    fallbacks = _fallbacks(text)
    for character in read:
        while matched >= 0 and text[matched : matched + 1] != character:
            matched = fallbacks[matched]
        matched += 1
    return matched


@lru_cache(maxsize=64)
def _fallbacks(text: str) -> list[int]:
    """How much of a text still stands at the end, by how much did, when the next character differs; -1: nothing.

    The stricter table of Knuth, Morris and Pratt ("Fast Pattern Matching in Strings", 1977): few steps lead to the end of it.
    """
    found, size = [-1], -1
    for index, character in enumerate(text):
        while size >= 0 and text[size] != character:
            size = found[size]
        size += 1
        found.append(found[size] if text[index + 1 : index + 2] == text[size] else size)
    return found
