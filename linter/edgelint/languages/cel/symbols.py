"""What an expression of CEL comes to when the request is not known yet: a decision tree over symbols."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from edgelint.languages.cel.values import Value, key_value
from edgelint.model.expression import (
    Constant,
    Equals,
    Expression,
    Fails,
    Field,
    FieldKind,
    If,
    Predicate,
    Some,
    Spanned,
    Test,
    ValueAt,
)
from edgelint.record import field as attribute
from edgelint.record import record


@record
class Known:
    """A value that is the same for every request."""

    value: Value


@record
class Text:
    """The text of a field, or the value at an index of a field that has several; negative inside a quantifier over them."""

    field: Field
    index: int | None = None

    def asked(self, predicate: Predicate, span: Spanned) -> Expression:
        """The atom that asks this text a predicate."""
        if self.index is None:
            return Test(self.field, predicate, span)
        return ValueAt(self.field, self.index, predicate, span)


@record
class Truth:
    """A bool that depends on the request."""

    expression: Expression


@record
class Values:
    """The list of a field's values."""

    field: Field


@record
class Stream:
    """A list made from a field's values: for those that meet a condition, what becomes of them.

    Both speak of the element as the `Text` of this field and index. The condition never fails.
    """

    field: Field
    index: int
    condition: Expression
    element: Tree


@record
class Items:
    """A list of known length with symbols in it."""

    elements: tuple[Symbol, ...]


@record
class Size:
    """The length of a text, the number of a list's elements, or the number of a map's entries."""

    of: Text | Values | Stream | Fields


@record
class Fields:
    """The map of all fields of a kind by name; its values are lists of texts, or texts where `single`."""

    kind: FieldKind
    single: bool


Symbol = Known | Text | Truth | Values | Stream | Items | Size | Fields
"""What can be told of a value before the request is known."""


@record
class Choice:
    """One tree where a condition is true, another where it is false, failing where it fails."""

    condition: Expression
    then: Tree
    otherwise: Tree
    span: Spanned = attribute(default=None, compare=False)


@record
class Failing:
    """An error for every request."""


Tree = Symbol | Choice | Failing
"""A symbol, or conditions that decide between symbols."""

FAILING = Failing()
"""The error."""


def truth(tree: Tree, span: Spanned) -> Expression:
    """The condition that a tree is; what is no bool fails, as it does where a bool is expected."""
    match tree:
        case Truth(expression):
            return expression
        case Known(bool(value)):
            return Constant(value, span)
        case Choice(condition, then, otherwise, place):
            return If(condition, truth(then, span), truth(otherwise, span), place or span)
    return Fails(span)


def map_leaves(tree: Tree, change: Callable[[Symbol], Tree]) -> Tree:
    """The tree with another tree in place of each of its symbols."""
    match tree:
        case Choice(condition, then, otherwise, span):
            return Choice(condition, map_leaves(then, change), map_leaves(otherwise, change), span)
        case Failing():
            return tree
    return change(tree)


def one_of(text: Text, texts: Iterable[str], span: Spanned) -> Tree:
    """Whether a text is one of these."""
    alternatives = [Equals(each) for each in dict.fromkeys(texts)]
    if not alternatives:
        return Known(value=False)
    return Truth(text.asked(alternatives[0] if len(alternatives) == 1 else Some(tuple(alternatives)), span))


def elements(collection: Symbol) -> Sequence[Symbol] | None:
    """The elements of a list of known length, or the keys of a known map; None for what is neither."""
    match collection:
        case Items(items):
            return items
        case Known(tuple() as values):
            return [Known(value) for value in values]
        case Known(value) if isinstance(value, Mapping):
            return [Known(key_value(key)) for key in value]
    return None


def append(items: Symbol, element: Symbol) -> Tree:
    """The list with one more element."""
    if not isinstance(items, Items):
        raise TypeError(items)
    return Items((*items.elements, element))


def simplify(leaf: Symbol) -> Tree:
    """A list without symbols as a constant."""
    if isinstance(leaf, Items) and all(isinstance(element, Known) for element in leaf.elements):
        return Known(tuple(element.value for element in leaf.elements if isinstance(element, Known)))
    return leaf
