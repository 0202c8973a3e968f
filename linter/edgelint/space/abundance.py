"""Whether a language certainly has no end, and several of its members.

A language has no end when reading some text between the two halves of a member leads back to where it began: the text can be
repeated there any number of times (the pumping lemma read backwards). Derivatives are interned, so that "where it began" is
being the same object.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from edgelint.space.language import Language, Words
from edgelint.space.limits import WORK
from edgelint.space.search import shortest, some

_LOOPS = ("a", "0", "/a", "a/", ".a", "a.", "A")
_PLACES = 64
"""At how many places of a member a loop, or a place for a number, is looked for."""


def endless(language: Language) -> bool:
    """Whether a language certainly has infinitely many members. Raises Unbounded."""
    if isinstance(language, Words):
        return False
    member = shortest(language)
    return member is not None and any(True for _ in _loops(language, member))


def several(language: Language, most: int) -> tuple[str, ...]:
    """Up to so many members, all different; fewer than there are where no more are found. Raises Unbounded."""
    if isinstance(language, Words):
        return language.words[:most]
    member = shortest(language)
    if member is None:
        return ()
    best: tuple[str, ...] = (member,)
    for family in _families(language, member, most):
        found = tuple(dict.fromkeys((member, *_members(language, family, most))))[:most]
        best = max(best, found, key=len)
        if len(best) == most:
            break
    return best


def _loops(language: Language, member: str) -> Iterator[tuple[str, str, str]]:
    """The two halves of a member, with a text that can be repeated between them."""
    for place in range(min(len(member), _PLACES), -1, -1):
        for way in ("", *_LOOPS):
            state = language.advance(member[:place] + way)
            WORK.spend(len(_LOOPS))
            loop = next((text for text in _LOOPS if state.advance(text) is state), None)
            tail = None if loop is None else some(state)
            if loop is not None and tail is not None:
                yield member[:place] + way, loop, tail


Family = Callable[[int], str]


def _families(language: Language, member: str, most: int) -> Iterator[Family]:
    """Ways to make texts out of numbers that are likely to be members, the most readable first."""
    width = len(str(most))
    places = range(min(len(member), _PLACES), -1, -1)
    for before, after in (("", ""), ("/", ""), ("", "."), ("", "/")):
        for place in places:
            yield _inserted(member[:place] + before, after + member[place:])
    for place in places:
        if place >= width:
            yield _inserted(member[: place - width], member[place:], width)
    for head, text, tail in _loops(language, member):
        yield _repeated(head, text, tail)


def _inserted(head: str, tail: str, width: int = 0) -> Family:
    return lambda number: f"{head}{number:0{width}d}{tail}"


def _repeated(head: str, text: str, tail: str) -> Family:
    return lambda number: head + number * text + tail


def _members(language: Language, family: Family, most: int) -> Iterator[str]:
    """The members of a family up to the first text that is none."""
    for number in range(1, most + 1):
        WORK.spend(3)
        text = family(number)
        if text not in language:
            return
        yield text
