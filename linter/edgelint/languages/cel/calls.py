"""CEL's functions on symbols. None stands for a question that the model cannot ask but that never fails."""

from __future__ import annotations

from collections.abc import Callable

from edgelint.languages.cel.conversions import CONVERSIONS
from edgelint.languages.cel.evaluator import Search
from edgelint.languages.cel.logic import NotModelledError
from edgelint.languages.cel.opacity import Relation
from edgelint.languages.cel.standard_library import FUNCTIONS, Function
from edgelint.languages.cel.symbols import (
    FAILING,
    Fields,
    Items,
    Known,
    Size,
    Stream,
    Symbol,
    Text,
    Tree,
    Truth,
    Values,
    one_of,
)
from edgelint.languages.cel.values import EvaluationError, Value
from edgelint.model.expression import Contains, EndsWith, Matches, Predicate, Spanned, StartsWith

_PREDICATES: dict[str, Callable[[str], Predicate]] = {
    "contains": Contains,
    "startsWith": StartsWith,
    "endsWith": EndsWith,
    "matches": Matches,
}
_IDENTITIES = {"dyn": (Text, Truth, Values, Stream, Items, Fields), "string": (Text,), "bool": (Truth,)}
_MAX_PIECES = 300


def ask(name: str, text: Symbol, argument: Symbol, span: Spanned, search: Search) -> Tree | None:
    """`text.name(argument)` for the standard questions to texts."""
    match text, argument:
        case Text(), Known(str(value)):
            return Truth(text.asked(_PREDICATES[name](value), span))
        case Known(str(value)), Text():
            pieces = _pieces(name, value)
            return None if pieces is None else one_of(argument, pieces, span)
        case Known(str(value)), Known(str(pattern)) if name == "matches":
            return Known(search(pattern, value))
        case Known(value), Known(also):
            return apply(FUNCTIONS[name], value, also)
        case Text(), Text():
            return None
    return FAILING


def relate(relation: Relation, function: Function, text: Symbol, argument: Symbol, span: Spanned) -> Tree | None:
    """`function(text, argument)` for a platform's function that asks a text something."""
    match text, argument:
        case Text(field), Known(str(value)):
            asked = relation(field, value)
            if isinstance(asked, bool):
                return Known(asked)
            return None if asked is None else Truth(text.asked(asked, span))
        case Known(value), Known(also):
            return apply(function, value, also)
        case (Text() | Known(str()), Text() | Known(str())):
            return None
    return FAILING


def size(value: Symbol) -> Tree:
    """`size(value)`."""
    match value:
        case Text() | Values() | Stream() | Fields():
            return Size(value)
        case Items(items):
            return Known(len(items))
        case Known(known):
            return apply(FUNCTIONS["size"], known)
    return FAILING


def convert(name: str, value: Symbol) -> Tree:
    """The value converted by the function of this name."""
    if isinstance(value, _IDENTITIES.get(name, ())):
        return value
    if isinstance(value, Known):
        return apply(CONVERSIONS[name], value.value)
    raise NotModelledError


def apply(function: Function, *arguments: Value) -> Tree:
    """What a function gives for known values."""
    try:
        return Known(function(*arguments))
    except EvaluationError:
        return FAILING


def _pieces(name: str, text: str) -> list[str] | None:
    """The texts that another one contains, begins or ends with; None where there are too many of them."""
    ends = range(len(text) + 1)
    match name:
        case "startsWith" if len(text) <= _MAX_PIECES:
            return [text[:end] for end in ends]
        case "endsWith" if len(text) <= _MAX_PIECES:
            return [text[start:] for start in ends]
        case "contains" if len(text) * len(text) <= _MAX_PIECES * 2:
            return ["", *(text[start:end] for start in ends for end in ends if start < end)]
    return None
