"""From CEL's syntax tree to a match expression, exactly, with failures written out.

Every part without variables of the request is computed. Modelled are the texts of the request (also through conditionals,
`dyn` and `string`) with `==`, `!=`, `in`, `<` and its like, `contains`, `startsWith`, `endsWith`, `matches`, `size` and the
platform's own functions, against constants on either side; lookups in maps of fields by constant names, with `in`, `has` and
`size` of what they give, its elements by constant positions, and equality with lists; `all`, `exists`, `filter` and `map`
over values of a field or over lists written out, also inside one another, whatever else their bodies ask.

A named opaque condition that does not fail is a comparison of two texts of the request or of two sizes, `exists_one`, macros
over the map of all headers and its size, and the number of filtered values except whether it is zero. Opaque, with another
opaque condition for its failing where it can fail, is the smallest bool around anything else: arithmetic, joined texts,
conversions, maps written out, map keys that are not constant, `filter` over a list written out, `<` between bools, and what
would unfold beyond the limits of `logic`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import cast

from edgelint.languages.cel import calls, streams
from edgelint.languages.cel.conversions import CONVERSIONS
from edgelint.languages.cel.evaluator import Evaluator, ExhaustedError, Meter
from edgelint.languages.cel.logic import Logic, NotModelledError, conjunction, disjunction, negation
from edgelint.languages.cel.opacity import QUESTIONS, Opacity, Vocabulary, free_names, is_question
from edgelint.languages.cel.operators import Operators
from edgelint.languages.cel.symbols import (
    FAILING,
    Choice,
    Failing,
    Fields,
    Items,
    Known,
    Stream,
    Symbol,
    Text,
    Tree,
    Truth,
    Values,
    append,
    elements,
    map_leaves,
    simplify,
    truth,
)
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
    Name,
    Node,
    Select,
    Unary,
)
from edgelint.languages.cel.values import EvaluationError
from edgelint.model.expression import FALSE, TRUE, And, Expression, Field, Or, Present
from edgelint.space.limits import Unbounded


def lower(node: Node, vocabulary: Vocabulary, evaluator: Evaluator) -> Expression:
    """The match expression of a checked expression of type bool."""
    return _Lowering(node, vocabulary, evaluator).condition(node, {})


_Scope = Mapping[str, Tree]
_Leaf = Callable[[Symbol, Symbol], Tree | None]
_MAX_STEPS, _MAX_NESTING = 50_000, 12


class _Lowering:
    def __init__(self, root: Node, vocabulary: Vocabulary, evaluator: Evaluator) -> None:
        self.vocabulary = vocabulary
        self.evaluator = evaluator
        self.meter = Meter(_MAX_STEPS)
        self.logic = Logic()
        self.opacity = Opacity(vocabulary)
        self.operators = Operators(self.logic, self.meter.burn)
        self.free = free_names(root)
        self.quantifiers = self.nesting = 0

    def tree(self, node: Node, scope: _Scope) -> Tree:
        try:
            self.meter.burn()
            if self.constant(node, scope):
                return self.compute(node, scope)
            if type(node) in _LOWERERS:
                return _LOWERERS[type(node)](self, node, scope)
        except (NotModelledError, ExhaustedError, Unbounded):
            pass
        if not is_question(node, self.vocabulary) or self.bound(node, scope):
            raise NotModelledError
        return Truth(self.opacity.condition(node))

    def condition(self, node: Node, scope: _Scope) -> Expression:
        """The condition that an operand of type bool is."""
        try:
            return truth(self.tree(node, scope), node.span)
        except NotModelledError:
            if self.bound(node, scope):
                raise
        return self.opacity.condition(node)

    def constant(self, node: Node, scope: _Scope) -> bool:
        return all(
            isinstance(scope[name], Known) if name in scope else not self.is_variable(name)
            for name in self.free[id(node)]
        )

    def is_variable(self, name: str) -> bool:
        name = name.removeprefix(".")
        return name in self.vocabulary.texts or name in self.vocabulary.maps

    def compute(self, node: Node, scope: _Scope) -> Tree:
        known = {name: tree.value for name, tree in scope.items() if isinstance(tree, Known)}
        try:
            return Known(self.evaluator.evaluate(node, known, self.meter))
        except EvaluationError:
            return FAILING

    def bound(self, node: Node, scope: _Scope) -> bool:
        """Whether a node depends on the element of a macro around it."""
        return any(name in scope for name in self.free[id(node)])

    def name(self, node: Name, scope: _Scope) -> Tree:
        if node.name in scope:
            return scope[node.name]
        name = node.name.removeprefix(".")
        found = self.vocabulary.texts.get(name)
        return self.vocabulary.maps[name] if found is None else Text(found)

    def select(self, node: Select, scope: _Scope) -> Tree:
        key = Known(node.field)
        return map_leaves(self.tree(node.operand, scope), lambda leaf: self.operators.look_up(leaf, key, node.span))

    def has(self, node: Has, scope: _Scope) -> Tree:
        return map_leaves(self.tree(node.operand, scope), lambda leaf: self.present(leaf, node))

    def present(self, leaf: Symbol, node: Has) -> Tree:
        match leaf:
            case Fields(kind):
                return Truth(Present(Field(kind, node.field), node.span))
            case Known(value) if isinstance(value, Mapping):
                return Known(node.field in value)
        return FAILING

    def index(self, node: Index, scope: _Scope) -> Tree:
        operand, index = self.tree(node.operand, scope), self.tree(node.index, scope)
        look_up = self.operators.look_up
        return self.combine(operand, index, lambda one, key: look_up(one, key, node.span), self.unasked(node, scope))

    def unary(self, node: Unary, scope: _Scope) -> Tree:
        if node.operator == "-":
            raise NotModelledError
        return Truth(negation(self.condition(node.operand, scope), node.span))

    def all_of(self, node: AllOf, scope: _Scope) -> Tree:
        operands: list[Expression] = []
        for operand in node.operands:
            condition = self.condition(operand, scope)
            operands.extend(condition.operands if isinstance(condition, And) else (condition,))
        return Truth(And(tuple(operands), node.span))

    def any_of(self, node: AnyOf, scope: _Scope) -> Tree:
        operands: list[Expression] = []
        for operand in node.operands:
            condition = self.condition(operand, scope)
            operands.extend(condition.operands if isinstance(condition, Or) else (condition,))
        return Truth(Or(tuple(operands), node.span))

    def conditional(self, node: Conditional, scope: _Scope) -> Tree:
        condition = self.condition(node.condition, scope)
        return Choice(condition, self.tree(node.then, scope), self.tree(node.otherwise, scope), node.span)

    def binary(self, node: Binary, scope: _Scope) -> Tree:
        if node.operator == "in" and isinstance(node.right, ListOf) and not node.right.elements:
            return Known(value=False)  # cel-go does not look at the left side then
        left, right, span = self.tree(node.left, scope), self.tree(node.right, scope), node.span
        operators, unasked = self.operators, self.unasked(node, scope)
        match node.operator:
            case "==" | "!=" as operator:
                equal = self.combine(left, right, lambda one, other: operators.equal(one, other, span), unasked)
                return equal if operator == "==" else Truth(negation(truth(equal, span), span))
            case "in":
                return self.combine(left, right, lambda one, other: operators.contain(one, other, span), unasked)
            case "<" | "<=" | ">" | ">=" as order:
                return self.combine(left, right, lambda one, other: operators.order(one, order, other, span), unasked)
        raise NotModelledError

    def unasked(self, node: Node, scope: _Scope) -> Callable[[], Tree]:
        """What stands for a question that cannot fail and has no model."""

        def opaque() -> Tree:
            if self.bound(node, scope):
                raise NotModelledError
            return Truth(self.opacity.question(node))

        return opaque

    def combine(self, left: Tree, right: Tree, leaf: _Leaf, unasked: Callable[[], Tree]) -> Tree:
        """The tree of an operation on every pair of symbols of two trees."""
        self.meter.burn()
        match left, right:
            case (Failing(), _) | (_, Failing()):
                return FAILING
            case Choice(condition, then, otherwise, span), _:
                chosen = self.combine(then, right, leaf, unasked)
                return Choice(condition, chosen, self.combine(otherwise, right, leaf, unasked), span)
            case _, Choice(condition, then, otherwise, span):
                chosen = self.combine(left, then, leaf, unasked)
                return Choice(condition, chosen, self.combine(left, otherwise, leaf, unasked), span)
        result = leaf(cast("Symbol", left), cast("Symbol", right))
        return unasked() if result is None else result

    def call(self, node: Call, scope: _Scope) -> Tree:
        called = node.arguments if node.target is None else (node.target, *node.arguments)
        first, *rest = [self.tree(argument, scope) for argument in called]
        name = node.function.removeprefix(".")
        if name in QUESTIONS or name in self.vocabulary.relations:
            return self.combine(first, rest[0], self.question(name, node), self.unasked(node, scope))
        if name == "size":
            return map_leaves(first, calls.size)
        if name in CONVERSIONS:
            return map_leaves(first, lambda leaf: calls.convert(name, leaf))
        raise NotModelledError

    def question(self, name: str, node: Call) -> _Leaf:
        """What a function that asks a text something comes to for two symbols."""
        if name in QUESTIONS:
            return lambda text, part: calls.ask(name, text, part, node.span, self.evaluator.search)
        relation, function = self.vocabulary.relations[name], self.evaluator.functions[name]
        return lambda text, part: calls.relate(relation, function, text, part, node.span)

    def list_of(self, node: ListOf, scope: _Scope) -> Tree:
        return self.items(node, scope, [self.tree(element, scope) for element in node.elements])

    def items(self, node: Node, scope: _Scope, members: Sequence[Tree]) -> Tree:
        """The list of these elements; a choice in one of them becomes a choice between lists."""
        result: Tree = Items(())
        for element in members:
            result = self.combine(result, element, append, self.unasked(node, scope))
        return map_leaves(result, simplify)

    def macro(self, node: Macro, scope: _Scope) -> Tree:
        return map_leaves(self.tree(node.range, scope), lambda leaf: self.go_over(node, leaf, scope))

    def go_over(self, node: Macro, collection: Symbol, scope: _Scope) -> Tree:
        if self.nesting >= _MAX_NESTING:
            raise NotModelledError
        self.nesting += 1
        try:
            return self.go_inside(node, collection, scope)
        except NotModelledError:
            if not is_question(node, self.vocabulary) or self.bound(node, scope):
                raise
            if node.predicate is None or self.opacity.may_fail(node.predicate):
                raise
        finally:
            self.nesting -= 1
        # Its list is there, so that the question itself cannot fail.
        return self.unasked(node, scope)()

    def go_inside(self, node: Macro, collection: Symbol, scope: _Scope) -> Tree:
        match collection:
            case Values(field):
                self.quantifiers += 1
                return self.stream(node, Stream(field, -self.quantifiers, TRUE, Text(field, -self.quantifiers)), scope)
            case Stream():
                return self.stream(node, collection, scope)
            case Fields():
                raise NotModelledError
        members = elements(collection)
        return FAILING if members is None else self.unrolled(node, members, scope)

    def stream(self, node: Macro, stream: Stream, scope: _Scope) -> Tree:
        """A macro over values of a field."""
        inner = {**scope, node.variable: stream.element}
        body = TRUE if node.predicate is None else self.condition(node.predicate, inner)
        match node.kind:
            case "exists":
                return Truth(streams.some(stream, body, self.logic, node.span))
            case "all":
                return Truth(negation(streams.some(stream, negation(body), self.logic, node.span), node.span))
            case "exists_one":
                raise NotModelledError
        element = stream.element if node.transform is None else self.tree(node.transform, inner)
        return streams.filtered(stream, body, element, self.logic, node.span)

    def unrolled(self, node: Macro, members: Sequence[Symbol], scope: _Scope) -> Tree:
        """A macro over a list of known length."""
        scopes = [{**scope, node.variable: element} for element in members]
        bodies = [TRUE if node.predicate is None else self.condition(node.predicate, inner) for inner in scopes]
        match node.kind:
            case "exists":
                return Truth(self.logic.light(disjunction(bodies, node.span)))
            case "all":
                return Truth(self.logic.light(conjunction(bodies, node.span)))
            case "exists_one":
                raise NotModelledError
        if any(body not in (TRUE, FALSE) for body in bodies):
            raise NotModelledError
        kept = [inner for inner, body in zip(scopes, bodies, strict=True) if body == TRUE]
        if node.transform is None:
            return self.items(node, scope, [inner[node.variable] for inner in kept])
        return self.items(node, scope, [self.tree(node.transform, inner) for inner in kept])


_LOWERERS = cast(
    "dict[type, Callable[[_Lowering, Node, _Scope], Tree]]",
    {
        Name: _Lowering.name,
        Select: _Lowering.select,
        Has: _Lowering.has,
        Index: _Lowering.index,
        Call: _Lowering.call,
        Unary: _Lowering.unary,
        Binary: _Lowering.binary,
        AllOf: _Lowering.all_of,
        AnyOf: _Lowering.any_of,
        Conditional: _Lowering.conditional,
        ListOf: _Lowering.list_of,
        Macro: _Lowering.macro,
    },
)
