"""Texts in which some scalars have another value: everything outside the edits stays as it was written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from edgelint.readers.documents.document import UnreadableError
from edgelint.source import Cell, Place, Route, Span

_PLAIN_TEXT = re.compile(r"[^\s,\[\]{}#&*!|>'\"%@`:?-](?:(?!: | #)[^,\[\]{}\r\n])*")


class NotEditableError(Exception):
    """A value that cannot be edited where it stands; the text says why."""


def edited(text: str, edits: Iterable[tuple[Place, str]]) -> str:
    """The text of a source with the values at some places replaced; a place inside a scalar stands for that part of it.

    How a value of several words without quotes then reads has to be looked at: `value_at`. Raises NotEditableError when a
    value stands in a database, or two edits meet.
    """
    found, at = [], 0
    for span, spelling in sorted((spelled(text, *edit) for edit in edits), key=lambda piece: piece[0].start):
        if span.start < at:
            raise NotEditableError("two edits meet")
        found += [text[at : span.start], spelling]
        at = span.end
    return "".join([*found, text[at:]])


def value_at(name: str, text: str, route: Route) -> object:
    """The plain value a route leads to in a JSON or YAML text. Raises NotEditableError where there is none."""
    try:
        value = _document(name, text)
        for step in route:
            value = value[step]  # type: ignore[index]  # what cannot be entered ends below
    except (UnreadableError, LookupError, TypeError):
        raise NotEditableError("the text would not read as meant") from None
    return value


def _document(name: str, text: str) -> object:
    if text.lstrip()[:1] in ("{", "["):
        from edgelint.readers.documents import json_document

        return json_document.read(name, text).value
    from edgelint.readers.documents import yaml_document

    return yaml_document.read(name, text).value


def spelled(text: str, place: Place, value: str) -> tuple[Span, str]:
    """What has to be replaced in a text, and by what, so that a place holds a value. Raises NotEditableError."""
    span, whole = place.span(), Place(place.source, place.route).span()
    if isinstance(span, Cell) or isinstance(whole, Cell):
        raise NotEditableError("values of a database are not edited")
    style = text[whole.start : whole.start + 1]
    spelling = _in_style(style, value)
    if style in ("'", '"') and place.inner is None:
        return whole, f"{style}{spelling}{style}"
    if place.inner is None and not _PLAIN_TEXT.fullmatch(value):
        return whole, json.dumps(value, ensure_ascii=False)
    return span, spelling


def _in_style(style: str, value: str) -> str:
    """A value as it is written inside a scalar of a style, told by its first character."""
    if style == '"':
        return json.dumps(value, ensure_ascii=False)[1:-1]
    if "\n" in value or "\r" in value:
        raise NotEditableError("the value has several lines")
    return value.replace("'", "''") if style == "'" else value
