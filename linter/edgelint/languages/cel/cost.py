"""What it costs to evaluate an expression on given values, in the unit of cel-go's limit (v0.28, its optimiser on).

Every name, key and index costs one; a call costs one, or what the sizes of its arguments come to where it reads texts and
lists through; a round of a macro costs the bookkeeping of the loop it stands for. What is not evaluated costs nothing, and
operands are evaluated as they are written. The prices are those of cel-go's `interpreter/runtimecost.go`; how they add up
was measured.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from itertools import groupby
from math import ceil
from typing import TypeAlias, cast

from edgelint.languages.cel.environment import TYPE_NAMES
from edgelint.languages.cel.evaluator import Evaluator, Meter
from edgelint.languages.cel.folding import is_folded
from edgelint.languages.cel.syntax import (
    AllOf,
    AnyOf,
    Binary,
    Call,
    Conditional,
    Has,
    Index,
    ListOf,
    Macro,
    MapOf,
    Name,
    Node,
    Select,
    Unary,
    dotted,
)
from edgelint.languages.cel.values import EvaluationError, Value, key_value
from edgelint.record import replace

_LIST, _MAP = 10, 30
"""What making a list or map costs."""

_TEXT, _PATTERN = 0.1, 0.25
"""What a character costs that is read, and one of a regular expression."""

_ROUND = {"exists": 4, "all": 3, "exists_one": 0, "filter": 0, "map": 0}
"""What a round of a macro costs besides its predicate."""

_STOP = {"exists": 3, "all": 2}
"""What it costs to see that a further round is not needed."""

_COUNTED, _APPENDED = 2, 2
"""What it costs to count an element that fits, and to append a list of one to a list."""

_RESULT = {"exists_one": 2}
"""What the result of a macro costs where that is not one."""

_STEPS = 10_000_000

_Result: TypeAlias = "Value | EvaluationError"
_Scope = Mapping[str, Value]


class OverLimit(Exception):
    """An evaluation that costs more than it may."""


class Prices:
    """What it costs to evaluate an expression on one set of values after the other."""

    def __init__(self, root: Node, evaluator: Evaluator) -> None:
        self.root = root
        self.evaluator = evaluator
        self._shapes: dict[int, Node] = {}

    def cost(self, variables: Mapping[str, Value], limit: int) -> int:
        """What an evaluation costs; something greater than a limit where it is more than that."""
        run = _Run(variables, self, limit)
        with suppress(OverLimit):
            run.value(self.root, {})
        return run.spent

    def shape(self, node: Node, parts: int) -> Node:
        """A node with names for its parts, which are called by number."""
        found = self._shapes.get(id(node))
        if found is None:
            found = self._shapes[id(node)] = _with_parts(node, [Name(str(number)) for number in range(parts)])
        return found


class _Run:
    """One evaluation, with what it has cost so far. Errors are values here: they end nothing but what rests on them."""

    def __init__(self, variables: Mapping[str, Value], prices: Prices, limit: int) -> None:
        self.variables = variables
        self.evaluator = prices.evaluator
        self.limit = limit
        self.spent = 0
        self._shape = prices.shape
        self._fixed: dict[int, _Result] = {}

    def spend(self, price: int) -> None:
        self.spent += price
        if self.spent > self.limit:
            raise OverLimit

    def value(self, node: Node, scope: _Scope) -> _Result:
        """The value of a node, when its price is paid."""
        if is_folded(node):
            return self.fixed(node)
        return _COSTS[type(node)](self, node, scope)

    def apply(self, node: Node, values: Sequence[_Result]) -> _Result:
        """The value of a node whose parts have these values."""
        for value in values:
            if isinstance(value, EvaluationError):
                return value
        named = {str(position): cast(Value, value) for position, value in enumerate(values)}
        try:
            return self.evaluator.evaluate(self._shape(node, len(values)), named, Meter(_STEPS))
        except EvaluationError as error:
            return error

    def attribute(self, node: Node, scope: _Scope) -> _Result:
        """A name or a way into a value: each step has its price, and so has the whole where it begins with a value."""
        price = 0 if _is_type(node, scope) or isinstance(_base(node), Conditional) else 1
        found = self.steps(node, scope)
        self.spend(price)
        return found

    def steps(self, node: Node, scope: _Scope) -> _Result:
        """The same without a price for the whole."""
        if isinstance(node, Name) or _is_type(node, scope):
            return scope[node.name] if isinstance(node, Name) and node.name in scope else self.fixed(node)
        if not isinstance(node, Select | Index):
            return self.value(node, scope)
        operand = self.steps(node.operand, scope)
        if isinstance(operand, EvaluationError):
            return operand
        if isinstance(node, Select):
            self.spend(1)
            return self.apply(node, (operand,))
        index = self.bare(node.index, scope)
        self.spend(1)
        return self.apply(node, (operand, index))

    def fixed(self, node: Node) -> _Result:
        """The value of what does not depend on the names that macros bind, found once."""
        if id(node) not in self._fixed:
            try:
                self._fixed[id(node)] = self.evaluator.evaluate(node, self.variables, Meter(_STEPS))
            except EvaluationError as error:
                self._fixed[id(node)] = error
        return self._fixed[id(node)]

    def bare(self, node: Node, scope: _Scope) -> _Result:
        """An index or a branch: an attribute there has no price of its own."""
        if isinstance(node, Has):
            return self.present(node, self.bare(node.operand, scope))
        return self.steps(node, scope) if isinstance(node, Name | Select | Index) else self.value(node, scope)

    def has(self, node: Has, scope: _Scope) -> _Result:
        return self.present(node, self.value(node.operand, scope))

    def present(self, node: Has, operand: _Result) -> _Result:
        """Whether a map has a field."""
        self.spend(1)
        return self.apply(node, (operand,))

    def operation(self, node: Unary | Binary | Call, scope: _Scope) -> _Result:
        if isinstance(node, Binary) and node.operator == "in" and self.is_set(node.right):
            return self.member(node, scope)
        values = [self.value(part, scope) for part in node]
        self.spend(_price(node, values))
        return self.apply(node, values)

    def is_set(self, node: Node) -> bool:
        """Whether a node is a list of plain values that are known, which the optimiser makes a set."""
        if not isinstance(node, ListOf) or not is_folded(node):
            return False
        found = self.fixed(node)
        return isinstance(found, tuple) and all(isinstance(one, bool | int | float | str | bytes) for one in found)

    def member(self, node: Binary, scope: _Scope) -> _Result:
        """Whether a value is in such a set."""
        if not tuple(node.right):
            return False
        return self.apply(node, (self.value(node.left, scope), self.fixed(node.right)))

    def absorb(self, node: AllOf | AnyOf, scope: _Scope) -> _Result:
        decisive = isinstance(node, AnyOf)
        failure: EvaluationError | None = None
        for operand in node.operands:
            found = self.value(operand, scope)
            if found is decisive:
                return decisive
            failure = found if isinstance(found, EvaluationError) else failure
        return failure or not decisive

    def conditional(self, node: Conditional, scope: _Scope) -> _Result:
        found = self.value(node.condition, scope)
        if isinstance(found, EvaluationError):
            return found
        return self.bare(node.then if found is True else node.otherwise, scope)

    def collection(self, node: ListOf | MapOf, scope: _Scope) -> _Result:
        values: list[_Result] = []
        for part in node:
            values.append(self.value(part, scope))
            if isinstance(values[-1], EvaluationError):
                break
        self.spend(_LIST if isinstance(node, ListOf) else _MAP)
        return self.apply(node, values)

    def macro(self, node: Macro, scope: _Scope) -> _Result:
        found = self.value(node.range, scope)
        if isinstance(found, EvaluationError):
            return found
        elements = tuple(map(key_value, found)) if isinstance(found, Mapping) else cast("tuple[Value, ...]", found)
        result = self.quantified(node, elements, scope) if node.kind in _STOP else self.collected(node, elements, scope)
        self.spend(_RESULT.get(node.kind, 1))
        return result

    def quantified(self, node: Macro, elements: Sequence[Value], scope: _Scope) -> _Result:
        """`all` and `exists`: the first decisive element ends the loop. One element many times in a row is judged once."""
        assert node.predicate is not None  # noqa: S101
        decisive = node.kind == "exists"
        failure: EvaluationError | None = None
        seen = 0
        for _, alike in groupby(elements, key=id):
            element, *others = alike
            before = self.spent
            self.spend(_ROUND[node.kind])
            found = self.value(node.predicate, {**scope, node.variable: element})
            if found is decisive:
                self.spend(_STOP[node.kind] if seen + 1 < len(elements) else 0)
                return decisive
            self.spend(len(others) * (self.spent - before))
            seen += 1 + len(others)
            failure = found if isinstance(found, EvaluationError) else failure
        return failure or not decisive

    def collected(self, node: Macro, elements: Sequence[Value], outer: _Scope) -> _Result:
        """`exists_one`, `filter` and `map`: every element has its round."""
        fitting: list[Value] = []
        failure: EvaluationError | None = None
        for element in elements:
            scope = {**outer, node.variable: element}
            found = True if node.predicate is None else self.value(node.predicate, scope)
            if found is True:
                found = self.taken(node, scope)
                fitting += [] if isinstance(found, EvaluationError) else [found]
            failure = found if isinstance(found, EvaluationError) else failure
        return failure or (len(fitting) == 1 if node.kind == "exists_one" else tuple(fitting))

    def taken(self, node: Macro, scope: _Scope) -> _Result:
        """What an element that fits becomes."""
        if node.kind == "exists_one":
            self.spend(_COUNTED)
            return True
        transform = node.transform or Name(node.variable)
        self.spend(_APPENDED if is_folded(transform) else _APPENDED + _LIST)
        return self.value(transform, scope)


def _price(node: Unary | Binary | Call, values: Sequence[_Result]) -> int:
    """What an operation on values costs, whether or not it succeeds."""
    match node:
        case Binary(operator="in"):
            return _size(values[1]) if isinstance(values[1], tuple) else 1
        case Binary(operator="==" | "!="):
            return _reading(min(map(_size, values)))
        case Binary(operator="<" | "<=" | ">" | ">=") if any(isinstance(value, str | bytes) for value in values):
            return _reading(min(map(_size, values)))
        case Binary(operator="+") if any(isinstance(value, str | bytes) for value in values):
            return _reading(sum(map(_size, values)))
        case Call():
            return _call_price(node, values)
        case _:
            return 1


def _call_price(node: Call, values: Sequence[_Result]) -> int:
    sizes = [_size(value) for value in values]
    match node.function.removeprefix("."):
        case "startsWith" | "endsWith":
            return _reading(sizes[0])
        case "contains":
            return _reading(sizes[0]) * _reading(sizes[1])
        case "matches" if isinstance(values[0], EvaluationError):
            return 0
        case "matches" if node.target is not None:
            return _reading(1 + sizes[0]) * ceil(sizes[1] * _PATTERN)
        case "string" if isinstance(values[0], bytes):
            return _reading(sizes[0])
        case "bytes" if isinstance(values[0], str):
            return _reading(sizes[0])
        case _:
            return 1


def _reading(size: int) -> int:
    return ceil(size * _TEXT)


def _size(value: _Result) -> int:
    return len(value) if isinstance(value, str | bytes | tuple | Mapping) else 1


def _is_type(node: Node, scope: _Scope) -> bool:
    """Whether a node spells the name of a type, which is a constant."""
    name = dotted(node) or ""
    return name.removeprefix(".") in TYPE_NAMES and name.partition(".")[0] not in scope


def _base(node: Node) -> Node:
    """What an attribute begins with."""
    while isinstance(node, Select | Index):
        node = node.operand
    return node


def _with_parts(node: Node, names: Sequence[Node]) -> Node:
    """A node with other nodes right below it."""
    match node:
        case Binary():
            return replace(node, left=names[0], right=names[1])
        case Unary() | Select() | Has():
            return replace(node, operand=names[0])
        case Index():
            return replace(node, operand=names[0], index=names[1])
        case Call(target=None):
            return replace(node, arguments=tuple(names))
        case Call():
            return replace(node, target=names[0], arguments=tuple(names[1:]))
        case ListOf():
            return replace(node, elements=tuple(names))
        case MapOf():
            return replace(node, entries=tuple(zip(names[::2], names[1::2], strict=True)))
        case _:
            return node


_COSTS = cast(
    "dict[type, Callable[[_Run, Node, _Scope], _Result]]",
    {
        Name: _Run.attribute,
        Select: _Run.attribute,
        Index: _Run.attribute,
        Has: _Run.has,
        Call: _Run.operation,
        Unary: _Run.operation,
        Binary: _Run.operation,
        AllOf: _Run.absorb,
        AnyOf: _Run.absorb,
        Conditional: _Run.conditional,
        ListOf: _Run.collection,
        MapOf: _Run.collection,
        Macro: _Run.macro,
    },
)
