"""The values of CEL's literals: cel-spec, langdef.md, "Numeric Values" and "String and Bytes Values"."""

from __future__ import annotations

import math
import re

from edgelint.languages.cel import messages
from edgelint.languages.cel.syntax import Span, SyntaxProblem

MIN_INT, MAX_INT, MAX_UINT = -(2**63), 2**63 - 1, 2**64 - 1
"""The bounds of int and uint."""

_PREFIX = re.compile("[bBrR]*")
_ESCAPE = r"""\\(?:([abfnrtv\\?"'`])|[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|(?=([\s\S]?)))"""
_SIMPLE = dict(zip("abfnrtv\\?\"'`", "\a\b\f\n\r\t\v\\?\"'`", strict=True))


def integer(text: str, span: Span) -> int:
    """The value of an int literal, sign included."""
    return _ranged(text, span, MIN_INT, MAX_INT)


def unsigned(text: str, span: Span) -> int:
    """The value of a uint literal, its `u` included."""
    return _ranged(text, span, 0, MAX_UINT)


def floating(text: str, span: Span) -> float:
    """The value of a double literal, sign included."""
    value = float(text)
    if math.isinf(value):
        raise SyntaxProblem(messages.number_too_large(text), span)
    return value


def string(text: str, start: int) -> str:
    """The value of a string literal, quotes and prefix included, that begins at an offset of the expression."""
    body, raw, start = _body(text, start)
    if raw or "\\" not in body:
        return _newlines(body)
    _refuse_unknown_escapes(body, start)
    return re.sub(_ESCAPE, lambda escape: _character(escape, start), _newlines(body))


def byte_string(text: str, start: int) -> bytes:
    """The value of a bytes literal, quotes and prefix included, that begins at an offset of the expression."""
    body, raw, start = _body(text, start)
    if raw or "\\" not in body:
        return _encode(_newlines(body))
    _refuse_unknown_escapes(body, start)
    body = _newlines(body)
    parts: list[bytes] = []
    end = 0
    for escape in re.finditer(_ESCAPE, body):
        parts += (_encode(body[end : escape.start()]), _octet(escape, start))
        end = escape.end()
    return b"".join((*parts, _encode(body[end:])))


def _ranged(text: str, span: Span, low: int, high: int) -> int:
    hexadecimal = "0x" in text
    digits = text.strip("-uU").removeprefix("0x").lstrip("0") or "0"
    # A long run of digits must not reach int(), which takes quadratic time for them.
    value = high + 1 if len(digits) > 20 else int(digits, 16 if hexadecimal else 10)
    if text.startswith("-"):
        value = -value
    if not low <= value <= high:
        raise SyntaxProblem(messages.number_too_large(text), span)
    return value


def _body(text: str, start: int) -> tuple[str, bool, int]:
    """What stands between the quotes, whether it is raw, and where it begins."""
    found = _PREFIX.match(text)
    prefix = found.group() if found else ""
    quoted = text[len(prefix) :]
    width = 3 if len(quoted) >= 6 and quoted[:3] in ('"""', "'''") else 1
    return quoted[width:-width], "r" in prefix or "R" in prefix, start + len(prefix) + width


def _newlines(body: str) -> str:
    return body.replace("\r\n", "\n").replace("\r", "\n") if "\r" in body else body


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _refuse_unknown_escapes(body: str, start: int) -> None:
    for escape in re.finditer(_ESCAPE, body):
        if escape.lastindex == 6:
            place = (start + escape.start(), start + escape.end() + len(escape[6]))
            raise SyntaxProblem(messages.unknown_escape("\\" + escape[6]), place)


def _character(escape: re.Match[str], start: int) -> str:
    if escape[1]:
        return _SIMPLE[escape[1]]
    code = int(escape[5], 8) if escape[5] else int(escape[2] or escape[3] or escape[4], 16)
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        raise SyntaxProblem(messages.no_code_point(escape[0]), _place(escape, start))
    return chr(code)


def _octet(escape: re.Match[str], start: int) -> bytes:
    if escape[3] or escape[4]:
        raise SyntaxProblem(messages.code_point_in_bytes(escape[0]), _place(escape, start))
    if escape[1]:
        return _SIMPLE[escape[1]].encode()
    return bytes((int(escape[5], 8) if escape[5] else int(escape[2], 16),))


def _place(escape: re.Match[str], start: int) -> Span:
    return start + escape.start(), start + escape.end()
