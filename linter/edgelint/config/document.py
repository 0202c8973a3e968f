"""A configuration file as plain values, each with its place. YAML is read event by event: no tags, aliases or depth."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import yaml

from edgelint.config import ConfigError
from edgelint.config.toml import TomlError, places, table
from edgelint.source import Inner, Place, Route, Source, Span, line_and_column

DEPTH = 12
"""How deep values may be nested; the schema needs five levels."""

_LONGEST = 300
"""How many characters of a message are shown: it may quote a value of any length."""

Value = object
"""A text, number, truth value, date or None, or a list or dictionary of such."""


@dataclass(slots=True)
class Document:
    """The values of a file, and where each key and each value stands in its text."""

    path: Path
    text: str
    values: Value = None
    keys: dict[Route, Span] = field(default_factory=dict)
    spans: dict[Route, Span] = field(default_factory=dict)
    source: Source = field(init=False)

    def __post_init__(self) -> None:
        self.source = Source(str(self.path), self.text, self.find)

    def find(self, route: Route, _inner: Inner | None = None) -> Span:
        """The place of a value, or of the nearest one around it."""
        while route and route not in self.spans:
            route = route[:-1]
        return self.spans.get(route, Span(0, 0))

    def place(self, *route: str | int) -> Place:
        """The place of a value in this file."""
        return Place(self.source, route)

    def wrong(self, offset: int, message: str) -> ConfigError:
        """An error that names a place in this file."""
        line, column = line_and_column(self.text, offset)
        return ConfigError(f"{self.path}:{line}:{column}: {message[:_LONGEST]}")


def document(path: Path, text: str) -> Document:
    """The values of a configuration file: a whole YAML file, or the table `tool.edgelint` of a TOML file."""
    found = Document(path, text)
    if path.suffix == ".toml":
        _read_toml(found)
    else:
        _read_yaml(found)
    return found


# YAML

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NODES = (yaml.ScalarEvent, yaml.SequenceStartEvent, yaml.MappingStartEvent)


def _read_yaml(document: Document) -> None:
    try:
        events = yaml.parse(document.text, Loader=_LOADER)
        next(events)  # the start of the stream
        if isinstance(next(events), yaml.StreamEndEvent):
            document.values = {}
            return
        values = _node(document, events, next(events), ())
        document.values = {} if values is None else values
        next(events)  # the end of the document
        if not isinstance(extra := next(events), yaml.StreamEndEvent):
            raise document.wrong(_offset(extra.start_mark), "a configuration is one document")
    except yaml.MarkedYAMLError as error:
        if "nesting depth" in (error.problem or ""):  # the parser's own limit (PyYAML 6.0.4), met as it looks ahead
            raise document.wrong(_offset(error.problem_mark), "this is nested too deeply") from error
        raise document.wrong(_offset(error.problem_mark), f"not YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise document.wrong(0, "not YAML: it holds a character that YAML forbids") from error


def _node(document: Document, events: Iterator[yaml.Event], event: yaml.Event, route: Route) -> Value:
    start = _offset(event.start_mark)
    if not isinstance(event, _NODES) or event.anchor or event.tag not in (None, "!"):
        raise document.wrong(start, "anchors, aliases and tags have no place in a configuration")
    if len(route) > DEPTH:
        raise document.wrong(start, "this is nested too deeply")
    value: Value
    match event:
        case yaml.ScalarEvent():
            end = _offset(event.end_mark)
            value = _plain(event.value) if event.implicit[0] else event.value
        case yaml.SequenceStartEvent():
            value, end = _sequence(document, events, route)
        case _:
            value, end = _mapping(document, events, route)
    document.spans[route] = Span(start, max(end, start))
    return value


def _sequence(document: Document, events: Iterator[yaml.Event], route: Route) -> tuple[list[Value], int]:
    items: list[Value] = []
    while not isinstance(event := next(events), yaml.SequenceEndEvent):
        items.append(_node(document, events, event, (*route, len(items))))
    return items, _offset(event.end_mark)


def _mapping(document: Document, events: Iterator[yaml.Event], route: Route) -> tuple[dict[str, Value], int]:
    items: dict[str, Value] = {}
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        start = _offset(event.start_mark)
        if not isinstance(event, yaml.ScalarEvent) or event.anchor:
            raise document.wrong(start, "a key is a plain text")
        key = event.value
        if key in items:
            raise document.wrong(start, f"the key `{key}` is there twice")
        document.keys[(*route, key)] = Span(start, _offset(event.end_mark))
        items[key] = _node(document, events, next(events), (*route, key))
    return items, _offset(event.end_mark)


class _Mark(Protocol):
    """A place as the parser says it; the two parsers have a class each."""

    @property
    def index(self) -> int: ...


def _offset(mark: _Mark | None) -> int:
    return mark.index if mark else 0


def _plain(text: str) -> Value:
    """The value of an unquoted scalar, by the core schema of YAML 1.2: `no` and `1:30` are texts."""
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text in ("true", "True", "TRUE", "false", "False", "FALSE"):
        return text.lower() == "true"
    return int(text) if re.fullmatch(r"[-+]?[0-9]{1,18}", text) else text


def _read_toml(document: Document) -> None:
    try:
        values = table(document.text)
    except TomlError as error:
        raise ConfigError(f"{document.path}:{error}") from error
    if values is None:
        raise ConfigError(f"{document.path}: there is no table `tool.edgelint` in it")
    if not isinstance(values, dict):
        raise ConfigError(f"{document.path}: `tool.edgelint` is not a table")
    document.values = values
    for route, span in places(document.text):
        document.keys[route] = document.spans[route] = span
