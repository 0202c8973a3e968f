r"""Patterns (RE2 syntax) as they read when they are taken strictly: anchored, with dots that stand for dots.

A rewritten pattern is None where the rewriting says nothing new or comes to no pattern, as behind an open `\Q`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from edgelint.space.language import Language
from edgelint.space.leaves import pattern as language
from edgelint.space.leaves import prefix
from edgelint.space.limits import Unbounded
from edgelint.space.regex import InvalidPattern, parse
from edgelint.space.search import is_empty

_TOKEN = re.compile(r"\\Q.*?(?:\\E|\Z)|\\.|\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]|.", re.DOTALL)
_REPEATED = re.compile(r"[*+?{]")
_LABEL_BEFORE, _LABEL_AFTER = re.compile(r"[\w)\]+*?}]\Z"), re.compile(r"[\w(\[]")
_ENDING = re.compile(r"(?:\w{1,5}|\((?:\?:)?[\w|?]+\))(?:\$|\\z|\)|\Z)")

_SEGMENT_END = re.compile(r"\((?:\?:)?(?:/\|\$|\$\|/)\)\Z")


def from_start(pattern: str) -> str | None:
    """The pattern, found at the beginning of a text only."""
    return _readable(pattern, rf"\A(?:{pattern})")


def whole_labels(pattern: str) -> str | None:
    """The pattern, found as the last labels of a host only, or as all of them."""
    return _readable(pattern, rf"(?:\A|\.)(?:{pattern})\z")


def whole_numbers(pattern: str) -> str | None:
    """The pattern, found in an address by whole numbers only, and from the first one where it begins with one."""
    start = r"\A" if _begins_with_number(pattern) else ""
    return _readable(pattern, rf"{start}(?:{pattern})(?:\b|[:.]|\z)")


def across_lines(pattern: str) -> str | None:
    """The pattern with dots that stand for a line break, too."""
    return _readable(pattern, f"(?s:{pattern})")


def with_label_dots(pattern: str) -> str | None:
    """The pattern with its lone dots between the labels of a host or the numbers of an address standing for dots."""
    return _with_dots(
        pattern, lambda before, after: bool(_LABEL_BEFORE.search(before)) and bool(_LABEL_AFTER.match(after))
    )


def with_ending_dots(pattern: str) -> str | None:
    """The pattern with its lone dots before a file name's ending standing for dots."""
    return _with_dots(pattern, lambda _, after: bool(_ENDING.match(after)))


def ends_segment(pattern: str) -> bool:
    """Whether a pattern of paths spells out that it ends where a segment does, with `(/|$)`."""
    return bool(_SEGMENT_END.search(pattern))


def begins_with(pattern: str, text: str) -> bool:
    """Whether everything the pattern can match begins with a text, and it matches something; False where it is too large."""
    return _within(pattern, prefix(text))


def _begins_with_number(pattern: str) -> bool:
    return _within(pattern, language("^[0-9a-f]"))


def _within(pattern: str, allowed: Language) -> bool:
    """Whether all that a pattern can match as a whole lies in a language, and there is something; False where it is too large."""
    anchored = _readable(pattern, rf"\A(?:{pattern})\z")
    if anchored is None:
        return False
    try:
        found = language(anchored)
        return not is_empty(found) and is_empty(found - allowed)
    except Unbounded:
        return False


def _with_dots(pattern: str, stands_between: Callable[[str, str], bool]) -> str | None:
    found = ""
    for token in _TOKEN.finditer(pattern):
        after = pattern[token.end() :]
        lone = token[0] == "." and not _REPEATED.match(after)
        found += r"\." if lone and stands_between(pattern[: token.start()], after) else token[0]
    return _readable(pattern, found)


def _readable(pattern: str, rewritten: str) -> str | None:
    try:
        parse(rewritten)
    except (InvalidPattern, Unbounded):
        return None
    return rewritten if rewritten != pattern else None
