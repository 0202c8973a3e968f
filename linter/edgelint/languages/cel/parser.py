"""From text to syntax tree, by the tables that lark made of the grammar. What does not fit is looked at by lark itself."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from edgelint.languages.cel import literals, messages
from edgelint.languages.cel.machine import Machine, NotInGrammarError, Token
from edgelint.languages.cel.syntax import (
    MAX_DEPTH,
    MAX_PARENTHESES,
    AllOf,
    AnyOf,
    Binary,
    BinaryOperator,
    Call,
    Conditional,
    Has,
    Index,
    ListOf,
    Literal,
    Macro,
    MacroKind,
    MapOf,
    Message,
    Name,
    Node,
    Select,
    Span,
    SyntaxProblem,
    Unary,
    UnaryOperator,
    dotted,
)
from edgelint.record import record
from edgelint.resources import folder

_RESERVED = frozenset(
    [
        "as",
        "break",
        "const",
        "continue",
        "else",
        "for",
        "function",
        "if",
        "import",
        "let",
        "loop",
        "package",
        "namespace",
        "return",
        "var",
        "void",
        "while",
    ]
)
_OPERATORS: dict[str, BinaryOperator] = {
    "==": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">=", "in": "in",
    "+": "+", "-": "-", "*": "*", "/": "/", "%": "%",
}  # fmt: skip
_MACROS: dict[tuple[str, int], MacroKind] = {
    ("all", 2): "all", ("exists", 2): "exists", ("exists_one", 2): "exists_one",
    ("filter", 2): "filter", ("map", 2): "map", ("map", 3): "map",
}  # fmt: skip
_ACCUMULATOR = "__result__"


def parse_text(text: str) -> Node:
    """The syntax tree of an expression; `SyntaxProblem` when it has none or nests deeper than `MAX_DEPTH`."""
    try:
        root: object = _machine().parse(text)
    except NotInGrammarError:
        from edgelint.languages.cel.complaints import complaint  # late: lark takes longer than many expressions

        raise complaint(text) from None
    if not isinstance(root, Node):
        raise TypeError(root)
    _refuse_depth(root)
    return root


@cache
def _machine() -> Machine:
    return Machine(folder("grammars") / "cel.json", _Builder())


def _refuse_depth(root: Node) -> None:
    level: tuple[Node, ...] = (root,)
    depth = 1
    while level := tuple(child for node in level for child in node):
        depth += 1
        if depth > MAX_DEPTH:
            raise SyntaxProblem(messages.nested_too_deeply(MAX_DEPTH), root.span)


@record
class _Group:
    """An expression in parentheses: what is inside, the span with the parentheses, and how many there are."""

    node: Node
    span: Span
    count: int


@record
class _Signed:
    """A number with a `-` before it, and the number without."""

    node: Literal
    span: Span
    absolute: Token


_Part = Node | _Group | _Signed | Token


def _node(part: _Part) -> Node:
    if isinstance(part, _Group | _Signed):
        return part.node
    if isinstance(part, Token):
        raise TypeError(part)
    return part


def _nodes(parts: Sequence[_Part]) -> tuple[Node, ...]:
    return tuple(map(_node, parts))


def _start(part: _Part) -> int:
    return part.start if isinstance(part, Token) else part.span[0]


def _end(part: _Part) -> int:
    return part.end if isinstance(part, Token) else part.span[1]


def _span(parts: Sequence[_Part]) -> Span:
    return _start(parts[0]), _end(parts[-1])


def _text(part: _Part) -> str:
    return part.text if isinstance(part, Token) else ""


class _Builder:
    """What is made of each rule: one method for each alternative of the grammar."""

    def start(self, parts: list[_Part]) -> Node:
        return _node(parts[0])

    def conditional(self, parts: list[_Part]) -> Node:
        return Conditional(_node(parts[0]), _node(parts[1]), _node(parts[2]), _span(parts))

    def any_of(self, parts: list[_Part]) -> Node:
        nodes = _nodes(parts)
        if any(isinstance(node, AnyOf) for node in nodes):
            nodes = tuple(part for node in nodes for part in (node.operands if isinstance(node, AnyOf) else (node,)))
        return AnyOf(nodes, _span(parts))

    def all_of(self, parts: list[_Part]) -> Node:
        nodes = _nodes(parts)
        if any(isinstance(node, AllOf) for node in nodes):
            nodes = tuple(part for node in nodes for part in (node.operands if isinstance(node, AllOf) else (node,)))
        return AllOf(nodes, _span(parts))

    def binary(self, parts: list[_Part]) -> Node:
        return Binary(_OPERATORS[_text(parts[1])], _node(parts[0]), _node(parts[2]), _span(parts))

    def negation(self, parts: list[_Part]) -> _Part:
        return _repeated("!", len(parts) - 1, parts[-1], _span(parts))

    def negative(self, parts: list[_Part]) -> _Part:
        number, span = parts[-1], _span(parts)
        if not isinstance(number, _Signed):
            return _repeated("-", len(parts) - 1, number, span)
        # The `-` that the number took counts with the others.
        absolute = self.integer([number.absolute]) if number.node.kind == "int" else self.floating([number.absolute])
        return _repeated("-", len(parts), absolute, span)

    def select(self, parts: list[_Part]) -> Node:
        return Select(_node(parts[0]), _text(parts[1]).strip("`"), _span(parts))

    def index(self, parts: list[_Part]) -> Node:
        return Index(_node(parts[0]), _node(parts[1]), _span(parts))

    def identifier(self, parts: list[_Part]) -> Node:
        return Name(_name(parts), _span(parts))

    def call(self, parts: list[_Part]) -> Node:
        rooted = _text(parts[0]) == "."
        name = _name(parts[: 1 + rooted])
        arguments = _nodes(parts[1 + rooted : -1])
        if name == "has" and len(arguments) == 1:
            return _has(arguments[0], _span(parts))
        return Call(None, name, arguments, _span(parts), _span(parts[: 1 + rooted]))

    def member_call(self, parts: list[_Part]) -> Node:
        name = _text(parts[1])
        target, arguments = _node(parts[0]), _nodes(parts[2:-1])
        kind = _MACROS.get((name, len(arguments)))
        if kind is not None:
            return _macro(kind, target, arguments, _span(parts))
        return Call(target, name, arguments, _span(parts), _span(parts[1:2]))

    def message(self, parts: list[_Part | tuple[str, Node]]) -> Node:
        operand, *fields, end = parts
        if isinstance(operand, tuple) or isinstance(end, tuple):
            raise TypeError(parts)
        name = dotted(_node(operand))
        if name is None or _starts_with_parenthesis(_node(operand)):
            raise SyntaxProblem(messages.unexpected("{", "an operator or the end"), (_end(operand), _end(end)))
        pairs = tuple(field for field in fields if isinstance(field, tuple))
        return Message(name, pairs, _span([operand, end]))

    def field(self, parts: list[_Part]) -> tuple[str, Node]:
        return _text(parts[0]).strip("`"), _node(parts[1])

    def list_of(self, parts: list[_Part]) -> Node:
        return ListOf(_nodes(parts[1:-1]), _span(parts))

    def map_of(self, parts: list[_Part | tuple[Node, Node]]) -> Node:
        start, *entries, end = parts
        if isinstance(start, tuple) or isinstance(end, tuple):
            raise TypeError(parts)
        return MapOf(tuple(entry for entry in entries if isinstance(entry, tuple)), _span([start, end]))

    def entry(self, parts: list[_Part]) -> tuple[Node, Node]:
        return _node(parts[0]), _node(parts[1])

    def group(self, parts: list[_Part]) -> _Group:
        inside = parts[1]
        count = 1 + (inside.count if isinstance(inside, _Group) else 0)
        if count > MAX_PARENTHESES:
            raise SyntaxProblem(messages.nested_too_deeply(MAX_PARENTHESES), _span(parts))
        return _Group(_node(inside), _span(parts), count)

    def integer(self, parts: list[_Part]) -> _Part:
        span, text = _span(parts), "".join(map(_text, parts))
        return _number(Literal("int", literals.integer(text, span), span), parts)

    def floating(self, parts: list[_Part]) -> _Part:
        span, text = _span(parts), "".join(map(_text, parts))
        return _number(Literal("double", literals.floating(text, span), span), parts)

    def unsigned(self, parts: list[_Part]) -> Node:
        span = _span(parts)
        return Literal("uint", literals.unsigned(_text(parts[0]), span), span)

    def string(self, parts: list[_Part]) -> Node:
        span = _span(parts)
        return Literal("string", literals.string(_text(parts[0]), span[0]), span)

    def bytes(self, parts: list[_Part]) -> Node:
        span = _span(parts)
        return Literal("bytes", literals.byte_string(_text(parts[0]), span[0]), span)

    def constant(self, parts: list[_Part]) -> Node:
        word = _text(parts[0])
        return (
            Literal("null_type", None, _span(parts))
            if word == "null"
            else Literal("bool", word == "true", _span(parts))
        )


def _number(node: Literal, parts: Sequence[_Part]) -> _Part:
    last = parts[-1]
    return _Signed(node, node.span, last) if len(parts) > 1 and isinstance(last, Token) else node


def _repeated(operator: UnaryOperator, count: int, operand: _Part, span: Span) -> _Part:
    return Unary(operator, _node(operand), span) if count % 2 else _Group(_node(operand), span, 0)


def _name(parts: Sequence[_Part]) -> str:
    word = _text(parts[-1])
    if word in _RESERVED:
        raise SyntaxProblem(messages.reserved(word), _span(parts[-1:]))
    return "." + word if len(parts) > 1 else word


def _has(argument: Node, span: Span) -> Node:
    if not isinstance(argument, Select):
        raise SyntaxProblem(messages.has_argument(), argument.span)
    return Has(argument.operand, argument.field, span)


def _macro(kind: MacroKind, target: Node, arguments: Sequence[Node], span: Span) -> Node:
    variable = arguments[0]
    if not isinstance(variable, Name):
        raise SyntaxProblem(messages.macro_variable(kind), variable.span)
    if variable.name == _ACCUMULATOR:
        raise SyntaxProblem(messages.macro_variable_taken(variable.name), variable.span)
    if kind != "map":
        return Macro(kind, target, variable.name, arguments[1], None, span)
    predicate = arguments[1] if len(arguments) == 3 else None
    return Macro(kind, target, variable.name, predicate, arguments[-1], span)


def _starts_with_parenthesis(node: Node) -> bool:
    """Whether a chain of selections begins with a parenthesis, which its innermost name does not cover."""
    start = node.span[0]
    while isinstance(node, Select):
        node = node.operand
    return node.span[0] != start
