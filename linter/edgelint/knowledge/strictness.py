"""The literals of a condition as they may have been meant: anchored, by whole labels and segments, with the apex.

These are the `Instead` of `edgelint.knowledge.variants`; a literal for which another reading would mean nothing has none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from edgelint.facts import Facts, route_subject, subject
from edgelint.finding import Subject
from edgelint.knowledge.variants import Instead, Variant
from edgelint.meaning import address_set, text_language
from edgelint.model.expression import (
    ADDRESS,
    HOST,
    PATH,
    Contains,
    EndsWith,
    Equals,
    Field,
    HostPattern,
    InNetwork,
    Matches,
    PathPrefix,
    Predicate,
    Some,
    StartsWith,
    Test,
)
from edgelint.model.walk import literal_atoms
from edgelint.patterns import across_lines, begins_with, from_start, whole_labels, with_ending_dots, with_label_dots
from edgelint.patterns import whole_numbers as numbers
from edgelint.space.addresses import address
from edgelint.space.limits import Unbounded
from edgelint.space.literals import Kind, simplify
from edgelint.space.regex import InvalidPattern

_Rewriting = Callable[[Field, str], str | None]


def anchored(facts: Facts) -> Instead:
    """A pattern of paths that begins with `/` at the beginning only, a pattern of hosts as their last labels."""
    return _rewritten(facts, _anchored)


def dotted(facts: Facts) -> Instead:
    """A pattern of hosts, or of the endings of paths, with dots that stand for dots."""
    return _rewritten(facts, _dotted)


def lines_joined(field: Field, literal: Predicate) -> Predicate | None:
    """A pattern of paths with dots that stand for a line break, too."""
    found = across_lines(literal.pattern) if field == PATH and isinstance(literal, Matches) else None
    return Matches(found) if found else None


def bounded(facts: Facts) -> Instead:
    """A text of paths that begins or ends inside a segment at the segment's edge only, one of hosts at a label's."""

    def instead(field: Field, literal: Predicate) -> Predicate | None:
        if field == PATH:
            return _at_segments(literal)
        found = _at_labels(literal) if field == HOST else None
        return found if found and _routed(facts, found) else None

    return instead


def opened(field: Field, literal: Predicate) -> Predicate | None:
    """A prefix of paths that ends with `/` without it: the path itself and what lies below."""
    texts = _prefixes(literal) if field == PATH else ()
    if not all(len(text) > 1 and text[-1] == "/" and text[-2] != "/" for text in texts):
        return None
    return _any_of([PathPrefix(text[:-1]) for text in texts])


def with_apex(field: Field, literal: Predicate) -> Predicate | None:
    """A condition on the subdomains of a host with that host, too."""
    apex = _apex(literal) if field == HOST else ""
    return Some((literal, Equals(apex))) if apex else None


def whole_numbers(field: Field, literal: Predicate) -> Predicate | None:
    """A text or pattern of addresses that fits whole numbers only, from the first one where it begins with one."""
    match literal:
        case StartsWith(text) | Contains(text) if field == ADDRESS and text[-1:].isalnum():
            return Some((Equals(text), StartsWith(f"{text}."), StartsWith(f"{text}:")))
        case EndsWith(text) if field == ADDRESS and text[:1].isalnum():
            return Some((Equals(text), EndsWith(f".{text}"), EndsWith(f":{text}")))
        case Matches(pattern) if field == ADDRESS:
            strict = numbers(with_label_dots(pattern) or pattern)
            return Matches(strict) if strict else None
        case _:
            return None


def longer_addresses(literal: Predicate) -> tuple[str, ...]:
    """Addresses that are longer by a digit than the shortest that satisfies a literal, and do not satisfy it."""
    try:
        found = address_set(literal)
    except Unbounded:
        return ()
    shortest = found.member()
    longer = (f"1{shortest}", f"{shortest}0", f"{shortest}1")
    return tuple(text for text in longer if shortest and address(text) and text not in found)


def in_either_family(field: Field, literal: Predicate) -> Predicate | None:
    """A network of one IP version with every address of the other."""
    if field != ADDRESS or not isinstance(literal, InNetwork):
        return None
    return Some((literal, InNetwork("0.0.0.0/0" if ":" in literal.network else "::/0")))


def _named_paths(facts: Facts) -> Mapping[str, Subject]:
    """The paths that routes and rules name, each with the first that does."""
    found = {route.path: route_subject(route) for route in facts.routing.routes if route.path not in ("", "/")}
    for rule in facts.active():
        for atom, literal, _ in literal_atoms(rule.match.expression):
            if atom.field == PATH and isinstance(literal, Equals | PathPrefix | StartsWith):
                found.setdefault(literal.text, subject(rule))
    return dict(sorted(found.items()))


def between(facts: Facts, variant: Variant) -> Iterator[tuple[str, Subject]]:
    """The paths that fit a literal but not what stands for it in a variant, of those that routes and rules name, each with who does."""
    try:
        fitting = text_language(variant.literal) - text_language(variant.instead)
    except Unbounded:
        return
    yield from ((text, who) for text, who in facts.once(_named_paths).items() if text in fitting)


def _at_segments(literal: Predicate) -> Predicate | None:
    match literal:
        case EndsWith(text):
            return EndsWith(f"/{text}") if text[:1].isalnum() else None
        case Contains(text):
            inside = text.startswith("/") and text[-1].isalnum()
            return Some((EndsWith(text), Contains(f"{text}/"))) if inside else None
        case _:
            texts = _prefixes(literal)
            inside = all(text[-1:].isalnum() and text.rpartition("/")[2][0].isalnum() for text in texts)
            return _any_of([PathPrefix(text) for text in texts]) if inside else None


def _at_labels(literal: Predicate) -> Predicate | None:
    match literal:
        case EndsWith(text) if text[:1].isalnum() and "." in text:
            return Some((Equals(text), EndsWith(f".{text}")))
        case _:
            return None


def _apex(literal: Predicate) -> str:
    """The host whose subdomains are asked for; empty when a literal asks for something else."""
    match literal:
        case HostPattern(text) if text.startswith("*."):
            return text[2:]
        case EndsWith(text) if text.startswith("."):
            return text[1:]
        case Matches(pattern):
            endings = _plain(pattern, "suffix")
            return _apex(EndsWith(endings[0])) if len(endings) == 1 else ""
        case _:
            return ""


def _prefixes(literal: Predicate) -> tuple[str, ...]:
    """The texts of which a path must begin with one; none where a literal asks for something else."""
    match literal:
        case StartsWith(text) | PathPrefix(text):
            return (text,)
        case Matches(pattern):
            return _plain(pattern, "prefix")
        case _:
            return ()


def _plain(pattern: str, kind: Kind) -> tuple[str, ...]:
    """The texts of a pattern that is a plain test of one kind."""
    try:
        found = simplify(pattern)
    except (InvalidPattern, Unbounded):
        return ()
    return found[1] if found and found[0] == kind else ()


def _any_of(predicates: Sequence[Predicate]) -> Predicate | None:
    return Some(tuple(predicates)) if len(predicates) > 1 else next(iter(predicates), None)


def _rewritten(facts: Facts, rewriting: _Rewriting) -> Instead:
    def instead(field: Field, literal: Predicate) -> Predicate | None:
        pattern = rewriting(field, literal.pattern) if isinstance(literal, Matches) else None
        found = Matches(pattern) if pattern else None
        return found if found and (field != HOST or _routed(facts, found)) else None

    return instead


def _anchored(field: Field, pattern: str) -> str | None:
    if field == HOST:
        return whole_labels(pattern)
    return from_start(pattern) if field == PATH and begins_with(pattern, "/") else None


def _dotted(field: Field, pattern: str) -> str | None:
    if field == HOST:
        return with_label_dots(pattern)
    return with_ending_dots(pattern) if field == PATH else None


def _routed(facts: Facts, hosts: Predicate) -> bool:
    """Whether some route names a host that is meant; where none does, the condition is meant for parts of hosts."""
    here = facts.matching(Test(HOST, hosts))
    return any(route.host and facts.routing.landing(here, route).yes for route in facts.routing.meeting(here))
