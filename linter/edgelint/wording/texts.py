"""Languages as predicates of the model, in the words that conditions are written in: the way back from `text_language`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from ipaddress import ip_address, summarize_address_range

from edgelint.meaning import text_language
from edgelint.model.expression import (
    Contains,
    EndsWith,
    Equals,
    Every,
    InNetwork,
    Length,
    Matches,
    Never,
    Ordered,
    PathPrefix,
    Predicate,
    Some,
    StartsWith,
)
from edgelint.space import leaves
from edgelint.space.language import ANYTHING, Complement, Junction, Language, Words
from edgelint.space.limits import Unbounded
from edgelint.space.literals import simplify

_PLAIN: Mapping[str, Callable[[str], Predicate]] = {
    "equals": Equals,
    "prefix": StartsWith,
    "suffix": EndsWith,
    "contains": Contains,
}


def predicate_of(language: Language) -> Predicate:  # noqa: C901 - one case for each kind
    """The predicate that is true of the strings of a language, a derivative of a leaf excepted."""
    match language:
        case Words():
            return any_of(map(Equals, language.words))
        case Complement():
            return _negated(predicate_of(language.leaf))
        case Junction() if language.every:
            return _all_of(list(map(predicate_of, language.parts)))
        case Junction():
            return any_of(map(predicate_of, language.parts))
        case leaves.Prefix():
            return PathPrefix(language.text) if language.whole else StartsWith(language.text)
        case leaves.Substring(matched=0):
            return EndsWith(language.text) if language.final else Contains(language.text)
        case leaves.Pattern() if language.state == language.automaton.start:
            return _network(language) or _pattern(language.automaton.text)
        case leaves.Length():
            return _length(language.least, language.most)
        case leaves.Below():
            return Ordered("<=" if language.inclusive else "<", language.text)
        case _ if language is ANYTHING:
            return Every(())
    raise TypeError(language)


def any_of(predicates: Iterable[Predicate]) -> Predicate:
    """Some of these, disjunctions among them taken apart; one alone stands for itself."""
    flat: dict[Predicate, None] = {}
    for predicate in predicates:
        flat.update(dict.fromkeys(predicate.predicates if isinstance(predicate, Some) else (predicate,)))
    return next(iter(flat)) if len(flat) == 1 else Some(tuple(flat))


def _all_of(predicates: Sequence[Predicate]) -> Predicate:
    """All of these, what they rule out taken together."""
    wanted = tuple(one for one in predicates if not isinstance(one, Never))
    refused = [one.predicate for one in predicates if isinstance(one, Never)]
    if not refused:
        return Every(wanted)
    return Every((*wanted, Never(any_of(refused)))) if wanted else Never(any_of(refused))


def _negated(predicate: Predicate) -> Predicate:
    match predicate:
        case Length("<=", number):
            return Length(">", number)
        case Length(">=", number):
            return Length("<", number)
        case Ordered("<=", text):
            return Ordered(">", text)
        case Ordered("<", text):
            return Ordered(">=", text)
        case _:
            return Never(predicate)


_OCTETS = re.compile(r"\(\?:([0-9|]+)\)")


def _network(pattern: leaves.Pattern) -> Predicate | None:
    """The network whose addresses a pattern spells; None where it is another pattern."""
    octets = [found[1].split("|") for found in _OCTETS.finditer(pattern.automaton.text)]
    if len(octets) != 4:
        return None
    try:
        first, last = (ip_address(".".join(octet[end] for octet in octets)) for end in (0, -1))
        (block,) = summarize_address_range(first, last)
        found = InNetwork(str(block))
    except ValueError:  # no addresses, in the wrong order, or of several networks
        return None
    return found if text_language(found) is pattern else None


def _pattern(text: str) -> Predicate:
    """A pattern, as the plain test that it is where it is one."""
    try:
        found = simplify(text)
    except Unbounded:
        found = None
    return any_of(map(_PLAIN[found[0]], found[1])) if found else Matches(text)


def _length(least: int, most: int | None) -> Predicate:
    if most is None:
        return Length(">=", least)
    if least == most:
        return Length("==", least)
    return Every((Length(">=", least), Length("<=", most))) if least else Length("<=", most)
