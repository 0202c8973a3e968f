"""What rivals can express: conditions on host, path, method and address, in terms that need nothing of ours.

A condition is `{"all": [...]}`, `{"any": [...]}`, `{"not": ...}`, `{"axis": "host" or "path", "text": a regular expression for the
whole value}` or `{"axis": "method" or "address", "ranges": [[first, last], ...]}`. Texts are made of letters, digits and `._/-`, as
NCA has it; methods are numbers, the last of which stands for all that have no other.
"""

from __future__ import annotations

import string
from collections.abc import Iterable
from typing import Any, NamedTuple

from generate import METHODS

from edgelint.model.expression import (
    And,
    Contains,
    EndsWith,
    Equals,
    Expression,
    Field,
    HostPattern,
    InNetwork,
    Matches,
    Not,
    Or,
    PathPrefix,
    Predicate,
    Some,
    StartsWith,
    Test,
)
from edgelint.space import addresses, regex
from edgelint.space.syntax import Alternation, Assertion, Concatenation, Regex, Repetition, Symbol, Where, bottom_up

Condition = dict[str, Any]

LETTERS = string.ascii_letters + string.digits + "_./-"
ANY = "[.\\w/\\-]*"


class Inexpressible(Exception):
    """Something that not every contender can be asked about."""


class Anchored(NamedTuple):
    """A pattern without its anchors: what it says between them, and whether it had one at either end of the text."""

    body: Regex
    start: bool
    end: bool


def anchored(pattern: str) -> Anchored:
    """The parts of a pattern. Raises Inexpressible where it looks at places within the text."""
    tree = regex.parse(pattern)
    parts = tree.parts if isinstance(tree, Concatenation) else (tree,)
    start, end = parts[:1] == (Assertion(Where.TEXT_START),), parts[-1:] == (Assertion(Where.TEXT_END),)
    body = Concatenation(parts[int(start) : len(parts) - int(end)])
    if bottom_up(body, lambda node, below: isinstance(node, Assertion) or any(below)):
        raise Inexpressible(pattern)
    return Anchored(body, start, end)


def condition(expression: Expression) -> Condition:
    """A rule's condition. Raises Inexpressible."""
    match expression:
        case And(operands):
            return {"all": [condition(operand) for operand in operands]}
        case Or(operands):
            return one_test(operands) or {"any": [condition(operand) for operand in operands]}
        case Not(operand):
            return {"not": condition(operand)}
        case Test(field, predicate):
            return tested(field, predicate)
    raise Inexpressible(repr(expression))


def one_test(operands: Iterable[Expression]) -> Condition | None:
    """Alternatives about one field as one test; None when they are something else."""
    tests = [operand for operand in operands if isinstance(operand, Test)]
    if {type(operand) for operand in operands} != {Test} or len({one.field for one in tests}) > 1:
        return None
    return tested(tests[0].field, Some(tuple(one.predicate for one in tests)))


def tested(field: Field, predicate: Predicate) -> Condition:
    """A test of one field."""
    alternatives = predicate.predicates if isinstance(predicate, Some) else (predicate,)
    match field.kind:
        case "host" | "path":
            return {"axis": field.kind, "text": "|".join(f"({text(field.kind, one)})" for one in alternatives)}
        case "method":
            return {"axis": "method", "ranges": [method(one) for one in alternatives]}
        case "address":
            return {"axis": "address", "ranges": [network(one) for one in alternatives]}
    raise Inexpressible(str(field))


def method(predicate: Predicate) -> tuple[int, int]:
    """The number of a method, as a range."""
    if not isinstance(predicate, Equals) or predicate.text not in METHODS:
        raise Inexpressible(repr(predicate))
    number = METHODS.index(predicate.text)
    return number, number


def network(predicate: Predicate) -> tuple[int, int]:
    """The first and the last address of a network."""
    if not isinstance(predicate, InNetwork):
        raise Inexpressible(repr(predicate))
    ((first, end),) = addresses.network(predicate.network).ranges
    return first, end - 1


def text(axis: str, predicate: Predicate) -> str:
    """The regular expression of the values of an axis that satisfy a predicate."""
    match predicate:
        case Equals(given):
            return literal(given)
        case StartsWith(given):
            return literal(given) + ANY
        case EndsWith(given):
            return preceded(axis, literal(given))
        case Contains(given):
            return preceded(axis, literal(given)) + ANY
        case PathPrefix(given) if not given.endswith("/"):
            return f"{literal(given)}(/{ANY})?"
        case HostPattern(given):
            return preceded(axis, literal(given[1:])) if given.startswith("*.") else literal(given)
        case Matches(pattern):
            found = anchored(pattern)
            body = bottom_up(found.body, written)
            return (body if found.start else preceded(axis, body)) + ("" if found.end else ANY)
    raise Inexpressible(repr(predicate))


def preceded(axis: str, body: str) -> str:
    """A regular expression with anything before it; a path begins with a slash all the same."""
    if axis == "path" and body[:1] in ("(", "["):
        raise Inexpressible(body)
    if axis == "path":
        return f"(/{ANY})?{body}" if body.startswith("/") else f"/{ANY}{body}"
    return ANY + body


def written(node: Regex, below: list[str]) -> str:
    """A node of a pattern as a regular expression, from what lies below it."""
    match node:
        case Symbol(characters):
            return letters([letter for letter in LETTERS if letter in characters])
        case Concatenation():
            return "".join(below)
        case Alternation():
            return f"({'|'.join(below)})"
        case Repetition(_, least, most):
            return f"({below[0]}){{{least},{'' if most is None else most}}}"
    raise Inexpressible(repr(node))


def literal(given: str) -> str:
    """A text as a regular expression."""
    return "".join(letters([letter] if letter in LETTERS else []) for letter in given)


def letters(allowed: list[str]) -> str:
    """One of some letters as a regular expression."""
    if not allowed:
        raise Inexpressible("a character that is in no text")
    if len(allowed) == 1:
        return allowed[0].replace(".", "\\.")
    return f"[{''.join(allowed)}]".replace("-", "\\-")
