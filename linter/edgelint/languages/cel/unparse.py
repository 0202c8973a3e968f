"""The canonical text of a syntax tree: equal trees give equal texts, and the text parses back to the tree."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import cast

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
    Message,
    Name,
    Node,
    Select,
    Unary,
)

_CONDITIONAL, _OR, _AND, _RELATION, _SUM, _PRODUCT, _UNARY, _MEMBER = range(8)
_BINARY_LEVEL = dict.fromkeys("+-", _SUM) | dict.fromkeys("*/%", _PRODUCT)
_PLAIN_NAME = r"(?!(?:in|true|false|null)\Z)[A-Za-z_][A-Za-z0-9_]*\Z"
_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}


def unparse(node: Node) -> str:
    """The text of an expression, with no more parentheses than it needs."""
    return _write(node, _CONDITIONAL)


def quote(text: str) -> str:
    """The string literal of a text."""
    return '"' + "".join(_ESCAPES.get(character) or _visible(character) for character in text) + '"'


def _visible(character: str) -> str:
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _write(node: Node, level: int) -> str:
    """The text of a node that stands where operators of this level or tighter may stand."""
    own, text = _WRITERS[type(node)](node)
    return text if own >= level else f"({text})"


def _literal(node: Literal) -> tuple[int, str]:
    match node.value:
        case None:
            text = "null"
        case bool(value):
            text = "true" if value else "false"
        case str(value):
            text = quote(value)
        case bytes(value):
            text = 'b"' + "".join(_octet(octet) for octet in value) + '"'
        case value:
            text = f"{value!r}u" if node.kind == "uint" else repr(value)
    return _MEMBER, text


def _octet(octet: int) -> str:
    character = chr(octet)
    return _ESCAPES.get(character) or (character if 0x20 <= octet < 0x7F else f"\\x{octet:02x}")


def _name(node: Name) -> tuple[int, str]:
    return _MEMBER, node.name


def _select(node: Select) -> tuple[int, str]:
    return _MEMBER, _write(node.operand, _MEMBER) + "." + _field(node.field)


def _has(node: Has) -> tuple[int, str]:
    return _MEMBER, f"has({_write(node.operand, _MEMBER)}.{_field(node.field)})"


def _field(name: str) -> str:
    return name if re.match(_PLAIN_NAME, name) else f"`{name}`"


def _index(node: Index) -> tuple[int, str]:
    return _MEMBER, f"{_write(node.operand, _MEMBER)}[{unparse(node.index)}]"


def _call(node: Call) -> tuple[int, str]:
    target = "" if node.target is None else _write(node.target, _MEMBER) + "."
    return _MEMBER, f"{target}{node.function}({', '.join(map(unparse, node.arguments))})"


def _unary(node: Unary) -> tuple[int, str]:
    operand = _write(node.operand, _MEMBER)
    if node.operator == "-" and operand[0] in "-0123456789":
        operand = f"({operand})"  # without parentheses the sign would belong to the number
    return _UNARY, node.operator + operand


def _binary(node: Binary) -> tuple[int, str]:
    level = _BINARY_LEVEL.get(node.operator, _RELATION)
    return level, f"{_write(node.left, level)} {node.operator} {_write(node.right, level + 1)}"


def _all_of(node: AllOf) -> tuple[int, str]:
    return _AND, " && ".join(_write(operand, _RELATION) for operand in node.operands)


def _any_of(node: AnyOf) -> tuple[int, str]:
    return _OR, " || ".join(_write(operand, _AND) for operand in node.operands)


def _conditional(node: Conditional) -> tuple[int, str]:
    return _CONDITIONAL, f"{_write(node.condition, _OR)} ? {_write(node.then, _OR)} : {unparse(node.otherwise)}"


def _list_of(node: ListOf) -> tuple[int, str]:
    return _MEMBER, f"[{', '.join(map(unparse, node.elements))}]"


def _map_of(node: MapOf) -> tuple[int, str]:
    return _MEMBER, "{" + ", ".join(f"{unparse(key)}: {unparse(value)}" for key, value in node.entries) + "}"


def _message(node: Message) -> tuple[int, str]:
    fields = ", ".join(f"{_field(name)}: {unparse(value)}" for name, value in node.fields)
    return _MEMBER, f"{node.name}{{{fields}}}"


def _macro(node: Macro) -> tuple[int, str]:
    arguments = [unparse(argument) for argument in (node.predicate, node.transform) if argument is not None]
    return _MEMBER, f"{_write(node.range, _MEMBER)}.{node.kind}({', '.join((node.variable, *arguments))})"


_WRITERS = cast(
    "dict[type, Callable[[Node], tuple[int, str]]]",
    {
        Literal: _literal,
        Name: _name,
        Select: _select,
        Has: _has,
        Index: _index,
        Call: _call,
        Unary: _unary,
        Binary: _binary,
        AllOf: _all_of,
        AnyOf: _any_of,
        Conditional: _conditional,
        ListOf: _list_of,
        MapOf: _map_of,
        Message: _message,
        Macro: _macro,
    },
)
