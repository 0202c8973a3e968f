"""The type check of CEL: cel-spec, langdef.md, "Gradual Type Checking", with cel-go's default settings.

Lists and maps may mix types (they become dyn then); numbers of different types do not compare.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

from edgelint.languages.cel import messages
from edgelint.languages.cel.environment import Environment, write_call
from edgelint.languages.cel.messages import Issue
from edgelint.languages.cel.syntax import (
    MACROS,
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
    Message,
    Name,
    Node,
    Select,
    Span,
    Unary,
    dotted,
)
from edgelint.languages.cel.type_system import (
    BOOL,
    DYN,
    STRING,
    UNKNOWN,
    Bindings,
    Type,
    less_specific,
    list_of,
    map_of,
)

_LITERALS = {kind: Type(kind) for kind in ("null_type", "bool", "int", "uint", "double", "string", "bytes")}


def check(node: Node, environment: Environment) -> tuple[Type, tuple[Issue, ...]]:
    """The type of an expression, and everything that is wrong with it."""
    checker = _Checker(environment)
    kind = checker.check(node)
    return checker.bindings.close(kind), tuple(checker.issues)


class _Checker:
    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.issues: list[Issue] = []
        self.bindings = Bindings()
        self.locals: list[tuple[str, Type]] = []

    def check(self, node: Node) -> Type:
        return _CHECKS[type(node)](self, node)

    def complain(self, message: str, span: Span) -> Type:
        self.issues.append(Issue(message, span))
        return UNKNOWN

    def literal(self, node: Literal) -> Type:
        return _LITERALS[node.kind]

    def name(self, node: Name) -> Type:
        local = self.local(node.name)
        if local is not None:
            return local
        found = self.environment.variables.get(node.name.removeprefix("."))
        if found is not None:
            return found
        known = [name for name, _ in self.locals]
        known += [name for name, kind in self.environment.variables.items() if kind.name != "type"]
        return self.complain(messages.unknown_variable(node.name, known), node.span)

    def local(self, name: str) -> Type | None:
        for known, kind in reversed(self.locals):
            if known == name:
                return kind
        return None

    def select(self, node: Select) -> Type:
        qualified = self.qualified(node)
        return self.field(node, node.span) if qualified is None else qualified

    def has(self, node: Has) -> Type:
        self.field(node, node.span)
        return BOOL

    def qualified(self, node: Select) -> Type | None:
        """The type of a variable whose dotted name the selection spells."""
        name = dotted(node)
        if name is None or self.local(name.partition(".")[0]) is not None:
            return None
        return self.environment.variables.get(name.removeprefix("."))

    def field(self, node: Select | Has, span: Span) -> Type:
        operand = self.bindings.resolve(self.check(node.operand))
        if operand.name == "map":
            return operand.parameters[1]
        if operand.variable:
            self.bindings.fit((DYN,), (operand,))
        elif operand not in (DYN, UNKNOWN):
            return self.complain(messages.no_fields(str(operand)), span)
        return DYN

    def index(self, node: Index) -> Type:
        return self.operator("[]", (node.operand, node.index), node.span)

    def unary(self, node: Unary) -> Type:
        return self.operator(node.operator, (node.operand,), node.span)

    def binary(self, node: Binary) -> Type:
        return self.operator(node.operator, (node.left, node.right), node.span)

    def operator(self, operator: str, operands: Sequence[Node], span: Span) -> Type:
        kinds = tuple(map(self.check, operands))
        result = self.environment.result(operator, kinds, self.bindings, member=False)
        if result is not None:
            return result
        closed = tuple(map(self.bindings.close, kinds))
        return self.complain(messages.operator_types(operator, list(map(str, closed))) + _hint(closed), span)

    def call(self, node: Call) -> Type:
        member = node.target is not None
        name = node.function.removeprefix(".")
        if name in MACROS:
            return self.complain(messages.macro_arguments(name), node.span)
        arguments = node.arguments if node.target is None else (node.target, *node.arguments)
        kinds = tuple(map(self.check, arguments))
        if name not in self.environment.functions:
            known = [known for known in self.environment.functions if known.isidentifier()]
            return self.complain(messages.unknown_function(name, known), node.name_span)
        result = self.environment.result(name, kinds, self.bindings, member=member)
        return self.bad_call(node, name, kinds) if result is None else result

    def bad_call(self, node: Call, name: str, kinds: tuple[Type, ...]) -> Type:
        member = node.target is not None
        overloads = self.environment.functions[name]
        same_style = [overload.write(name) for overload in overloads if overload.member == member]
        if not same_style:
            return self.complain(messages.wrong_style(name, member=not member), node.name_span)
        closed = tuple(map(self.bindings.close, kinds))
        message = messages.no_overload(write_call(name, closed, member=member), same_style)
        return self.complain(message + _hint((*closed[:1], STRING)), node.span)

    def logical(self, node: AllOf | AnyOf) -> Type:
        operator = "&&" if isinstance(node, AllOf) else "||"
        for operand in node.operands:
            self.condition(operand, f"an operand of `{operator}`")
        return BOOL

    def condition(self, node: Node, what: str) -> None:
        kind = self.check(node)
        if not self.bindings.fit((kind,), (BOOL,)):
            self.complain(messages.not_boolean(what, str(self.bindings.close(kind))), node.span)

    def conditional(self, node: Conditional) -> Type:
        self.condition(node.condition, "the condition of `? :`")
        kinds = self.check(node.then), self.check(node.otherwise)
        result = self.environment.result("?:", (BOOL, *kinds), self.bindings, member=False)
        if result is not None:
            return result
        then, otherwise = map(self.bindings.close, kinds)
        return self.complain(messages.branches_differ(str(then), str(otherwise)), node.span)

    def list_of(self, node: ListOf) -> Type:
        return list_of(self.join(node.elements))

    def map_of(self, node: MapOf) -> Type:
        return map_of(self.join([key for key, _ in node.entries]), self.join([value for _, value in node.entries]))

    def join(self, nodes: Sequence[Node]) -> Type:
        """The type that fits all of these, dyn if there is none."""
        joined: Type | None = None
        for node in nodes:
            kind = self.check(node)
            if joined is None:
                joined = kind
            elif not self.bindings.fit((joined,), (kind,)):
                joined = DYN
            elif not less_specific(joined, kind):
                joined = kind
        return self.bindings.fresh() if joined is None else joined

    def message(self, node: Message) -> Type:
        for value in node:
            self.check(value)
        return self.complain(messages.no_messages(node.name), node.span)

    def macro(self, node: Macro) -> Type:
        element = self.element(node)
        self.locals.append((node.variable, element))
        if node.predicate is not None:
            self.condition(node.predicate, f"the condition of `{node.kind}`")
        result = BOOL if node.transform is None else list_of(self.check(node.transform))
        self.locals.pop()
        return list_of(element) if node.kind == "filter" else result

    def element(self, node: Macro) -> Type:
        """The type of what a macro goes over."""
        kind = self.bindings.resolve(self.check(node.range))
        if kind.name in ("list", "map"):
            return kind.parameters[0]
        if kind.variable:
            self.bindings.fit((DYN,), (kind,))
        elif kind not in (DYN, UNKNOWN):
            return self.complain(messages.not_a_range(node.kind, str(kind)), node.range.span)
        return DYN


def _hint(kinds: Sequence[Type]) -> str:
    """Advice where a list stands for one of its elements."""
    one, other = kinds[0], kinds[-1]
    lists = one == Type("list", (other,)) or other == Type("list", (one,))
    return messages.elements_hint() if lists else ""


_CHECKS = cast(
    "dict[type, Callable[[_Checker, Node], Type]]",
    {
        Literal: _Checker.literal,
        Name: _Checker.name,
        Select: _Checker.select,
        Has: _Checker.has,
        Index: _Checker.index,
        Call: _Checker.call,
        Unary: _Checker.unary,
        Binary: _Checker.binary,
        AllOf: _Checker.logical,
        AnyOf: _Checker.logical,
        Conditional: _Checker.conditional,
        ListOf: _Checker.list_of,
        MapOf: _Checker.map_of,
        Message: _Checker.message,
        Macro: _Checker.macro,
    },
)
