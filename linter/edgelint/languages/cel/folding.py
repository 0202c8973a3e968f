"""What cel-go's optimiser computes before the first request, so that evaluating it costs nothing."""

from __future__ import annotations

from edgelint.languages.cel.conversions import CONVERSIONS
from edgelint.languages.cel.syntax import Call, ListOf, Literal, MapOf, Node


def is_folded(node: Node) -> bool:
    """Whether an expression is computed beforehand: a literal, or a conversion or collection of such."""
    match node:
        case Literal():
            return True
        case ListOf() | MapOf():
            return all(map(is_folded, node))
        case Call(None, function, (argument,)):
            return function.removeprefix(".") in CONVERSIONS and is_folded(argument)
    return False
