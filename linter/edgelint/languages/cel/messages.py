"""Every message about an expression in CEL, one function each: one line, the user's text in back-ticks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from edgelint.record import record


@record
class Issue:
    """What is wrong with an expression, and the half-open span of code points it concerns."""

    message: str
    span: tuple[int, int]


# Syntax.


def empty() -> str:
    """Nothing but blanks and comments."""
    return "the expression is empty"


def unexpected(found: str, expected: str) -> str:
    """A token that cannot stand here; `found` is empty at the end of the text."""
    return f"found {_quoted(found)}, expected {expected}" if found else f"the expression ends here, expected {expected}"


def word_for_operator(word: str, operator: str) -> str:
    """`and`, `or` and `not` of other languages."""
    return f"found `{word}`, expected an operator; CEL writes it `{operator}`"


def optional_syntax(text: str) -> str:
    """`.?name`, `[?index]` and the like."""
    return f"`{text}` is optional syntax, which is not switched on"


def unknown_character(character: str) -> str:
    """A character that begins no token."""
    hints = {"=": "`==`", "&": "`&&`", "|": "`||`"}
    if character in hints:
        return f"found a single `{character}`, expected {hints[character]}"
    if character in "“”„‘’‚«»":
        return f"found the typographic quote `{character}`, expected `\"` or `'`"
    return f"found {_quoted(character)}, which has no meaning in CEL"


def unclosed_text() -> str:
    """A quote that is never closed on its line."""
    return "this text has no closing quote"


def unclosed_quoted_name() -> str:
    """A back-tick that begins no name."""
    return "a name between back-ticks holds letters, digits, blanks and `_.-/` only"


def unknown_escape(escape: str) -> str:
    """A backslash with a character that is no escape."""
    return f'`{escape}` is no escape sequence; write `\\{escape}`, or a raw text such as `r"..."`'


def no_code_point(escape: str) -> str:
    """An escape beyond Unicode, or half of a surrogate pair."""
    return f"`{escape}` is no character"


def code_point_in_bytes(escape: str) -> str:
    """A Unicode escape in a bytes literal."""
    return f"`{escape}` is a character, which bytes cannot hold"


def number_too_large(text: str) -> str:
    """A number literal out of range."""
    return f"the number `{shorten(text)}` does not fit in 64 bits"


def reserved(word: str) -> str:
    """A reserved word used as a variable or function."""
    return f"`{word}` is a reserved word and names no variable or function"


def macro_variable(macro: str) -> str:
    """A macro whose first argument is no plain name."""
    return f"the first argument of `{macro}` must be a new name for the element"


def macro_variable_taken(name: str) -> str:
    """The name cel-go keeps for itself."""
    return f"`{name}` cannot name the element"


def macro_arguments(macro: str) -> str:
    """A macro with too few or too many arguments."""
    if macro == "has":
        return "`has` takes one argument, a field such as `headers.name`"
    return f"`{macro}` is called on a list or map and takes a new name for the element and an expression about it"


def has_argument() -> str:
    """`has` of something that selects no field."""
    return "`has` takes a field, such as `has(headers.name)`"


def nested_too_deeply(limit: int) -> str:
    """Too many nodes inside one another."""
    return f"the expression nests more than {limit} levels deep"


# Types.


def unknown_variable(name: str, known: Iterable[str]) -> str:
    """A name that is not declared."""
    return f"there is no variable `{shorten(name)}`" + _suggestion(name, known)


def unknown_function(name: str, known: Iterable[str]) -> str:
    """A function that is not declared."""
    if name == "not":
        return "there is no function `not`; CEL writes it `!`"
    return f"there is no function `{shorten(name)}`" + _suggestion(name, known)


def wrong_style(name: str, *, member: bool) -> str:
    """A function that exists, but is called the other way: `member` says which is right."""
    return (
        f"`{name}` is called on a value, as `value.{name}(...)`" if member else f"`{name}` is called as `{name}(...)`"
    )


def no_overload(call: str, signatures: Sequence[str]) -> str:
    """A function called with types it does not take; both sides are written as calls with types for values."""
    shown = [f"`{signature}`" for signature in signatures[:3]] + ["more"] * (len(signatures) > 3)
    return f"there is no `{shorten(call)}`, only {' and '.join(shown)}"


def elements_hint() -> str:
    """Advice added where a list stands for one of its elements."""
    return "; to ask its elements write `.exists(v, ...)`"


def operator_types(operator: str, operands: Sequence[str]) -> str:
    """An operator between types it does not join."""
    return f"`{operator}` does not apply to {' and '.join(operands)}"


def not_boolean(what: str, found: str) -> str:
    """A condition that is not of type bool."""
    return f"{what} must be bool, not {found}"


def branches_differ(then: str, otherwise: str) -> str:
    """A conditional whose branches have different types."""
    return f"both branches of `? :` must have one type, not {then} and {otherwise}"


def no_fields(found: str) -> str:
    """A field of something that has none."""
    return f"a value of type {found} has no fields"


def not_a_range(macro: str, found: str) -> str:
    """A macro over something that is neither list nor map."""
    return f"`{macro}` goes over a list or a map, not over {found}"


def no_messages(name: str) -> str:
    """A protocol buffer message; those of `google.protobuf` exist, but have no model."""
    if name.removeprefix(".").startswith("google.protobuf."):
        return f"messages such as `{shorten(name)}` have no model here"
    return f"there is no message type `{shorten(name)}`"


# Values.


def never_converts(call: str) -> str:
    """A conversion of a constant that always fails, which cel-go refuses before the first request."""
    return f"`{shorten(call)}` cannot be converted"


def shorten(text: str, limit: int = 60) -> str:
    """A text on one line, its end cut off where it is long."""
    line = "".join(character if character.isprintable() else "?" for character in text)
    return line if len(line) <= limit else line[: limit - 3] + "..."


def _quoted(text: str) -> str:
    if text.startswith("`"):
        return shorten(text)
    if len(text) == 1 and not text.isprintable():
        return f"the character U+{ord(text):04X}"
    return f"`{shorten(text)}`"


def _suggestion(name: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches  # late: seldom needed

    close = get_close_matches(name, sorted(known), 1, 0.7)
    return f"; did you mean `{close[0]}`?" if close else ""
