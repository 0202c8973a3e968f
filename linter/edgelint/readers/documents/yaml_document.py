"""YAML documents: parse events to plain values with the span of every value.

Scalars are resolved by the core schema of YAML 1.2 (section 10.3.2): `no`, `017` and `1:30` are text. Line and paragraph
separators and NEL are ordinary characters, as YAML 1.2 has them. Aliases share the value they stand for, merge keys are
followed; what both could grow to is bounded. Duplicate keys (the last one counts), keys that are no text, unknown tags and
further documents are problems with their places, and the rest is still read.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import yaml
from yaml import events

from edgelint.readers.documents.document import Document, Fault, document, quoted, unreadable
from edgelint.readers.documents.scalars import narrow
from edgelint.readers.documents.yaml_comments import remarks
from edgelint.readers.documents.yaml_scalars import content_of, units_of
from edgelint.readers.documents.yaml_schema import COLLECTION_TAGS, resolved, shown, tagged
from edgelint.source import Inner, Route, Span

MOST_LEVELS = 200
"""Deepest nesting that is read."""
MOST_VALUES = 500_000
"""How many values a document may hold, aliases counted as what they stand for."""
LONGEST_WITHOUT_LIBYAML = 4 * 1024 * 1024
"""Code points read by the parser in plain Python, which takes seconds for a million."""

_LOADER = getattr(yaml, "CSafeLoader", None)
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BREAKS = "\x85\u2028\u2029"
_PROPERTY = re.compile(r"(?:[&!][^\s,\[\]{}]*+(?:\s++|\#[^\n]*+)*+)++")
_NOWHERE = Span(0, 0)


def read(name: str, text: str) -> Document:
    """The document of a YAML text; raises UnreadableError with the place where the text stops being YAML."""
    wrong = _UNPRINTABLE.search(text)
    if wrong:
        raise unreadable(name, text, f"the text holds the control character U+{ord(wrong[0]):04X}", wrong.start())
    if _LOADER is None and len(text) > LONGEST_WITHOUT_LIBYAML:
        raise unreadable(name, text, "the text is too long for the YAML parser without libyaml")
    tree = _Tree(name, text)
    with _without_collector():
        tree.build()
    said = remarks(text, _scalars(tree.root)) if "edgelint" in text else ()
    return document(tree.value, name, text, tree.faults, _Finder(text, tree.root).find, said)


@dataclass(slots=True)
class Node:
    """Where one value stands: its span, its style and text if it is a scalar, the nodes inside it if it is not."""

    start: int
    end: int
    style: str = ""
    text: str = ""
    inside: dict[str | int, Node] = field(default_factory=dict)
    original: Node | None = None
    """The node an alias stands for."""


@dataclass(slots=True)
class _Frame:
    """A mapping or sequence that is not finished."""

    value: dict[str, object] | list[object]
    node: Node
    anchor: str | None
    flow: bool
    size: int = 1
    key: str | None = None
    merging: bool = False
    key_span: Span = _NOWHERE
    merged: list[tuple[object, Node]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Item:
    """A finished value: the value, its node, how many values it holds."""

    value: object
    node: Node
    size: int = 1


class _Tree:
    """The values and nodes of one document, built from events without recursion."""

    def __init__(self, name: str, text: str) -> None:
        self.name, self.text = name, text
        self.value: object = None
        self.root = Node(0, 0)
        self.faults: list[Fault] = []
        self._frames: list[_Frame] = []
        self._anchors: dict[str, _Item] = {}
        self._documents = self._values = 0
        self._to_breaks, self._shielded = _shield(text)

    def build(self) -> None:
        loader = _LOADER or yaml.SafeLoader
        try:
            for event in yaml.parse(self._shielded, Loader=loader):
                if not self._take(event):
                    return
        except yaml.MarkedYAMLError as error:
            at = min(getattr(error.problem_mark or error.context_mark, "index", 0), len(self.text))
            if "nesting depth" in (error.problem or ""):  # the parser's own limit (PyYAML 6.0.4), met as it looks ahead
                raise unreadable(self.name, self.text, "values are nested too deeply to be read", at) from None
            message = quoted(error.problem or error.context or "syntax")[1:-1]
            raise unreadable(self.name, self.text, f"the text is not valid YAML: {message}", at) from None

    def _take(self, event: events.Event) -> bool:
        """Whether to go on after this event."""
        match event:
            case events.ScalarEvent():
                self._scalar(event)
            case events.AliasEvent():
                self._alias(event)
            case events.CollectionStartEvent():
                self._open(event)
            case events.CollectionEndEvent():
                self._close(event)
            case events.DocumentStartEvent():
                return self._document(event)
        return True

    def _document(self, event: events.DocumentStartEvent) -> bool:
        self._documents += 1
        if self._documents > 1:
            self._fault("only the first document of a file is read, here is the second", *_span(event))
        return self._documents == 1

    def _fault(self, message: str, start: int, end: int) -> None:
        self.faults.append(Fault(message, start, end))

    def _scalar(self, event: events.ScalarEvent) -> None:
        text = event.value.translate(self._to_breaks) if self._to_breaks else event.value
        plain = not event.style and not event.tag
        node = Node(*_span(event), event.style or "", text)
        if event.tag or event.anchor:
            node.start = self._behind_properties(node.start, node.end)
        if event.style in ("|", ">"):
            node.end = content_of(self.text, node.start, node.end, node.style).end
        frame = self._frames[-1] if self._frames else None
        if frame and frame.key is None and isinstance(frame.value, dict):
            self._key(frame, text, node, plain=plain)
            if event.anchor:
                self._anchors[event.anchor] = _Item(text, node)
            return
        value: object = resolved(text) if plain else text
        if event.tag and event.tag != "!":
            value = self._tagged(event.tag, text, node)
        self._count(1, node)
        self._add(_Item(value, node), event.anchor)

    def _count(self, size: int, node: Node) -> None:
        self._values += size
        if self._values > MOST_VALUES:
            message = f"the text holds more than {MOST_VALUES} values"
            raise unreadable(self.name, self.text, message, node.start, node.end)

    def _behind_properties(self, start: int, end: int) -> int:
        """Where a value begins, behind its anchor and tag."""
        match = _PROPERTY.match(self.text, start) if start < end else None
        return min(match.end(), end) if match else start

    def _key(self, frame: _Frame, text: str, node: Node, *, plain: bool) -> None:
        if plain and not isinstance(resolved(text), str):
            self._fault(f"key {quoted(text)} is no text, it is read as text", node.start, node.end)
        frame.key, frame.key_span = text, Span(node.start, node.end)
        frame.merging = plain and text == "<<"

    def _tagged(self, tag: str, text: str, node: Node) -> object:
        try:
            return tagged(tag, text)
        except LookupError:
            message = f"tag {quoted(shown(tag))} is not followed, the value is read as text"
            self._fault(message, node.start, node.end)
            return text

    def _alias(self, event: events.AliasEvent) -> None:
        start, end = _span(event)
        item = self._anchors.get(event.anchor or "")
        if item is None:
            message = f"alias {quoted(self.text[start:end])} stands for nothing"
            raise unreadable(self.name, self.text, message, start, end)
        frame = self._frames[-1]
        if isinstance(frame.value, dict) and frame.key is None:
            self._fault("an alias as a key is not followed", start, end)
            frame.key, frame.key_span = self.text[start:end], Span(start, end)
            return
        node = Node(start, end, inside=item.node.inside, original=item.node.original or item.node)
        self._count(item.size, node)
        self._add(_Item(item.value, node, item.size), None)

    def _open(self, event: events.CollectionStartEvent) -> None:
        start, end = _span(event)
        if event.tag or event.anchor:
            start = self._behind_properties(start, len(self.text))
        if len(self._frames) == MOST_LEVELS:
            raise unreadable(self.name, self.text, "values are nested too deeply to be read", start)
        if event.tag and event.tag not in COLLECTION_TAGS:
            self._fault(f"tag {quoted(shown(event.tag))} is not followed", start, end)
        value: dict[str, object] | list[object] = {} if isinstance(event, events.MappingStartEvent) else []
        node = Node(start, start)
        self._count(1, node)
        self._frames.append(_Frame(value, node, event.anchor, bool(event.flow_style)))

    def _close(self, event: events.CollectionEndEvent) -> None:
        frame = self._frames.pop()
        if frame.flow:
            frame.node.end = _span(event)[1]
        for value, node in frame.merged:
            self._merge(frame, value, node)
        self._add(_Item(frame.value, frame.node, frame.size), frame.anchor)

    def _add(self, item: _Item, anchor: str | None) -> None:
        """Put a finished value where it belongs: into the open collection, or at the top."""
        if anchor is not None:
            self._anchors[anchor] = item
        if not self._frames:
            self.value, self.root = item.value, item.node
            return
        frame = self._frames[-1]
        frame.size += item.size
        frame.node.end = max(frame.node.end, item.node.end)
        if isinstance(frame.value, list):
            frame.node.inside[len(frame.value)] = item.node
            frame.value.append(item.value)
        else:
            self._member(frame, frame.value, item)

    def _member(self, frame: _Frame, members: dict[str, object], item: _Item) -> None:
        key, frame.key = frame.key, None
        if key is None:
            self._fault("a list or mapping as a key is not read", item.node.start, item.node.end)
            frame.key, frame.key_span = "", Span(item.node.start, item.node.start + 1)
            return
        if frame.merging:
            frame.merging = False
            frame.merged.append((item.value, item.node))
            return
        if key in members:
            span = frame.key_span
            message = f"key {quoted(key)} stands twice in one mapping, the last one counts"
            self._fault(message, span.start, span.end)
        members[key] = item.value
        frame.node.inside[key] = item.node

    def _merge(self, frame: _Frame, value: object, node: Node) -> None:
        """Take over the members of one mapping, or of each of a list of them, that are not there yet."""
        sources = list(value) if isinstance(value, list) else [value]
        nodes = [node.inside[index] for index in range(len(sources))] if isinstance(value, list) else [node]
        for source, inside in zip(sources, nodes, strict=True):
            if not isinstance(source, dict):
                self._fault("only a mapping can be merged with `<<`", inside.start, inside.end)
            elif isinstance(frame.value, dict):
                frame.value |= source | frame.value
                frame.node.inside |= inside.inside | frame.node.inside


@contextmanager
def _without_collector() -> Iterator[None]:
    """No collection of reference cycles: very many small objects, none in a cycle, are built in two thirds of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _span(event: events.Event) -> tuple[int, int]:
    """The code points an event was read from."""
    return getattr(event.start_mark, "index", 0), getattr(event.end_mark, "index", 0)


def _shield(text: str) -> tuple[dict[int, int], str]:
    """The text with NEL, LS and PS, line breaks only to YAML 1.1, replaced one to one; and how to undo it."""
    present = [letter for letter in _BREAKS if letter in text]
    if not present:
        return {}, text
    used = set(text)
    free = (code for code in range(0xE000, 0xF8FF) if chr(code) not in used)
    there = {ord(letter): next(free, 0xFFFD) for letter in present}  # no real text holds all private characters
    return {code: letter for letter, code in there.items()}, text.translate(there)


def _scalars(root: Node) -> Iterator[Span]:
    """The spans of all values that are texts, without recursion."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.original is None:
            waiting += node.inside.values()
            if not node.inside:
                yield Span(node.start, node.end)


class _Finder:
    """Places in a YAML text, read from its nodes."""

    def __init__(self, text: str, root: Node) -> None:
        self._text, self._root = text, root

    def find(self, route: Route, inner: Inner | None) -> Span:
        node = self._root
        for step in route:
            if step not in node.inside:
                return Span(node.start, node.end)
            node = node.inside[step]
        scalar = node.original or node
        if not inner or scalar.inside:
            return Span(node.start, node.end)
        content = content_of(self._text, scalar.start, scalar.end, scalar.style)
        return narrow(self._units(scalar, content), inner, content)

    def _units(self, scalar: Node, content: Span) -> Iterator[tuple[int, int, int]]:
        return units_of(self._text, content, scalar.style, scalar.text)
