"""Text of the user, made fit for where it is shown: it may have been written by someone who wishes the reader ill."""

from __future__ import annotations

import json
import re
from unicodedata import category, combining, east_asian_width

_PLAIN = re.compile(r"[ -~]*")
_ORDER = re.compile(r"(##\w*)\[")


def visible(text: str) -> str:
    """The text with every character that is not simply shown written out as `<U+001B>`, tabs and line ends included.

    So is the bracket of `##[`, with which the log of a build at GitHub or Azure DevOps is given orders.
    """
    if "##" in text:
        text = _ORDER.sub(r"\1<U+005B>", text)
    if _PLAIN.fullmatch(text):
        return text
    return "".join(visible_character(character) for character in text)


def visible_character(character: str) -> str:
    """The character, or its number: controls, format and bidirectional characters, separators of lines, surrogates."""
    if category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return f"<U+{ord(character):04X}>"
    return character


def width(text: str) -> int:
    """The number of terminal cells that visible text takes."""
    if _PLAIN.fullmatch(text):
        return len(text)
    return sum(_cells(character) for character in text)


def _cells(character: str) -> int:
    if combining(character) or category(character) in ("Mn", "Me"):
        return 0
    return 2 if east_asian_width(character) in ("W", "F") else 1


Object = dict[str, object]
"""A JSON object that is being built."""


def dump(document: Object | list[Object]) -> str:
    """A JSON document in ASCII. Lone surrogates, which no JSON reader but Python's accepts, become replacement characters."""
    # On one line: with an indent it takes ten times as long. Without blanks: tools have limits for the size of a log.
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    if not text.isascii():
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _BEYOND_ASCII.sub(_escaped, text) + "\n"


_BEYOND_ASCII = re.compile(r"[^\n -~]")


def _escaped(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def sarif_text(text: str) -> str:
    """Plain text for a SARIF message (sections 3.11.5 and 3.11.6): no placeholder, no link, on one line."""
    escaped = re.sub(r"([\\\[\]])", r"\\\1", visible(text))
    return escaped.replace("{", "{{").replace("}", "}}")
