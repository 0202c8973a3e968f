"""What stands for the parts of an expression that have no model, and what can be told of them without one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from edgelint.languages.cel.symbols import Fields
from edgelint.languages.cel.syntax import (
    AllOf,
    AnyOf,
    Binary,
    Call,
    Has,
    Index,
    Literal,
    Macro,
    Name,
    Node,
    Select,
    Unary,
    walk,
)
from edgelint.languages.cel.unparse import unparse
from edgelint.model.expression import FAILS, Expression, Field, If, Opaque, Predicate
from edgelint.record import record

Relation = Callable[[Field, str], Predicate | bool | None]
"""What a platform's function asks the text of a field, given its constant second argument; None where there is no model."""


@record
class Vocabulary:
    """What a platform's variables and functions mean: fields, maps of fields, and questions to a text."""

    texts: Mapping[str, Field]
    maps: Mapping[str, Fields]
    relations: Mapping[str, Relation]


QUESTIONS = frozenset(("contains", "startsWith", "endsWith", "matches"))
"""The standard functions that ask a text something."""

_COMPARISONS = frozenset(("==", "!=", "<", "<=", ">", ">=", "in"))
_NEVER_FAIL = frozenset(("type", "string", "size", *QUESTIONS))


class Opacity:
    """The named conditions that stand for parts of one expression, each made once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._names: dict[int, str] = {}
        self._risks: dict[int, bool] = {}

    def condition(self, node: Node) -> Expression:
        """The condition for a bool, and another one for its failing where it can fail."""
        atom = Opaque(self._name(node), node.span)
        if not self.may_fail(node):
            return atom
        return If(Opaque(f"fails: {atom.name}", node.span), FAILS, atom, node.span)

    def question(self, node: Node) -> Expression:
        """The condition for a question whose operands are known not to fail; one for both orders of an equation."""
        if isinstance(node, Binary) and node.operator in ("==", "!="):
            return Opaque(" == ".join(sorted((self._name(node.left), self._name(node.right)))), node.span)
        return Opaque(self._name(node), node.span)

    def may_fail(self, node: Node) -> bool:
        """Whether an expression can fail, as far as its operations tell."""
        if id(node) not in self._risks:
            self._risks[id(node)] = any(_may_fail(part, self._vocabulary) for part in walk(node))
        return self._risks[id(node)]

    def _name(self, node: Node) -> str:
        if id(node) not in self._names:
            self._names[id(node)] = unparse(node)
        return self._names[id(node)]


def is_question(node: Node, vocabulary: Vocabulary) -> bool:
    """Whether a node is of type bool whatever its operands are."""
    match node:
        case Unary(operator="!") | AllOf() | AnyOf() | Has() | Macro(kind="all" | "exists" | "exists_one"):
            return True
        case Binary(operator):
            return operator in _COMPARISONS
        case Call(_, function):
            return function in QUESTIONS or function in vocabulary.relations
    return False


def _may_fail(node: Node, vocabulary: Vocabulary) -> bool:
    """Whether an operation can fail although its operands do not."""
    match node:
        case Index() | Select() | Unary(operator="-"):
            return True
        case Binary("+"):
            return not _is_text(node, vocabulary)
        case Binary(operator):
            return operator not in _COMPARISONS
        case Call(_, function):
            return function not in _NEVER_FAIL and function not in vocabulary.relations
    return False


def _is_text(node: Node, vocabulary: Vocabulary) -> bool:
    """Whether a checked expression is sure to be a text."""
    match node:
        case Literal(kind):
            return kind == "string"
        case Name(name):
            return name in vocabulary.texts
        case Binary("+", left, right):
            return _is_text(left, vocabulary) or _is_text(right, vocabulary)
        case Call(None, function):
            return function == "string"
    return False


def free_names(root: Node) -> dict[int, frozenset[str]]:
    """For each node by identity, the names in it that no macro inside it binds."""
    free: dict[int, frozenset[str]] = {}
    for node in reversed(tuple(walk(root))):
        match node:
            case Name(name):
                names = frozenset((name,))
            case Macro(_, collection, variable):
                inside = frozenset().union(
                    *(free[id(part)] for part in (node.predicate, node.transform) if part is not None)
                )
                names = free[id(collection)] | (inside - {variable})
            case _:
                names = frozenset().union(*(free[id(part)] for part in node))
        free[id(node)] = names
    return free
