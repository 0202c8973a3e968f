"""Texts of others as they can be written into a YAML file: as values, as keys and in comments."""

from __future__ import annotations

import re

_BARE = r"[A-Za-z_/][A-Za-z0-9_./*-]*"
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
"""What some YAML reader takes for something else than a text."""

LONGEST_KEY = 1024
"""How many characters a key may have (YAML 1.2.2, section 7.4.2)."""


def scalar(text: str) -> str:
    """A text as a value or key, in quotes where it needs them. Raises ValueError for a lone surrogate, which YAML cannot hold."""
    if re.fullmatch(_BARE, text) and text.lower() not in _WORDS:
        return text
    return '"' + "".join(map(_quoted, text)) + '"'


def _quoted(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if character.isprintable():
        return character
    number = ord(character)
    if 0xD800 <= number < 0xE000:
        raise ValueError("YAML cannot hold a lone surrogate")
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def remark(text: str) -> str:
    """A text as it can stand in a comment: on one line, with the numbers of characters that are not simply shown."""
    return "".join(one if one.isprintable() else f"<U+{ord(one):04X}>" for one in text)
