"""Conditions on requests in words: one field each, then whole sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from edgelint.model.expression import (
    And,
    AnyValue,
    Count,
    Equals,
    Expression,
    Field,
    InNetwork,
    Never,
    Not,
    Opaque,
    Or,
    Predicate,
    Present,
    Some,
    Test,
    ValueAt,
)
from edgelint.space.region import OPAQUE
from edgelint.wording.conditions import Condition
from edgelint.wording.description import Alternative
from edgelint.wording.phrases import being, things
from edgelint.wording.said import Quoted, Said, joined, said

Names = Mapping[str, str]
"""The names of listeners by their ids."""

_NOUNS = {"header": "header ", "cookie": "cookie ", "query": "query parameter "}
_PLACES = ("first", "second", "third")
_HEAD = ("method", "path", "host", "entry")


def sentence(alternative: Alternative, names: Names, *, among: bool = False) -> Said:
    """An alternative in words; `among` requests that were named, only what tells its own from the others."""
    conditions = {one.axis.kind: one for one in alternative.conditions if one.axis.kind in _HEAD}
    head = [phrase(conditions[kind], names) for kind in _HEAD if kind in conditions]
    tail = [phrase(one, names) for one in alternative.conditions if one.axis.kind not in _HEAD]
    if "method" not in conditions and (not among or not alternative.conditions):
        head.insert(0, said("every request"))
    elif "method" in conditions and len(head) == 1 and not among:
        head[0] = said("every ", head[0]) if _plain(conditions["method"]) else head[0]
    bare = not among and not conditions
    found = said(*(said(" ", part) if at else part for at, part in enumerate(head)))
    for at, part in enumerate(tail):
        found = said(found, (" " if bare and not at else ", ") if found else "", part)
    exceptions = [sentence(one, names, among=True) for one in alternative.exceptions]
    return said(found, ", except ", joined(exceptions, "and")) if exceptions else found


def _plain(condition: Condition) -> bool:
    """Whether a condition of the method names those that it wants."""
    expression = condition.expression
    return isinstance(expression, Test) and _tokens(expression.predicate) is not None


def _tokens(predicate: Predicate) -> list[str] | None:
    found = predicate.predicates if isinstance(predicate, Some) else (predicate,)
    texts = [one.text for one in found if isinstance(one, Equals)]
    return texts if len(texts) == len(found) else None


def phrase(condition: Condition, names: Names) -> Said:
    """A condition on one axis as it stands in a sentence."""
    expression = condition.expression
    match condition.axis.kind:
        case "method" | "path" | "host" | "address":
            assert isinstance(expression, Test)  # noqa: S101
            return _TESTS[condition.axis.kind](expression.predicate)
        case "entry":
            return _entry(expression, names)
        case kind if kind == OPAQUE:
            return _opaque(expression)
        case _:
            return _list(expression)


def _method(predicate: Predicate) -> Said:
    sign = not isinstance(predicate, Never)
    tokens = _tokens(predicate if sign else predicate.predicate)  # type: ignore[union-attr]
    if tokens is None:
        return things(predicate, "method")
    words = joined([said(token if token.isascii() and token.isalpha() else Quoted(token)) for token in tokens])
    return words if sign else said("any method but ", words)


def _path(predicate: Predicate) -> Said:
    return said("to ", things(predicate, "path"))


def _host(predicate: Predicate) -> Said:
    return said("without a host") if predicate == Equals("") else said("at ", things(predicate, "host"))


def _address(predicate: Predicate) -> Said:
    if isinstance(predicate, Never):
        return said("from anywhere but ", _networks(predicate.predicate))
    return said("from ", _networks(predicate))


def _networks(predicate: Predicate) -> Said:
    found = predicate.predicates if isinstance(predicate, Some) else (predicate,)
    words = [_WHOLE.get(one.network, one.network) for one in found if isinstance(one, InNetwork)]
    return joined([*map(said, words), *(said(one.text) for one in found if isinstance(one, Equals))])


_WHOLE = {"0.0.0.0/0": "any IPv4 address", "::/0": "any IPv6 address"}

_TESTS: Mapping[str, Callable[[Predicate], Said]] = {
    "method": _method,
    "path": _path,
    "host": _host,
    "address": _address,
}


def _entry(expression: Expression, names: Names) -> Said:
    match expression:
        case Test(Field("protocol"), predicate):
            return said("over ", joined([said(text) for text in _tokens(predicate) or ()]))
        case Test(_, predicate):
            return said("by listener ", joined([_listener(text, names) for text in _tokens(predicate) or ()]))
        case And(operands) | Or(operands):
            parts = [_entry(one, names) for one in operands]
            return joined(parts) if isinstance(expression, Or) else said(*(said(" ", part) for part in parts))[1:]
    raise TypeError(expression)


def _listener(text: str, names: Names) -> Said:
    return said(Quoted(names.get(text, text)) if text else "none of those known")


def _opaque(expression: Expression) -> Said:
    sign, inner = (False, expression.operand) if isinstance(expression, Not) else (True, expression)
    assert isinstance(inner, Opaque)  # noqa: S101
    return said("where ", Quoted(inner.name), " holds" if sign else " does not hold", ", which has no model")


# Headers, cookies, query parameters


def _list(expression: Expression) -> Said:
    match expression:
        case Not(operand):
            return _unlisted(operand)
        case And((first, *rest)):
            return said(_list(first), *(said(", ", _further(one)) for one in rest))
        case Or(operands):
            return joined([_bracketed(one) for one in operands], "or")
        case Present(field):
            return said("with ", _noun(field))
        case AnyValue(field, predicate):
            return said("with ", _noun(field), " ", being(predicate))
        case ValueAt(field, index, predicate):
            return said("with ", _nth(field, index), " ", being(predicate))
        case Count(field, comparison, number):
            return said(f"with {_AMOUNTS[comparison]} {number} ", _noun(field))
    raise TypeError(expression)


def _unlisted(expression: Expression) -> Said:
    """The opposite of a condition."""
    match expression:
        case AnyValue(field, predicate) | ValueAt(Field("cookie") as field, _, predicate):
            return said("without ", _noun(field), " ", being(predicate))
        case Present(field):
            return said("without ", _noun(field))
        case _:
            return said("unless ", _list(expression))


_AMOUNTS = {">=": "at least", "<=": "at most"}


def _further(expression: Expression) -> Said:
    """A further condition on a field that was just named."""
    match expression:
        case Not(AnyValue(_, predicate)):
            return said("none of them ", being(predicate))
        case AnyValue(_, predicate):
            return said("one of them ", being(predicate))
        case ValueAt(_, index, predicate):
            return said(f"the {_place(index)} ", being(predicate))
        case Count(_, comparison, number):
            return said(f"{_AMOUNTS[comparison]} {number} of them")
    raise TypeError(expression)


def _bracketed(expression: Expression) -> Said:
    words = _list(expression)
    return said("(", words, ")") if isinstance(expression, And | Or) else words


def _noun(field: Field) -> Said:
    return said(_NOUNS[field.kind], Quoted(field.name))


def _nth(field: Field, index: int) -> Said:
    """The value at a position; of a cookie there is one only."""
    if field.kind == "cookie":
        return _noun(field)
    return said(f"{_place(index)} ", _noun(field))


def _place(index: int) -> str:
    return _PLACES[index] if index < len(_PLACES) else f"number {index + 1}"
