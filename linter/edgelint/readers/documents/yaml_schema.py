"""The core schema of YAML 1.2 (section 10.3): what plain and tagged scalars mean."""

from __future__ import annotations

import re

from edgelint.readers.documents.json_document import LONGEST_INTEGER

_PREFIX = "tag:yaml.org,2002:"
COLLECTION_TAGS = frozenset({"!", _PREFIX + "map", _PREFIX + "seq"})
"""The tags of collections that say nothing new."""

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEAN = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_SPECIAL = re.compile(r"([-+]?)\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_KINDS: dict[str, tuple[type, ...]] = {
    "int": (int,),
    "float": (int, float),
    "bool": (bool,),
    "null": (type(None),),
}


def tagged(tag: str, text: str) -> object:
    """The value of a scalar with a tag; raises LookupError when the schema has no such value."""
    kind, value = tag.removeprefix(_PREFIX), resolved(text)
    if kind == "str":
        return text
    if isinstance(value, _KINDS.get(kind, ())):
        return value
    raise LookupError(tag)


def shown(tag: str) -> str:
    """A tag as it is written."""
    return "!!" + tag.removeprefix(_PREFIX) if tag.startswith(_PREFIX) else tag


def resolved(text: str) -> object:
    """The value of a plain scalar in the core schema."""
    if text in _NULL:
        return None
    if text in _BOOLEAN:
        return _BOOLEAN[text]
    if not text[0].isascii() or text[0] not in "-+.0123456789":
        return text
    if _INTEGER.fullmatch(text):
        return _integer(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    special = _SPECIAL.fullmatch(text)
    if special:
        return float("nan") if special[1] is None else float(special[1] + "inf")
    return text


def _integer(text: str) -> int | float:
    if len(text) > LONGEST_INTEGER:
        return float("inf")
    if text.startswith(("0o", "0x")):
        return int(text, 0)
    return int(text)
