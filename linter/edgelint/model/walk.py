"""Ways through a match expression: its atoms with their sign, its literals, and rewriting."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from edgelint.model.expression import (
    And,
    AnyValue,
    Atom,
    Constant,
    Every,
    Expression,
    Fails,
    If,
    Never,
    Not,
    Or,
    Predicate,
    Some,
    Test,
    ValueAt,
)
from edgelint.record import replace


def atoms(expression: Expression) -> list[tuple[Atom, bool]]:
    """Every atom in reading order, with whether its being true speaks for the whole being true."""
    found: list[tuple[Atom, bool]] = []
    _collect(expression, True, found)
    return found


def _collect(expression: Expression, positive: bool, found: list[tuple[Atom, bool]]) -> None:
    # Into one list, as nested generators would hand every atom on once for each level: whole policies are asked often.
    if isinstance(expression, And | Or):
        for operand in expression.operands:
            _collect(operand, positive, found)
    elif isinstance(expression, Not):
        _collect(expression.operand, not positive, found)
    elif isinstance(expression, If):
        for part in (expression.condition, expression.then, expression.otherwise):
            _collect(part, positive, found)
    elif not isinstance(expression, Constant | Fails):
        found.append((expression, positive))


def literals(predicate: Predicate, positive: bool = True) -> Iterator[tuple[Predicate, bool]]:
    """Every leaf of a predicate, with whether its holding speaks for the whole holding."""
    match predicate:
        case Never(operand):
            yield from literals(operand, not positive)
        case Every(predicates) | Some(predicates):
            for operand in predicates:
                yield from literals(operand, positive)
        case _:
            yield predicate, positive


def literal_atoms(expression: Expression) -> Iterator[tuple[Test | AnyValue | ValueAt, Predicate, bool]]:
    """Every literal of every atom that compares values: the atom, the leaf predicate, and its sign in the whole."""
    for atom, positive in atoms(expression):
        if isinstance(atom, Test | AnyValue | ValueAt):
            for predicate, sign in literals(atom.predicate, positive):
                yield atom, predicate, sign


def rewrite(expression: Expression, change: Callable[[Expression], Expression]) -> Expression:
    """The expression with every node changed, innermost first."""
    match expression:
        case Not(operand):
            return change(replace(expression, operand=rewrite(operand, change)))
        case And(operands) | Or(operands):
            return change(replace(expression, operands=tuple(rewrite(operand, change) for operand in operands)))
        case If(condition, then, otherwise):
            return change(
                replace(
                    expression,
                    condition=rewrite(condition, change),
                    then=rewrite(then, change),
                    otherwise=rewrite(otherwise, change),
                )
            )
        case _:
            return change(expression)
