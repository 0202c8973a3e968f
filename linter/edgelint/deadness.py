"""Literals and headers in a condition that lie outside what a request can be, so that their test has one answer always."""

from __future__ import annotations

from collections.abc import Iterator

from edgelint.meaning import Meaning
from edgelint.model.expression import (
    Atom,
    Constant,
    Contains,
    EndsWith,
    Equals,
    Expression,
    Field,
    HostPattern,
    Matches,
    Opaque,
    PathPrefix,
    Predicate,
    StartsWith,
    Test,
)
from edgelint.model.walk import atoms, literal_atoms, rewrite
from edgelint.model.words import say
from edgelint.record import record
from edgelint.space.limits import Unbounded
from edgelint.space.questions import member

_Text = Equals | StartsWith | EndsWith | Contains | PathPrefix | HostPattern


@record
class Dead:
    """A test that is false of every request. `predicate` is the literal, None where the header itself is never seen.

    `positive` says whether the whole condition wants it true.
    """

    atom: Atom
    predicate: Predicate | None
    positive: bool


def dead_literals(meaning: Meaning, expression: Expression) -> Iterator[Dead]:
    """The literals no value of their field can satisfy, each with its atom."""
    for atom, predicate, positive in literal_atoms(expression):
        if isinstance(atom, Test) and _empty(meaning, Test(atom.field, predicate)):
            yield Dead(atom, predicate, positive)


def unseen_headers(meaning: Meaning, expression: Expression) -> Iterator[Dead]:
    """The tests of headers that no rule can see."""
    for atom, positive in atoms(expression):
        if not isinstance(atom, Test | Opaque) and meaning.never_present(atom.field):
            yield Dead(atom, None, positive)


def without_dead_atoms(meaning: Meaning, expression: Expression) -> Expression:
    """The condition with every atom that is always false replaced by one that might be true."""

    def revive(node: Expression) -> Expression:
        if isinstance(node, Constant | Opaque) or not _is_atom(node) or not _empty(meaning, node):
            return node
        return Opaque(f"a request for which {say(node)}")

    return rewrite(expression, revive)


def _is_atom(node: Expression) -> bool:
    return next((atom for atom, _ in atoms(node)), None) is node


def _empty(meaning: Meaning, expression: Expression) -> bool:
    try:
        return member(meaning.true(expression)).no
    except Unbounded:
        return False


def explain(meaning: Meaning, field: Field, predicate: Predicate) -> tuple[str, str]:
    """Why no value of a field satisfies a literal, and a literal nearby that some value does satisfy, or an empty text."""
    if isinstance(predicate, Matches):
        return f"no {field} matches this pattern", ""
    if not isinstance(predicate, _Text):
        return f"no {field} can satisfy it", ""
    for reason, repaired in _REPAIRS[field.kind](predicate.text) if field.kind in _REPAIRS else ():
        if repaired != predicate.text and not _empty(meaning, Test(field, type(predicate)(repaired))):
            return reason, repaired
    return _LAST_RESORT.get(field.kind, f"no {field} can be that"), ""


def _host_repairs(text: str) -> Iterator[tuple[str, str]]:
    lowered = text.lower()
    yield "hosts reach a rule in lower case", lowered
    bare = lowered.split("://", 1)[-1].split("/", 1)[0]
    yield "a host has no scheme and no path", bare
    named = bare.rsplit(":", 1)[0] if bare.count(":") == 1 else bare
    yield "hosts reach a rule without a port", named
    yield "hosts reach a rule without a trailing dot", named.rstrip(".")
    yield (
        "a wildcard stands for whole labels at the beginning, as in `*.example.com`",
        "*." + named.split("*")[-1].lstrip("."),
    )


def _path_repairs(text: str) -> Iterator[tuple[str, str]]:
    yield "a path begins with `/`", "/" + text
    squeezed = text
    while "//" in squeezed:
        squeezed = squeezed.replace("//", "/")
    yield "repeated slashes are merged or refused before rules run", squeezed


def _method_repairs(text: str) -> Iterator[tuple[str, str]]:
    yield "methods reach a rule in upper case", text.upper()


def _protocol_repairs(text: str) -> Iterator[tuple[str, str]]:
    yield "the protocol is `http` or `https`, in lower case", text.lower()


def _address_repairs(text: str) -> Iterator[tuple[str, str]]:
    if "/" in text:
        yield "a network is tested with a CIDR function, not compared", text.split("/", 1)[0]
    if text.lower().startswith("::ffff:"):
        yield "IPv4 clients appear under their IPv4 address", text[7:]
    yield "addresses appear in lower-case canonical form", text.lower()


_REPAIRS = {
    "host": _host_repairs,
    "path": _path_repairs,
    "address": _address_repairs,
    "method": _method_repairs,
    "protocol": _protocol_repairs,
}

_LAST_RESORT = {
    "host": "no host looks like that",
    "path": "no path like that reaches a rule: paths arrive decoded, without dot segments and repeated slashes",
    "address": "a client's address in canonical form is never that text",
    "protocol": "the protocol is `http` or `https`",
}
