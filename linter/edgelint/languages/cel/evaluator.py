"""A plain interpreter of CEL's syntax trees: cel-spec, langdef.md, "Evaluation", in the variant cel-go runs.

An expression comes to a value or to an `EvaluationError`; `&&`, `||`, `all` and `exists` absorb errors on either side. Two
things follow cel-go with its optimiser on: `x in []` is false even where `x` fails, and of equal keys in a map the last wins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from typing import cast

from edgelint.languages.cel import arithmetic
from edgelint.languages.cel.environment import TYPE_NAMES
from edgelint.languages.cel.standard_library import ARITHMETIC, FUNCTIONS, Function
from edgelint.languages.cel.syntax import (
    AllOf,
    AnyOf,
    Binary,
    Call,
    Conditional,
    Has,
    Index,
    ListOf,
    Literal,
    Macro,
    MapOf,
    Name,
    Node,
    Select,
    Unary,
    dotted,
)
from edgelint.languages.cel.type_system import Type
from edgelint.languages.cel.values import (
    EvaluationError,
    Key,
    Uint,
    Value,
    equal,
    key_value,
    map_key,
    no_overload,
)
from edgelint.record import record

Search = Callable[[str, str], bool]
"""Whether a pattern in RE2 syntax is found in a text; a ValueError when it is no pattern."""

MAX_STEPS = 200_000
"""How many nodes one evaluation may visit before it is given up."""

_SIZE_PER_STEP = 16


class ExhaustedError(Exception):
    """An evaluation that takes too long or too much memory; no operator absorbs it."""


class Meter:
    """How many steps are left."""

    def __init__(self, steps: int = MAX_STEPS) -> None:
        self.steps = steps

    def burn(self, steps: int = 1) -> None:
        """Take so many steps, or raise `ExhaustedError`."""
        self.steps -= steps
        if self.steps < 0:
            raise ExhaustedError


@record
class Evaluator:
    """The interpreter, with the regular expressions and the functions beyond the standard library that it is given."""

    search: Search
    functions: Mapping[str, Function]

    def evaluate(
        self,
        node: Node,
        variables: Mapping[str, Value],
        meter: Meter | None = None,
        bound: Mapping[str, Value] | None = None,
    ) -> Value:
        """The value of an expression; `EvaluationError` or `ExhaustedError` when it has none. `bound` are names of macros around it."""
        return _Run(self, variables, meter or Meter()).value(node, bound or {})


_Scope = Mapping[str, Value]
"""What the names bound by macros stand for."""


class _Run:
    """One evaluation: what the variables stand for, and how many steps are left."""

    def __init__(self, evaluator: Evaluator, variables: Mapping[str, Value], meter: Meter) -> None:
        self.evaluator = evaluator
        self.variables = variables
        self.burn = meter.burn

    def value(self, node: Node, scope: _Scope) -> Value:
        self.burn()
        return _EVALUATORS[type(node)](self, node, scope)

    def burn_size(self, values: Iterable[Value]) -> None:
        """Long texts and lists cost steps, as they take time and memory."""
        self.burn(sum(len(value) for value in values if isinstance(value, str | bytes | tuple)) // _SIZE_PER_STEP)

    def truth(self, node: Node, scope: _Scope) -> bool:
        value = self.value(node, scope)
        if not isinstance(value, bool):
            raise no_overload("condition", value)
        return value

    def literal(self, node: Literal, _scope: _Scope) -> Value:
        return Uint(node.value) if node.kind == "uint" and isinstance(node.value, int) else node.value

    def name(self, node: Name, scope: _Scope) -> Value:
        if node.name in scope:
            return scope[node.name]
        name = node.name.removeprefix(".")
        if name in self.variables:
            return self.variables[name]
        return _type_named(name)

    def select(self, node: Select, scope: _Scope) -> Value:
        name = dotted(node) or ""
        if name.removeprefix(".") in TYPE_NAMES and name.partition(".")[0] not in scope:
            return _type_named(name.removeprefix("."))
        operand = self.value(node.operand, scope)
        if not isinstance(operand, Mapping):
            raise no_overload(node.field, operand)
        return _lookup(operand, node.field)

    def has(self, node: Has, scope: _Scope) -> Value:
        operand = self.value(node.operand, scope)
        if not isinstance(operand, Mapping):
            raise no_overload(node.field, operand)
        return node.field in operand

    def index(self, node: Index, scope: _Scope) -> Value:
        operand, index = self.value(node.operand, scope), self.value(node.index, scope)
        if isinstance(operand, Mapping):
            return _lookup(operand, map_key(index))
        if not isinstance(operand, tuple) or isinstance(index, bool) or not isinstance(index, int | float):
            raise no_overload("[]", operand, index)
        if not 0 <= index < len(operand) or int(index) != index:
            raise EvaluationError("index out of range")
        return operand[int(index)]

    def unary(self, node: Unary, scope: _Scope) -> Value:
        if node.operator == "-":
            return arithmetic.negate(self.value(node.operand, scope))
        return not self.truth(node.operand, scope)

    def binary(self, node: Binary, scope: _Scope) -> Value:
        if node.operator == "in" and isinstance(node.right, ListOf) and not node.right.elements:
            return False
        left, right = self.value(node.left, scope), self.value(node.right, scope)
        self.burn_size((left, right))
        match node.operator:
            case "==":
                return equal(left, right, self.burn)
            case "!=":
                return not equal(left, right, self.burn)
            case "in":
                return self.contains(left, right)
        return ARITHMETIC[node.operator](left, right)

    def contains(self, element: Value, collection: Value) -> bool:
        if isinstance(collection, Mapping):
            return isinstance(element, str | int | float) and map_key(element) in collection
        if isinstance(collection, tuple):
            return any(equal(element, other, self.burn) for other in collection)
        raise no_overload("in", element, collection)

    def all_of(self, node: AllOf, scope: _Scope) -> Value:
        return self.absorb(False, ((operand, scope) for operand in node.operands))

    def any_of(self, node: AnyOf, scope: _Scope) -> Value:
        return self.absorb(True, ((operand, scope) for operand in node.operands))

    def absorb(self, decisive: bool, operands: Iterable[tuple[Node, _Scope]]) -> bool:
        """The decisive value if any operand has it, else an error if any fails, else the other value."""
        failure: EvaluationError | None = None
        for node, scope in operands:
            try:
                value = self.value(node, scope)
            except EvaluationError as error:
                failure = error
                continue
            if value is decisive:
                return decisive
            if not isinstance(value, bool):
                failure = no_overload("condition", value)
        if failure:
            raise failure
        return not decisive

    def conditional(self, node: Conditional, scope: _Scope) -> Value:
        return self.value(node.then if self.truth(node.condition, scope) else node.otherwise, scope)

    def call(self, node: Call, scope: _Scope) -> Value:
        called = node.arguments if node.target is None else (node.target, *node.arguments)
        arguments = [self.value(argument, scope) for argument in called]
        self.burn_size(arguments)
        name = node.function.removeprefix(".")
        if name == "matches":
            return _matches(self.evaluator.search, *arguments)
        return (self.evaluator.functions.get(name) or FUNCTIONS[name])(*arguments)

    def list_of(self, node: ListOf, scope: _Scope) -> Value:
        return tuple([self.value(element, scope) for element in node.elements])

    def map_of(self, node: MapOf, scope: _Scope) -> Value:
        return {map_key(self.value(key, scope)): self.value(value, scope) for key, value in node.entries}

    def macro(self, node: Macro, scope: _Scope) -> Value:
        if node.kind in ("all", "exists") and node.predicate is not None:
            predicate = node.predicate
            return self.absorb(node.kind == "exists", ((predicate, inner) for inner in self.inner(node, scope)))
        results: list[Value] = []
        for inner in self.inner(node, scope):
            if node.predicate is None or self.truth(node.predicate, inner):
                result = inner[node.variable] if node.transform is None else self.value(node.transform, inner)
                results.append(result)
        return len(results) == 1 if node.kind == "exists_one" else tuple(results)

    def inner(self, node: Macro, scope: _Scope) -> Iterator[_Scope]:
        """For each element a macro goes over, the scope in which its variable is that element."""
        collection = self.value(node.range, scope)
        if isinstance(collection, Mapping):
            collection = tuple(map(key_value, collection))
        if not isinstance(collection, tuple):
            raise no_overload(node.kind, collection)
        if node.kind in ("all", "exists"):  # one value many times in a row is judged once
            collection = tuple(next(alike) for _, alike in groupby(collection, key=id))
        return ({**scope, node.variable: element} for element in collection)


def _type_named(name: str) -> Type:
    if name not in TYPE_NAMES:
        raise EvaluationError(f"no such variable: {name}")
    return Type(name)


def _lookup(mapping: Mapping[Key, Value], key: Key) -> Value:
    if key not in mapping:
        raise EvaluationError("no such key")
    return mapping[key]


def _matches(search: Search, text: Value, pattern: Value) -> bool:
    if not isinstance(text, str) or not isinstance(pattern, str):
        raise no_overload("matches", text, pattern)
    try:
        return search(pattern, text)
    except ValueError:
        raise EvaluationError("no regular expression") from None


_EVALUATORS = cast(
    "dict[type, Callable[[_Run, Node, _Scope], Value]]",
    {
        Literal: _Run.literal,
        Name: _Run.name,
        Select: _Run.select,
        Has: _Run.has,
        Index: _Run.index,
        Call: _Run.call,
        Unary: _Run.unary,
        Binary: _Run.binary,
        AllOf: _Run.all_of,
        AnyOf: _Run.any_of,
        Conditional: _Run.conditional,
        ListOf: _Run.list_of,
        MapOf: _Run.map_of,
        Macro: _Run.macro,
    },
)
