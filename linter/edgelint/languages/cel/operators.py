"""CEL's operators and functions on symbols. None stands for a question that the model cannot ask but that never fails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from edgelint.languages.cel import streams
from edgelint.languages.cel.logic import Logic, NotModelledError, conjunction, disjunction, negation
from edgelint.languages.cel.symbols import (
    FAILING,
    Choice,
    Fields,
    Items,
    Known,
    Size,
    Stream,
    Symbol,
    Text,
    Tree,
    Truth,
    Values,
    elements,
    one_of,
    truth,
)
from edgelint.languages.cel.values import EvaluationError, Value, compare, equal, is_number
from edgelint.model.expression import (
    TRUE,
    And,
    AnyValue,
    Comparison,
    Constant,
    Count,
    Equals,
    Expression,
    Field,
    FieldKind,
    If,
    Length,
    Ordered,
    Present,
    Spanned,
)

Order = Literal["<", "<=", ">", ">="]
_FLIPPED: dict[Order, Order] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


class Operators:
    """The operators, with the logic that keeps what they repeat within bounds."""

    def __init__(self, logic: Logic, step: Callable[[], None]) -> None:
        self.logic = logic
        self.step = step

    def equal(self, one: Symbol, other: Symbol, span: Spanned) -> Tree | None:
        """`one == other`."""
        match one, other:
            case Known(value), Known(also):
                return Known(equal(value, also, self.step))
            case Known(), _:
                return self.equal(other, one, span)
            case Text(), Known(value):
                return Truth(one.asked(Equals(value), span)) if isinstance(value, str) else Known(value=False)
            case Size(), Known(value):
                return self.compare(one, "==", value, span) if is_number(value) else Known(value=False)
            case Truth(expression), Known(bool(value)):
                return Truth(expression if value else negation(expression, span))
            case Truth(expression), Truth(also):
                return Truth(self.logic.light(If(expression, also, negation(also), span)))
        return self._equal_lists(one, other, span)

    def _equal_lists(self, one: Symbol, other: Symbol, span: Spanned) -> Tree | None:
        match one, other:
            case Stream(), Known(()):
                return self._count(one, "==", 0, span)
            case Values(field), Known(tuple() as values):
                return self._equal_values(field, [Known(value) for value in values], span)
            case (Values(field), Items(items)) | (Items(items), Values(field)):
                return self._equal_values(field, items, span)
            case Items(items), Known(tuple() as values):
                return self._equal_items(items, [Known(value) for value in values], span)
            case Items(items), Items(others):
                return self._equal_items(items, others, span)
        return self._equal_others(one, other)

    def _equal_others(self, one: Symbol, other: Symbol) -> Tree | None:
        if isinstance(one, Truth | Stream) or isinstance(other, Truth | Stream):
            raise NotModelledError
        if isinstance(one, Text | Values | Fields) and one == other:
            return Known(value=True)
        return None if type(one) is type(other) else Known(value=False)

    def _equal_values(self, field: Field, items: Sequence[Symbol], span: Spanned) -> Tree | None:
        texts = [Text(field, index) for index in range(len(items))]
        elements = self._equal_items(texts, items, span)
        if not isinstance(elements, Truth):
            return Truth(Count(field, "==", 0, span)) if not items else elements
        asked = elements.expression
        operands = asked.operands if isinstance(asked, And) else (asked,)
        return Truth(And((Count(field, "==", len(items), span), *operands), span))

    def _equal_items(self, items: Sequence[Symbol], others: Sequence[Symbol], span: Spanned) -> Tree | None:
        if len(items) != len(others):
            return Known(value=False)
        results = [self.equal(one, other, span) for one, other in zip(items, others, strict=True)]
        return (
            None
            if None in results
            else _as_tree(conjunction((truth(result, span) for result in results if result), span))
        )

    def compare(self, one: Size, comparison: Comparison, value: Value, span: Spanned) -> Tree | None:
        """A size beside a number."""
        if not is_number(value):
            return FAILING
        if not isinstance(value, int):
            raise NotModelledError
        number = int(value)
        if number < 0:
            return Known(comparison in ("!=", ">", ">="))
        match one.of:
            case Text() as text:
                return Truth(text.asked(Length(comparison, number), span))
            case Values(field):
                return Truth(Count(field, comparison, number, span))
            case Stream() as stream:
                return self._count(stream, comparison, number, span)
        return None

    def _count(self, stream: Stream, comparison: Comparison, number: int, span: Spanned) -> Tree | None:
        if stream.condition == TRUE:
            return Truth(Count(stream.field, comparison, number, span))
        some = streams.some(stream, TRUE, self.logic, span)
        if (comparison, number) in ((">", 0), ("!=", 0), (">=", 1)):
            return Truth(some)
        if (comparison, number) in (("==", 0), ("<=", 0), ("<", 1)):
            return Truth(negation(some, span))
        return None

    def order(self, one: Symbol, comparison: Order, other: Symbol, span: Spanned) -> Tree | None:
        """`one < other` and its like."""
        match one, other:
            case Known(value), Known(also):
                return _order_values(value, comparison, also)
            case Known(), _:
                return self.order(other, _FLIPPED[comparison], one, span)
            case Size(), Known(value):
                return self.compare(one, comparison, value, span)
            case Text(), Known(str(value)):
                return Truth(one.asked(Ordered(comparison, value), span))
            case (Text(), Text()) | (Size(), Size()):
                return None
            case (Truth(), _) | (_, Truth()):
                raise NotModelledError
        return FAILING

    def contain(self, element: Symbol, collection: Symbol, span: Spanned) -> Tree | None:
        """`element in collection`."""
        match collection:
            case Known() | Items() if (members := elements(collection)) is not None:
                return self._any_equal(element, members, span)
            case Values(field):
                return _in_values(element, field, span)
            case Fields(kind):
                return _in_fields(element, kind, span)
            case Stream(element=Text() as each):
                return self._some_equal(collection, each, element, span)
            case Stream() | Truth():
                raise NotModelledError
        return FAILING

    def _some_equal(self, stream: Stream, each: Text, element: Symbol, span: Spanned) -> Tree | None:
        found = self.equal(each, element, span)
        if not isinstance(found, Truth):
            return found
        return Truth(streams.some(stream, found.expression, self.logic, span))

    def _any_equal(self, element: Symbol, members: Sequence[Symbol], span: Spanned) -> Tree | None:
        rest = list(members)
        results: list[Tree | None] = []
        if isinstance(element, Text):
            texts = [member.value for member in members if isinstance(member, Known) and isinstance(member.value, str)]
            results.append(one_of(element, texts, span))
            rest = [member for member in members if not isinstance(member, Known)]
        results += [self.equal(element, member, span) for member in rest]
        return (
            None
            if None in results
            else _as_tree(disjunction((truth(result, span) for result in results if result), span))
        )

    def look_up(self, collection: Symbol, key: Symbol, span: Spanned) -> Tree:
        """`collection[key]`."""
        match collection, key:
            case Fields(kind, single), Known(str(name)):
                field = Field(kind, name)
                found: Symbol = Text(field, 0) if single else Values(field)
                return Choice(Present(field, span), found, FAILING, span)
            case Values(field), Known(value):
                return _value_at(field, value, span)
            case Items(items), Known(value):
                return items[value] if type(value) is int and 0 <= value < len(items) else FAILING
        raise NotModelledError


def _order_values(one: Value, comparison: Order, other: Value) -> Tree:
    try:
        order = compare(one, other)
    except EvaluationError:
        return FAILING
    return Known({"<": order < 0, "<=": order <= 0, ">": order > 0}.get(comparison, order >= 0))


def _in_values(element: Symbol, field: Field, span: Spanned) -> Tree | None:
    match element:
        case Known(str(value)):
            return Truth(AnyValue(field, Equals(value), span))
        case Text():
            return None
        case Truth():
            raise NotModelledError
    return Known(value=False)


def _in_fields(element: Symbol, kind: FieldKind, span: Spanned) -> Tree | None:
    match element:
        case Known(str(name)):
            return Truth(Present(Field(kind, name), span))
        case Text():
            return None
        case Truth():
            raise NotModelledError
    return Known(value=False)


def _value_at(field: Field, index: Value, span: Spanned) -> Tree:
    """One of the values of a field that is present."""
    if isinstance(index, bool) or not is_number(index) or not isinstance(index, int) or index < 0:
        return FAILING
    if index == 0:
        return Text(field, 0)
    return Choice(Count(field, ">", int(index), span), Text(field, int(index)), FAILING, span)


def _as_tree(condition: Expression) -> Tree:
    return Known(condition.value) if isinstance(condition, Constant) else Truth(condition)
