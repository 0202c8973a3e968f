"""The syntax tree of CEL, and the parser that makes one from text.

Spans are half-open pairs of code-point offsets into the text; equality ignores them. Parentheses leave no node behind. As in
cel-go, a pair of `!` or of `-` before one operand leaves no node either, and a `-` before a number belongs to the number.
Iterating over a node gives the nodes directly below it, in the order they are written.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal as Word

from edgelint.record import field as attribute
from edgelint.record import record

Span = tuple[int, int]
"""A half-open pair of code-point offsets."""

NOWHERE: Span = (0, 0)
"""The span of a node that was not read from a text."""

LiteralKind = Word["null_type", "bool", "int", "uint", "double", "string", "bytes"]
UnaryOperator = Word["!", "-"]
BinaryOperator = Word["==", "!=", "<", "<=", ">", ">=", "in", "+", "-", "*", "/", "%"]
MacroKind = Word["all", "exists", "exists_one", "filter", "map"]
"""The words a node's `kind` or `operator` may be."""

MACROS = frozenset(("has", "all", "exists", "exists_one", "filter", "map"))
"""The names of macros; a call of one of them with the wrong arguments stays a call."""

MAX_DEPTH = 150
"""How deep an expression may nest, in nodes. The language's own parser stops at 250 nested parentheses or operators."""

MAX_PARENTHESES = 249
"""How many parentheses may stand directly around one another: cel-go's limit."""


class SyntaxProblem(Exception):
    """The text is no CEL expression. `span` is the part that does not fit."""

    def __init__(self, message: str, span: Span) -> None:
        super().__init__(message)
        self.message = message
        self.span = span


@record
class Literal:
    """A constant as written; `kind` is its CEL type, and the value of a `uint` is a plain int."""

    kind: LiteralKind
    value: bool | int | float | str | bytes | None
    span: Span = attribute(default=NOWHERE, compare=False)

    def __iter__(self) -> Iterator[Node]:
        return iter(())


@record
class Name:
    """A variable or type; a leading `.` means the root scope."""

    name: str
    span: Span = attribute(default=NOWHERE, compare=False)

    def __iter__(self) -> Iterator[Node]:
        return iter(())


@record
class Select:
    """`operand.field`."""

    operand: Node
    field: str
    span: Span = attribute(default=NOWHERE, compare=False)

    def __iter__(self) -> Iterator[Node]:
        return iter((self.operand,))


@record
class Has:
    """The macro `has(operand.field)`."""

    operand: Node
    field: str
    span: Span = attribute(default=NOWHERE, compare=False)

    def __iter__(self) -> Iterator[Node]:
        return iter((self.operand,))


@record
class Index:
    """`operand[index]`."""

    operand: Node
    index: Node
    span: Span = attribute(default=NOWHERE, compare=False)

    def __iter__(self) -> Iterator[Node]:
        return iter((self.operand, self.index))


@record
class Call:
    """`function(arguments)`, or `target.function(arguments)`; `name_span` is the place of the function's name."""

    target: Node | None
    function: str
    arguments: tuple[Node, ...]
    span: Span = attribute(default=NOWHERE, compare=False)
    name_span: Span = attribute(default=NOWHERE, compare=False)

    def __iter__(self) -> Iterator[Node]:
        return iter(self.arguments if self.target is None else (self.target, *self.arguments))


@record
class Unary:
    """`!operand` or `-operand`."""

    operator: UnaryOperator
    operand: Node
    span: Span = attribute(default=NOWHERE, compare=False)

    def __iter__(self) -> Iterator[Node]:
        return iter((self.operand,))


@record
class Binary:
    """A comparison, membership test or arithmetic operation."""

    operator: BinaryOperator
    left: Node
    right: Node
    span: Span = attribute(default=NOWHERE, compare=False)

    def __iter__(self) -> Iterator[Node]:
        return iter((self.left, self.right))


@record
class AllOf:
    """Two or more operands joined by `&&`; none of them is joined by `&&` itself."""

    operands: tuple[Node, ...]
    span: Span = attribute(default=NOWHERE, compare=False)

    def __iter__(self) -> Iterator[Node]:
        return iter(self.operands)


@record
class AnyOf:
    """Two or more operands joined by `||`; none of them is joined by `||` itself."""

    operands: tuple[Node, ...]
    span: Span = attribute(default=NOWHERE, compare=False)

    def __iter__(self) -> Iterator[Node]:
        return iter(self.operands)


@record
class Conditional:
    """`condition ? then : otherwise`."""

    condition: Node
    then: Node
    otherwise: Node
    span: Span = attribute(default=NOWHERE, compare=False)

    def __iter__(self) -> Iterator[Node]:
        return iter((self.condition, self.then, self.otherwise))


@record
class ListOf:
    """`[element, ...]`."""

    elements: tuple[Node, ...]
    span: Span = attribute(default=NOWHERE, compare=False)

    def __iter__(self) -> Iterator[Node]:
        return iter(self.elements)


@record
class MapOf:
    """`{key: value, ...}`."""

    entries: tuple[tuple[Node, Node], ...]
    span: Span = attribute(default=NOWHERE, compare=False)

    def __iter__(self) -> Iterator[Node]:
        return (node for entry in self.entries for node in entry)


@record
class Message:
    """`name{field: value, ...}`."""

    name: str
    fields: tuple[tuple[str, Node], ...]
    span: Span = attribute(default=NOWHERE, compare=False)

    def __iter__(self) -> Iterator[Node]:
        return (value for _, value in self.fields)


@record
class Macro:
    """`range.kind(variable, predicate, transform)`: `map` has a transform and perhaps a predicate, the others a predicate."""

    kind: MacroKind
    range: Node
    variable: str
    predicate: Node | None
    transform: Node | None
    span: Span = attribute(default=NOWHERE, compare=False)

    def __iter__(self) -> Iterator[Node]:
        return (node for node in (self.range, self.predicate, self.transform) if node is not None)


Node = (
    Literal
    | Name
    | Select
    | Has
    | Index
    | Call
    | Unary
    | Binary
    | AllOf
    | AnyOf
    | Conditional
    | ListOf
    | MapOf
    | Message
    | Macro
)
"""A node of the syntax tree."""


def dotted(node: Node) -> str | None:
    """The dotted name that a chain of selections spells, or None when it begins with something else than a name."""
    names: list[str] = []
    while isinstance(node, Select):
        names.append(node.field)
        node = node.operand
    return ".".join((node.name, *reversed(names))) if isinstance(node, Name) else None


def walk(node: Node) -> Iterator[Node]:
    """A node and everything below it, outer nodes first."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(tuple(current)))


def parse(text: str) -> Node:
    """The syntax tree of an expression; `SyntaxProblem` when it has none or nests deeper than `MAX_DEPTH`."""
    from edgelint.languages.cel.parser import parse_text  # late: lark is slow to import

    return parse_text(text)
