"""Sets of value lists as conditions of the model: what is asked of a header, a cookie or a query parameter."""

from __future__ import annotations

from collections.abc import Iterator

from edgelint.model.expression import And, AnyValue, Count, Expression, Field, Not, Or, Present, ValueAt
from edgelint.space.language import ANYTHING
from edgelint.space.limits import Unbounded
from edgelint.space.values import ABSENT, PRESENT, Shape, Values
from edgelint.wording.texts import predicate_of


def list_condition(field: Field, values: Values) -> Expression:
    """The condition that is true of the value lists of a set, said of the set or of its complement, whichever is shorter."""
    if values == PRESENT:
        return Present(field)
    if values == ABSENT:
        return Not(Present(field))
    try:
        others = ~values
    except Unbounded:
        return _direct(field, values)
    return Not(_direct(field, others)) if _length(others) < _length(values) else _direct(field, values)


def _length(values: Values) -> int:
    """How many tests it takes to say a set."""
    return values.absent + sum(sum(1 for _ in _tests(Field("header"), shape)) for shape in values.shapes)


def _direct(field: Field, values: Values) -> Expression:
    found: list[Expression] = [Not(Present(field))] if values.absent else []
    for shape in values.shapes:
        tests = tuple(_tests(field, shape))
        found.append(tests[0] if len(tests) == 1 else And(tests))
    return found[0] if len(found) == 1 else Or(tuple(found))


def _tests(field: Field, shape: Shape) -> Iterator[Expression]:
    """The tests that a list of a shape passes; the first of them only a list that is not empty."""
    implied = max((position + 1 for position, _ in shape.at), default=1)
    if not shape.at and not shape.some and shape.least <= 1:
        yield Present(field)
    for position, language in shape.at:
        yield ValueAt(field, position, predicate_of(language))
    for language in shape.some:
        yield AnyValue(field, predicate_of(language))
    if shape.least > implied:
        yield Count(field, ">=", shape.least)
    if shape.every is not ANYTHING:
        yield Not(AnyValue(field, predicate_of(~shape.every)))
    if shape.most is not None:
        yield Count(field, "<=", shape.most)
