"""What a text can be asked, in words: as a thing ("`/a` and below") or as a property ("ending with `.js`")."""

from __future__ import annotations

import os.path
from collections.abc import Iterable, Mapping, Sequence

from edgelint.model.expression import (
    Contains,
    EndsWith,
    Equals,
    Every,
    HostPattern,
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
from edgelint.wording.said import Quoted, Said, joined, said

_THINGS = Equals | PathPrefix | HostPattern
_FEW = 3

_LENGTHS = {
    "==": "of exactly {} characters",
    "!=": "not of {} characters",
    "<": "of less than {} characters",
    "<=": "of at most {} characters",
    ">": "of more than {} characters",
    ">=": "of at least {} characters",
}
_ORDERS = {
    "<": "sorted before",
    "<=": "sorted before or equal to",
    ">": "sorted behind",
    ">=": "sorted behind or equal to",
}


def things(predicate: Predicate, noun: str) -> Said:
    """The texts that satisfy a predicate, as a list of what they are."""
    match predicate:
        case Never(operand):
            return said(f"any {noun} but ", things(operand, noun))
        case Every(()):
            return said(f"any {noun}")
        case Every(predicates):
            return _all_of(predicates, noun)
        case Some(()):
            return said(f"no {noun}")
        case Some(predicates):
            return _one_of(predicates, noun)
        case Equals() | PathPrefix() | HostPattern():
            return _thing(predicate)
        case _:
            return said(f"{noun}s ", being(predicate))


def _thing(predicate: Predicate) -> Said:
    match predicate:
        case PathPrefix(text):
            return said(Quoted(text), " and below")
        case HostPattern(text):
            return said("any subdomain of ", Quoted(text.removeprefix("*.")))
        case Equals(""):
            return said("the empty text")
        case Equals(text):
            return said(Quoted(text))
    raise TypeError(predicate)


def _all_of(predicates: Iterable[Predicate], noun: str) -> Said:
    """What is all of some things: the first list of things among them, less or of these only what the others say."""
    wanted = [one for one in predicates if not isinstance(one, Never)]
    spared = joined([things(one.predicate, noun) for one in predicates if isinstance(one, Never)])
    head = next((one for one in wanted if _is_thing(one)), None)
    rest = joined([being(one, inside=True) for one in wanted if one is not head], "and")
    if head is None:
        return (
            said(f"{noun}s ", rest, " but not " if spared else "", spared) if rest else said(f"any {noun} but ", spared)
        )
    limits = joined([part for part in (rest, said("except ", spared) if spared else ()) if part], "and")
    if not limits:
        return things(head, noun)
    if isinstance(head, Some):
        return said("(", things(head, noun), ") ", limits)
    return said(things(head, noun), " (", limits, ")")


def _is_thing(predicate: Predicate) -> bool:
    if isinstance(predicate, Some):
        return all(map(_is_thing, predicate.predicates))
    return isinstance(predicate, _THINGS)


def _one_of(predicates: tuple[Predicate, ...], noun: str) -> Said:
    plain = [one for one in predicates if not isinstance(one, Every | Some | Never)]
    compound = [one for one in predicates if isinstance(one, Every | Some | Never)]
    things_ = [*_alike(plain)]
    verbs = [said(f"{noun}s ", part) for part in _properties([one for one in plain if not isinstance(one, _THINGS)])]
    return joined([*things_, *verbs, *(said("(", things(one, noun), ")") for one in compound)], rest=_common(plain))


def _alike(predicates: Iterable[Predicate]) -> Iterable[Said]:
    """Things of a list; many paths with what is below them are taken together, and so is a host with its subdomains."""
    below = [one.text for one in predicates if isinstance(one, PathPrefix)]
    domains = [one.text.removeprefix("*.") for one in predicates if isinstance(one, HostPattern)]
    exact = [one.text for one in predicates if isinstance(one, Equals)]
    if len(below) > _FEW:
        yield said("each of ", joined([said(Quoted(text)) for text in below], "and"), " with all below")
    else:
        yield from (_thing(PathPrefix(text)) for text in below)
    for domain in domains:
        if domain in exact:
            yield said(Quoted(domain), " and any subdomain of it")
        else:
            yield _thing(HostPattern(domain))
    yield from (_thing(Equals(text)) for text in exact if text not in domains)


def _common(predicates: Sequence[Predicate]) -> Said:
    """What many hosts have in common: the domain they are all below."""
    hosts = [one.text for one in predicates if isinstance(one, Equals)]
    if len(hosts) < len(predicates) or any(not host or host[0] == "/" for host in hosts):
        return ()
    labels = os.path.commonprefix([host.split(".")[::-1] for host in hosts])
    return said(" below ", Quoted(".".join(labels[::-1]))) if len(labels) > 1 else ()


# Properties


def being(predicate: Predicate, *, inside: bool = False) -> Said:
    """What a text is like that satisfies a predicate; in brackets where it has parts and stands `inside` other words."""
    match predicate:
        case Never(Equals() as operand):
            return said("other than ", _thing(operand))
        case Never(Some(predicates)) if all(isinstance(one, Equals) for one in predicates):
            return said("other than ", joined([_thing(one) for one in predicates]))
        case Never(operand):
            return said("not ", being(operand, inside=True))
        case Every(()):
            return said("anything")
        case Every(predicates):
            return _grouped([being(one, inside=True) for one in predicates], "and", inside=inside)
        case Some(()):
            return said("nothing")
        case Some(predicates):
            plain = [one for one in predicates if not isinstance(one, Every | Some | Never)]
            compound = [one for one in predicates if isinstance(one, Every | Some | Never)]
            parts = [*_properties(plain), *(being(one, inside=True) for one in compound)]
            return _grouped(parts, "or", inside=inside)
        case Length(comparison, number):
            return said(_LENGTHS[comparison].format(number))
        case Ordered(comparison, text):
            return said(f"{_ORDERS[comparison]} ", Quoted(text))
        case _:
            return next(iter(_properties([predicate])))


def _grouped(parts: list[Said], word: str, *, inside: bool) -> Said:
    found = joined(parts, word)
    return said("(", found, ")") if inside and len(parts) > 1 else found


def _text(predicate: Predicate) -> str:
    """The literal of a plain test."""
    match predicate:
        case Matches(pattern):
            return pattern
        case HostPattern(text):
            return text.removeprefix("*.")
        case Equals(text) | PathPrefix(text) | StartsWith(text) | EndsWith(text) | Contains(text):
            return text
    raise TypeError(predicate)


_VERBS: Mapping[type, str] = {
    Equals: "being ",
    PathPrefix: "being or lying below ",
    HostPattern: "being a subdomain of ",
    StartsWith: "beginning with ",
    EndsWith: "ending with ",
    Contains: "containing ",
    Matches: "matching ",
}


def _properties(predicates: Sequence[Predicate]) -> Iterable[Said]:
    """The properties of plain tests, those with the same verb together."""
    for kind, verb in _VERBS.items():
        found = [one for one in predicates if type(one) is kind]
        if found:
            yield said(verb, joined([_thing(one) if one == Equals("") else said(Quoted(_text(one))) for one in found]))
    for one in predicates:
        if isinstance(one, Length | Ordered):
            yield being(one)
        elif isinstance(one, InNetwork):
            yield said(f"spelling an address of {one.network}")
