"""Why an expression comes to its value: the parts of its syntax tree that decide, found by evaluating them again.

Of a true `&&` all operands decide, of a false one the first false operand; of `||` the same the other way round; of a failing
one the first operand that fails. `!` and `?:` hand on what decides their operands. Everything else decides by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from edgelint.languages.cel.evaluator import Evaluator, Meter
from edgelint.languages.cel.syntax import (
    AllOf,
    AnyOf,
    Binary,
    Conditional,
    Has,
    Index,
    Literal,
    Macro,
    Name,
    Node,
    Select,
    Unary,
)
from edgelint.languages.cel.unparse import unparse
from edgelint.languages.cel.values import EvaluationError, Value, key_value
from edgelint.model import reason
from edgelint.model.reason import Reason, Seen
from edgelint.record import record

_Scope = Mapping[str, Value]
"""What the names bound by macros stand for."""


@record
class Explainer:
    """What explains the value of expressions for one set of variables. All evaluations share one meter."""

    evaluator: Evaluator
    variables: Mapping[str, Value]
    text: str
    meter: Meter

    def reasons(self, node: Node, scope: _Scope | None = None) -> Iterator[Reason]:
        """The deciding parts of an expression, in reading order. Raises ExhaustedError, and Unbounded as evaluation does."""
        scope = scope or {}
        match node:
            case AllOf(operands) | AnyOf(operands):
                decisive = isinstance(node, AnyOf)
                for operand in self._deciding(operands, decisive, scope):
                    yield from self.reasons(operand, scope)
            case Unary("!", operand):
                yield from self.reasons(operand, scope)
            case Conditional(condition, then, otherwise):
                yield from self.reasons(condition, scope)
                chosen = self._outcome(condition, scope)
                if isinstance(chosen, bool):
                    yield from self.reasons(then if chosen else otherwise, scope)
            case _:
                yield self._alone(node, scope)

    def _outcome(self, node: Node, scope: _Scope) -> Value | EvaluationError:
        try:
            return self.evaluator.evaluate(node, self.variables, self.meter, scope)
        except EvaluationError as error:
            return error

    def _deciding(self, operands: Sequence[Node], decisive: bool, scope: _Scope) -> Sequence[Node]:
        """The first operand with the decisive value, else the first that fails, else all."""
        failing = []
        for operand in operands:
            outcome = self._outcome(operand, scope)
            if outcome is decisive:
                return (operand,)
            if not isinstance(outcome, bool):
                failing.append(operand)
        return failing[:1] or operands

    def _alone(self, node: Node, scope: _Scope) -> Reason:
        """The reason that a part without operands of its own is."""
        outcome = self._outcome(node, scope)
        if isinstance(outcome, bool):
            return Reason(self._spelled(node), node.span, outcome, tuple(self._seen(node, self._element(node, scope))))
        where, inner = self._construct(node, scope)
        error = self._outcome(where, inner)
        text = str(error) if isinstance(error, EvaluationError) else "it is no condition"
        return Reason(self._spelled(where), where.span, None, tuple(self._seen(where, inner)), text)

    def _construct(self, node: Node, scope: _Scope) -> tuple[Node, _Scope]:
        """The innermost part that fails, and what the names around it stand for."""
        inner = self._element(node, scope) if isinstance(node, Macro) else scope
        for part in node:
            own = inner if isinstance(node, Macro) and part is not node.range else scope
            known = not isinstance(node, Macro) or part is node.range or node.variable in inner
            if known and isinstance(self._outcome(part, own), EvaluationError):
                return self._construct(part, own)
        return node, scope

    def _element(self, node: Node, scope: _Scope) -> _Scope:
        """The names a part stands among: of a macro also its variable, where one element decides, which it then is."""
        if not isinstance(node, Macro) or node.predicate is None or node.kind not in ("all", "exists"):
            return scope
        collection = self._outcome(node.range, scope)
        if isinstance(collection, Mapping):
            collection = tuple(map(key_value, collection))
        failing: _Scope | None = None
        for element in collection if isinstance(collection, tuple) else ():
            inner = {**scope, node.variable: element}
            outcome = self._outcome(node.predicate, inner)
            if outcome is (node.kind == "exists"):
                return inner
            if not isinstance(outcome, bool):
                failing = failing or inner
        return failing or scope

    def _spelled(self, node: Node) -> str:
        """A part as its author wrote it."""
        start, end = node.span
        return self.text[start:end] or unparse(node)

    def _seen(self, node: Node, scope: _Scope) -> Iterator[Seen]:
        """The parts of the request that a part looks at, each once, and the elements of macros that are known."""
        found: dict[str, reason.Value] = {}
        for part, value in self._looked_at(node, scope, frozenset()):
            found.setdefault(part, value)
        return (Seen(part, value) for part, value in found.items())

    def _looked_at(self, node: Node, scope: _Scope, unknown: frozenset[str]) -> Iterator[tuple[str, reason.Value]]:
        match node:
            case Name(name):
                if name not in unknown and (name in scope or name.removeprefix(".") in self.variables):
                    yield name, _plain(self._outcome(node, scope))
            case Has(operand, field):
                yield from self._entry(Select(operand, field), scope, unknown)
            case Binary("in", left, Name() as collection) if self._is_map(collection, scope, unknown):
                yield from self._entry(Index(collection, left), scope, unknown)
            case Index(operand) | Select(operand) if self._is_map(operand, scope, unknown):
                yield from self._entry(node, scope, unknown)
            case Macro():
                yield from self._looked_at(node.range, scope, unknown)
                inner = unknown if node.variable in scope else unknown | {node.variable}
                for part in (node.predicate, node.transform):
                    if part is not None:
                        yield from self._looked_at(part, scope, inner)
            case _:
                for part in node:
                    yield from self._looked_at(part, scope, unknown)

    def _is_map(self, node: Node, scope: _Scope, unknown: frozenset[str]) -> bool:
        named = isinstance(node, Name) and node.name not in unknown
        return named and isinstance(self._outcome(node, scope), Mapping)

    def _entry(
        self, node: Index | Select, scope: _Scope, unknown: frozenset[str]
    ) -> Iterator[tuple[str, reason.Value]]:
        """One value of a map of the request; what its key is made of where that is not known."""
        if isinstance(node, Index) and not isinstance(node.index, Literal):
            yield from self._looked_at(node.index, scope, unknown)
        outcome = self._outcome(node, scope)
        yield unparse(node), None if isinstance(outcome, EvaluationError) else _plain(outcome)


def _plain(value: Value | EvaluationError) -> reason.Value:
    """A value of the request as a text or a list of texts; of a map its keys, in order."""
    if isinstance(value, Mapping):
        return tuple(sorted(str(key_value(key)) for key in value))
    if isinstance(value, tuple):
        return tuple(str(one) for one in value)
    return None if isinstance(value, EvaluationError) else str(value)
