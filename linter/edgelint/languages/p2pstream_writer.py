"""Conditions of the model as p2pstream's CEL: the text that stands for an expression."""

from __future__ import annotations

from collections.abc import Sequence

from edgelint.languages.cel.unparse import quote
from edgelint.model.expression import (
    And,
    AnyValue,
    Constant,
    Contains,
    Count,
    EndsWith,
    Equals,
    Every,
    Expression,
    Fails,
    Field,
    HostPattern,
    If,
    InNetwork,
    Length,
    Matches,
    Never,
    Not,
    Or,
    Ordered,
    PathPrefix,
    Predicate,
    Present,
    Some,
    StartsWith,
    Test,
    ValueAt,
)

_VARIABLES = {"method": "method", "protocol": "protocol", "host": "host", "path": "path", "address": "remote_ip"}
_MAPS = {"header": "headers", "cookie": "cookies", "query": "query"}


def write(expression: Expression) -> str:
    """The text of a condition, in parentheses where other operators might tear it apart.

    ValueError where CEL has no words for it: failures other than those of a look-up, ways in, opaque conditions.
    """
    match expression:
        case Constant(value):
            return "true" if value else "false"
        case Not(operand):
            return f"!{_tight(write(operand))}"
        case And(operands):
            return _joined(" && ", [write(operand) for operand in operands], "true")
        case Or(operands):
            return _joined(" || ", [write(operand) for operand in operands], "false")
        case If(Present(), then, Fails()):
            return _looked_up(then)
        case If(condition, then, otherwise):
            return f"({_tight(write(condition))} ? {_tight(write(then))} : {_tight(write(otherwise))})"
        case _:
            return _atom(expression)


def _joined(operator: str, texts: Sequence[str], nothing: str) -> str:
    if len(texts) < 2:
        return texts[0] if texts else nothing
    return f"({operator.join(texts)})"


def _tight(text: str) -> str:
    """The text so that an operator before or behind it takes all of it."""
    return text if text.startswith("(") and _closes(text) else f"({text})"


def _closes(text: str) -> bool:
    """Whether the first parenthesis of a written text is closed by its last character."""
    depth, quoted, escaped = 0, False, False
    for position, character in enumerate(text):
        if quoted:
            quoted = escaped or character != '"'
            escaped = not escaped and character == "\\"
            continue
        quoted = character == '"'
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth == 0:
            return position == len(text) - 1
    return False


def _atom(atom: Expression) -> str:
    match atom:
        case Test(Field(kind), predicate) if kind in _VARIABLES:
            return _asked(_VARIABLES[kind], predicate)
        case Present(field):
            return _present(field)
        case AnyValue(field) | ValueAt(field):
            return f"({_present(field)} && {_looked_up(atom)})"
        case Count(field, comparison, number) if field.kind != "cookie":
            return f"(({_present(field)} ? size({_map(field)}) : 0) {comparison} {number})"
    raise ValueError(f"{type(atom).__name__} cannot be written")


def _looked_up(atom: Expression) -> str:
    """A test of values that fails where there is none."""
    match atom:
        case AnyValue(field, predicate):
            return f"{_map(field)}.exists(v, {_asked('v', predicate)})"
        case ValueAt(field, 0, predicate) if field.kind == "cookie":
            return _asked(_map(field), predicate)
        case ValueAt(field, index, predicate):
            enough = f"size({_map(field)}) > {index} && " if index else ""
            return f"({enough}{_asked(f'{_map(field)}[{index}]', predicate)})"
    raise ValueError(f"{type(atom).__name__} cannot be looked up")


def _present(field: Field) -> str:
    return f"{quote(field.name)} in {_MAPS[field.kind]}"


def _map(field: Field) -> str:
    return f"{_MAPS[field.kind]}[{quote(field.name)}]"


def _asked(subject: str, predicate: Predicate) -> str:  # noqa: C901 - one case for each predicate
    """A predicate asked of a text."""
    match predicate:
        case Equals(text):
            return f"{subject} == {quote(text)}"
        case StartsWith(text):
            return f"{subject}.startsWith({quote(text)})"
        case EndsWith(text):
            return f"{subject}.endsWith({quote(text)})"
        case Contains(text):
            return f"{subject}.contains({quote(text)})"
        case Matches(pattern):
            return f"{subject}.matches({quote(pattern)})"
        case PathPrefix(text):
            return f"path_prefix({subject}, {quote(text)})"
        case HostPattern(text):
            return f"host_match({subject}, {quote(text)})"
        case InNetwork(network):
            return f"cidr({subject}, {quote(network)})"
        case Length(comparison, number):
            return f"size({subject}) {comparison} {number}"
        case Ordered(comparison, text):
            return f"{subject} {comparison} {quote(text)}"
        case Every(predicates):
            return _joined(" && ", [_asked(subject, part) for part in predicates], "true")
        case Some(predicates):
            return _some(subject, predicates)
        case Never(operand):
            return f"!{_tight(_asked(subject, operand))}"


def _some(subject: str, predicates: Sequence[Predicate]) -> str:
    texts = [part.text for part in predicates if isinstance(part, Equals)]
    if len(texts) == len(predicates) > 1:
        return f"{subject} in [{', '.join(map(quote, texts))}]"
    return _joined(" || ", [_asked(subject, part) for part in predicates], "false")
