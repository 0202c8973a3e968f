"""Three-valued logic on match expressions: what can fail, when one is true, and what holds of some value of a field.

Without `If` the logic is a distributive lattice, false < failing < true: `And` is the least operand, `Or` the greatest, `Not`
turns the order round. So De Morgan's rules and distribution hold also where operands fail. Inside a quantifier its element is
written as `ValueAt` with a negative index, one for each quantifier; no such atom leaves this package.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import product
from typing import Generic, TypeVar

from edgelint.model.expression import (
    FAILS,
    FALSE,
    TRUE,
    And,
    AnyValue,
    Constant,
    Count,
    Every,
    Expression,
    Fails,
    Field,
    If,
    Never,
    Not,
    Or,
    Predicate,
    Some,
    Spanned,
    ValueAt,
)
from edgelint.record import record

MAX_TERMS = 64
"""How many alternatives the body of a quantifier may unfold to."""

MAX_WEIGHT = 1_000
"""How many nodes an expression may have where CEL's operators repeat their operands."""

MAX_STEPS = 20_000
"""How many parts of quantifiers' bodies are unfolded, in all, for one expression of the language."""

T = TypeVar("T")


class NotModelledError(Exception):
    """A part of an expression for which the model has no words."""


def conjunction(operands: Iterable[Expression], span: Spanned = None) -> Expression:
    """All of these, without operands that are always true; false if one always is."""
    kept = tuple(operand for operand in operands if operand != TRUE)
    if FALSE in kept or not kept:
        return Constant(not kept, span)
    return kept[0] if len(kept) == 1 else And(kept, span)


def disjunction(operands: Iterable[Expression], span: Spanned = None) -> Expression:
    """Any of these, without operands that are always false; true if one always is."""
    kept = tuple(operand for operand in operands if operand != FALSE)
    if TRUE in kept or not kept:
        return Constant(bool(kept), span)
    return kept[0] if len(kept) == 1 else Or(kept, span)


def negation(operand: Expression, span: Spanned = None) -> Expression:
    """The opposite, without a double `Not`."""
    match operand:
        case Constant(value):
            return Constant(not value, span)
        case Not(inner):
            return inner
    return Not(operand, span)


def parts(expression: Expression) -> tuple[Expression, ...]:
    """The expressions directly below an expression."""
    match expression:
        case And(operands) | Or(operands):
            return operands
        case Not(operand):
            return (operand,)
        case If(condition, then, otherwise):
            return condition, then, otherwise
    return ()


class _Memory(Generic[T]):
    """What was found out about expressions, by identity: comparing them would walk through shared parts again and again."""

    def __init__(self, compute: Callable[[Expression], T]) -> None:
        self._compute = compute
        # The expression is kept too, so that its identity stays its own.
        self._known: dict[int, tuple[Expression, T]] = {}

    def __call__(self, expression: Expression) -> T:
        found = self._known.get(id(expression))
        if found is None:
            found = self._known[id(expression)] = (expression, self._compute(expression))
        return found[1]


@record
class _Term:
    """One alternative of a quantifier's body: conditions that do not depend on the element, and predicates on it."""

    conditions: tuple[Expression, ...]
    predicates: tuple[Predicate, ...]


class Logic:
    """Questions about expressions, with a memory; one instance serves one expression of the language."""

    def __init__(self) -> None:
        self.weight = _Memory(self._weight)
        """How many nodes an expression has, parts that it shares counted each time."""
        self.fails = _Memory(self._fails)
        """Whether an expression can fail."""
        self.true = _Memory(self._true)
        """When an expression is true; never fails."""
        self.false = _Memory(self._false)
        """When an expression is false; never fails."""
        self._elements = _Memory(self._find_elements)
        self._steps = 0

    def light(self, expression: Expression) -> Expression:
        """The expression, if it is not too heavy."""
        if self.weight(expression) > MAX_WEIGHT:
            raise NotModelledError
        return expression

    def _weight(self, expression: Expression) -> int:
        return 1 + sum(map(self.weight, parts(expression)))

    def _fails(self, expression: Expression) -> bool:
        return isinstance(expression, Fails) or any(map(self.fails, parts(expression)))

    def _true(self, expression: Expression) -> Expression:
        if not self.fails(expression):
            return expression
        match expression:
            case And(operands, span):
                return conjunction([self.true(operand) for operand in operands], span)
            case Or(operands, span):
                return disjunction([self.true(operand) for operand in operands], span)
            case Not(operand):
                return self.false(operand)
            case If(condition, then, otherwise, span):
                chosen = conjunction((self.true(condition), self.true(then)))
                return disjunction((chosen, conjunction((self.false(condition), self.true(otherwise)))), span)
        return FALSE

    def _false(self, expression: Expression) -> Expression:
        if not self.fails(expression):
            return negation(expression)
        match expression:
            case And(operands, span):
                return disjunction([self.false(operand) for operand in operands], span)
            case Or(operands, span):
                return conjunction([self.false(operand) for operand in operands], span)
            case Not(operand):
                return self.true(operand)
            case If(condition, then, otherwise, span):
                chosen = conjunction((self.true(condition), self.false(then)))
                return disjunction((chosen, conjunction((self.false(condition), self.false(otherwise)))), span)
        return FALSE

    def failing(self, expression: Expression) -> Expression:
        """When an expression fails; never fails itself."""
        return negation(disjunction((self.true(expression), self.false(expression))))

    def some(self, field: Field, element: int, body: Expression, span: Spanned) -> Expression:
        """Whether the body is true for some value of a field; its element is the `ValueAt` of this index."""
        alternatives = []
        for term in self._terms(body, element, positive=True):
            predicates = term.predicates
            if not predicates:
                present: Expression = Count(field, ">", 0, span)
            else:
                present = AnyValue(field, predicates[0] if len(predicates) == 1 else Every(predicates), span)
            alternatives.append(conjunction((*term.conditions, present), span))
        return self.light(disjunction(alternatives, span))

    def _find_elements(self, expression: Expression) -> frozenset[int]:
        if isinstance(expression, ValueAt):
            return frozenset((expression.index,)) if expression.index < 0 else frozenset()
        return frozenset().union(*map(self._elements, parts(expression)))

    def _terms(self, body: Expression, element: int, *, positive: bool) -> list[_Term]:
        """The alternatives under which the body is true, or false for `positive=False`."""
        self._steps += 1
        if self._steps > MAX_STEPS:
            raise NotModelledError
        self.light(body)
        if element not in self._elements(body):
            condition = body if positive else negation(body)
            return [] if condition == FALSE else [_Term((condition,), ())]
        if self._elements(body) == {element} and (found := _predicate(body)):
            return [_Term((), (found[0] if positive else _never(found[0]),))]
        match body:
            case Not(operand):
                return self._terms(operand, element, positive=not positive)
            case And(operands) | Or(operands):
                return self._join(operands, element, positive=positive, every=isinstance(body, And) == positive)
            case If(condition, then, otherwise):
                return self._branches(condition, then, otherwise, element, positive=positive)
        raise TypeError(body)

    def _join(self, operands: tuple[Expression, ...], element: int, *, positive: bool, every: bool) -> list[_Term]:
        alternatives = [self._terms(operand, element, positive=positive) for operand in operands]
        if not every:
            return [term for terms in alternatives for term in terms]
        count = 1
        for terms in alternatives:
            count *= len(terms)
        if count > MAX_TERMS:
            raise NotModelledError
        return [_merge(terms) for terms in product(*alternatives)]

    def _branches(
        self, condition: Expression, then: Expression, otherwise: Expression, element: int, *, positive: bool
    ) -> list[_Term]:
        chosen = And((self.true(condition), then if positive else negation(then)))
        other = And((self.false(condition), otherwise if positive else negation(otherwise)))
        failing = And((self.failing(condition), FAILS))
        cases = (chosen, other, failing) if self.fails(condition) else (chosen, other)
        return self._join(cases, element, positive=True, every=False)


def _merge(terms: tuple[_Term, ...]) -> _Term:
    return _Term(
        tuple(condition for term in terms for condition in term.conditions),
        tuple(predicate for term in terms for predicate in term.predicates),
    )


def _predicate(body: Expression) -> tuple[Predicate, int] | None:
    """The predicate that a body is which asks nothing but its element, with its size; None for other bodies."""
    match body:
        case ValueAt(_, index, predicate) if index < 0:
            return predicate, 1
        case Constant(value):
            return (Every(()) if value else Some(())), 1
        case Not(operand):
            inside = _predicate(operand)
            return inside and (_never(inside[0]), inside[1] + 1)
        case And(operands):
            return _compound(Every, operands)
        case Or(operands):
            return _compound(Some, operands)
        case If(condition, then, otherwise):
            return _choice(condition, then, otherwise)
    return None


def _compound(kind: type[Every | Some], operands: tuple[Expression, ...]) -> tuple[Predicate, int] | None:
    inside = [found for found in map(_predicate, operands) if found]
    if len(inside) < len(operands):
        return None
    return kind(tuple(predicate for predicate, _ in inside)), _size(size for _, size in inside)


def _choice(condition: Expression, then: Expression, otherwise: Expression) -> tuple[Predicate, int] | None:
    asked, yes, no = map(_predicate, (condition, then, otherwise))
    if not (asked and yes and no):
        return None
    both = (Every((asked[0], yes[0])), Every((_never(asked[0]), no[0])))
    return Some(both), _size((asked[1], asked[1], yes[1], no[1]))


def _size(sizes: Iterable[int]) -> int:
    total = 1 + sum(sizes)
    if total > MAX_WEIGHT:
        raise NotModelledError
    return total


def _never(predicate: Predicate) -> Predicate:
    return predicate.predicate if isinstance(predicate, Never) else Never(predicate)
