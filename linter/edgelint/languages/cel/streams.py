"""Macros over the values of a field, once their bodies are match expressions."""

from __future__ import annotations

from edgelint.languages.cel.logic import Logic, NotModelledError, conjunction
from edgelint.languages.cel.symbols import FAILING, Choice, Failing, Stream, Tree, Truth
from edgelint.model.expression import Expression, Spanned


def some(stream: Stream, body: Expression, logic: Logic, span: Spanned) -> Expression:
    """Whether a body is true for some element of a stream."""
    return logic.some(stream.field, stream.index, conjunction((stream.condition, body)), span)


def filtered(stream: Stream, body: Expression, element: Tree, logic: Logic, span: Spanned) -> Tree:
    """The stream of what becomes of the elements for which a body is true; failing if the body fails for any element."""
    if not _never_fails(element, logic):
        raise NotModelledError
    condition = conjunction((stream.condition, logic.true(body)))
    result = Stream(stream.field, stream.index, condition, element)
    if not logic.fails(body):
        return result
    return Choice(some(stream, logic.failing(body), logic, span), FAILING, result, span)


def _never_fails(tree: Tree, logic: Logic) -> bool:
    match tree:
        case Failing():
            return False
        case Truth(expression):
            return not logic.fails(expression)
        case Choice(condition, then, otherwise):
            return not logic.fails(condition) and _never_fails(then, logic) and _never_fails(otherwise, logic)
    return True
