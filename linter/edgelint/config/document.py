"""A configuration file as plain values, each with its place. YAML is read event by event: no tags, aliases or depth."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import yaml

from edgelint.config import ConfigError
from edgelint.source import Inner, Place, Route, Source, Span, line_and_column

DEPTH = 12
"""How deep values may be nested; the schema needs five levels."""

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
        return ConfigError(f"{self.path}:{line}:{column}: {message}")


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
        document.values = _node(document, events, next(events), ())
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
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    return int(text) if re.fullmatch(r"[-+]?[0-9]{1,18}", text) else text


# TOML: the standard library gives values without places, so keys are looked for line by line. A key inside a list or an
# inline table is not found; the place is then that of the key in front of it.


def _read_toml(document: Document) -> None:
    try:
        table = tomllib.loads(document.text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise _toml_error(document, error) from error
    for step in ("tool", "edgelint"):
        table = table.get(step, {})
        if not isinstance(table, dict):
            raise ConfigError(f"{document.path}: `tool.edgelint` is not a table")
    document.values = table
    for route, span in _toml_places(document.text):
        if route[:2] == ("tool", "edgelint"):
            document.keys[route[2:]] = document.spans[route[2:]] = span


def _toml_error(document: Document, error: Exception) -> ConfigError:
    found = re.match(r"(?P<what>.*) \(at line (?P<line>\d+), column (?P<column>\d+)\)", str(error))
    if found:
        what = found["what"][:1].lower() + found["what"][1:]
        return ConfigError(f"{document.path}:{found['line']}:{found['column']}: not TOML: {what}")
    return ConfigError(f"{document.path}: not TOML")


_PART = r"""(?:[A-Za-z0-9_-]+|"[^"\\\n]*"|'[^'\n]*')"""
_DOTTED = rf"{_PART}(?:[ \t]*\.[ \t]*{_PART})*"
_TOML_LINE = re.compile(
    rf"^[ \t]*(?:(?P<open>\[\[?)[ \t]*(?P<table>{_DOTTED})[ \t]*\]|(?P<key>{_DOTTED})[ \t]*=)", re.MULTILINE
)


def _toml_places(text: str) -> Iterator[tuple[Route, Span]]:
    """Every table and key that stands at the start of a line, with its place."""
    counts: dict[Route, int] = {}
    current: Route = ()
    for found in _TOML_LINE.finditer(text):
        if found["table"]:
            current = _steps(found["table"])
            if found["open"] == "[[":
                counts[current] = counts.get(current, -1) + 1
                yield current, Span(*found.span("table"))
                current = (*current, counts[current])
            yield current, Span(*found.span("table"))
        else:
            yield current + _steps(found["key"]), Span(*found.span("key"))


def _steps(dotted: str) -> Route:
    return tuple(part.strip("\"'") for part in re.findall(_PART, dotted))
