"""What lark could not read, said in the words of CEL's users."""

from __future__ import annotations

import re

from lark import Token, UnexpectedCharacters, UnexpectedToken

from edgelint.languages.cel import messages
from edgelint.languages.cel.grammar import lark
from edgelint.languages.cel.syntax import SyntaxProblem

_FOREIGN = {
    "and": "&&", "or": "||", "not": "!", "eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">=",
    "contains": ".contains(...)", "matches": ".matches(...)", "like": ".matches(...)",
}  # fmt: skip
_FOREIGN_NOT = re.compile(r"(?<![A-Za-z0-9_.])not[ \t\r\n\f]+$")
_BLANK = re.compile(r"(?:[ \t\r\n\f]++|//[^\n]*+)*+")
_CLOSERS = {"COMMA": "`,`", "COLON": "`:`", "CLOSE": "`)`", "CLOSE_LIST": "`]`", "CLOSE_MAP": "`}`", "$END": "the end"}


def complaint(text: str) -> SyntaxProblem:
    """What is wrong with a text that is no expression."""
    try:
        lark().parse(text)
    except UnexpectedCharacters as error:
        return _bad_character(text, error.pos_in_stream)  # type: ignore[arg-type]  # always set here
    except UnexpectedToken as error:
        return _bad_token(text, error)
    raise AssertionError(text)


def _bad_character(text: str, position: int) -> SyntaxProblem:
    character = text[position]
    if character in "\"'":
        # Of three quotes the first two were read as an empty text.
        start = position - 2 if text[:position].endswith(character * 2) else position
        return SyntaxProblem(messages.unclosed_text(), (start, position + len(text[position:].splitlines()[0])))
    message = messages.unclosed_quoted_name() if character == "`" else messages.unknown_character(character)
    return SyntaxProblem(message, (position, position + 1))


def _bad_token(text: str, error: UnexpectedToken) -> SyntaxProblem:
    token: Token = error.token
    if token.type == "$END":
        return _ends_early(text, error)
    start, end = token.start_pos or 0, token.end_pos or 0
    before = text[:start].rstrip()
    if token.value == "?" and before.endswith((".", "[", ",", "{")):
        shown = before[-1] + "?"
        return SyntaxProblem(messages.optional_syntax(shown), (len(before) - 1, end))
    if token.type in ("STRING", "BYTES") and token.value[0] * 2 == text[start - 2 : start]:
        return _bad_character(text, start)
    foreign_not = _FOREIGN_NOT.search(text, 0, start)
    if foreign_not:
        place = (foreign_not.start(), foreign_not.start() + 3)
        return SyntaxProblem(messages.word_for_operator("not", "!"), place)
    if token in _FOREIGN and "PLUS" in error.accepts:
        return SyntaxProblem(messages.word_for_operator(token, _FOREIGN[token]), (start, end))
    return SyntaxProblem(messages.unexpected(token, _expected(error)), (start, end))


def _ends_early(text: str, error: UnexpectedToken) -> SyntaxProblem:
    if _BLANK.fullmatch(text):
        return SyntaxProblem(messages.empty(), (0, len(text)))
    end = len(text.rstrip())
    return SyntaxProblem(messages.unexpected("", _expected(error)), (end, end))


def _expected(error: UnexpectedToken) -> str:
    accepted = error.accepts
    starts = {"STRING": "an expression", "PLUS": "an operator", "NAME": "a name", "INTEGER": "a number"}
    words = [word for token, word in starts.items() if token in accepted][:1]
    words += [word for token, word in _CLOSERS.items() if token in accepted]
    return " or ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else "".join(words)
