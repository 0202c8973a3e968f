"""JSON documents: one parse at C speed, and places found on demand by walking the text along a route.

What JSON (RFC 8259) forbids or leaves open is a problem with its place, and the rest is still read: duplicate keys (the
last one counts), `NaN` and `Infinity`, lone surrogates (read as U+FFFD), integers longer than Python converts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from json.decoder import JSONDecoder

from edgelint.readers.documents.document import Document, Fault, document, quoted, unreadable
from edgelint.readers.documents.scalars import Unit, narrow
from edgelint.source import Inner, Route, Span

LONGEST_INTEGER = 4000
"""Digits of the longest integer that is read as a number."""

# Patterns that few texts need are compiled by `re` when they are first used.
_ESCAPE = (
    r"(?s)\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<lone>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)"
)
_LEXEME = r'(?s)(?P<text>"[^"\\]*+(?:\\.[^"\\]*+)*+")|(?P<mark>[{}\[\],:])|(?P<word>[^\s{}\[\],:"]++)'
_UNIT = r"(?s)[^\\]++|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\."
_BLANK = re.compile(r"[ \t\n\r]*+")
_WORDS = frozenset({"NaN", "Infinity", "-Infinity"})


def read(name: str, text: str) -> Document:
    """The document of a JSON text; raises UnreadableError with the place where the text stops being JSON."""
    repaired, surrogates = _without_lone_surrogates(text)
    faults: Iterable[Fault] = surrogates
    reading = _Reading()
    try:
        value = reading.load(repaired)
    except json.JSONDecodeError as error:
        raise unreadable(name, text, f"the text is not valid JSON: {_lower(error.msg)}", error.pos) from None
    except RecursionError:
        raise unreadable(name, text, "values are nested too deeply to be read", _deepest(text)) from None
    if reading.odd:
        faults = chain(surrogates, _odd_words(repaired))
    return document(value, name, text, faults, _Finder(repaired).find)


class _Reading:
    """One parse of a text, and whether it met anything that has to be looked for."""

    def __init__(self) -> None:
        self.odd = False

    def load(self, text: str) -> object:
        try:
            return json.loads(text, object_pairs_hook=self._object, parse_constant=self._constant)
        except json.JSONDecodeError:
            raise
        except ValueError:  # an integer longer than Python converts
            return json.loads(
                text, object_pairs_hook=self._object, parse_constant=self._constant, parse_int=self._integer
            )

    def _object(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        value = dict(pairs)
        self.odd |= len(value) != len(pairs)
        return value

    def _constant(self, word: str) -> float:
        self.odd = True
        return float(word.replace("Infinity", "inf"))

    def _integer(self, digits: str) -> int | float:
        if len(digits) <= LONGEST_INTEGER:
            return int(digits)
        self.odd = True
        return float("-inf" if digits.startswith("-") else "inf")


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:].removesuffix(" at")


def _without_lone_surrogates(text: str) -> tuple[str, tuple[Fault, ...]]:
    """The text with lone surrogate escapes replaced by an escape of the same length, and where they were."""
    if "\\u" not in text:
        return text, ()
    lone = [match.start() for match in re.finditer(_ESCAPE, text) if match["lone"]]
    if not lone:
        return text, ()
    pieces, at = [], 0
    for start in lone:
        pieces += [text[at:start], "\\ufffd"]
        at = start + 6
    message = "half of a surrogate pair is no character"
    return "".join([*pieces, text[at:]]), tuple(Fault(message, start, start + 6) for start in lone)


def _deepest(text: str) -> int:
    """The offset where brackets nest deeper than 500."""
    depth = 0
    for match in re.finditer(_LEXEME, text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(match[0], 0)
        if depth > 500:
            return match.start()
    return 0


def _odd_words(text: str) -> Iterator[Fault]:
    """Duplicate keys, words that are no JSON, and integers that are too long, of a text that parses."""
    open_objects: list[set[str] | None] = []
    previous = None
    for match in re.finditer(_LEXEME, text):
        word = match[0]
        if word == ":" and previous and open_objects and open_objects[-1] is not None:
            key = json.loads(previous[0])
            if key in open_objects[-1]:
                yield Fault(f"key {quoted(key)} stands twice in one object, the last one counts", *previous.span())
            open_objects[-1].add(key)
        elif word in ("[", "{"):
            open_objects.append(set() if word == "{" else None)
        elif word in ("]", "}"):
            open_objects.pop()
        elif match["word"]:
            yield from _odd_word(word, match)
        previous = match if match["text"] else None


def _odd_word(word: str, match: re.Match[str]) -> Iterator[Fault]:
    if word in _WORDS:
        yield Fault(f"`{word}` is not JSON", *match.span())
    elif len(word) > LONGEST_INTEGER and word.removeprefix("-").isdigit():
        yield Fault(f"a number of {len(word)} digits is too long", *match.span())


class _Finder:
    """Places in a JSON text. What was walked once is kept, so that many look-ups in one file cost little more than one."""

    def __init__(self, text: str) -> None:
        self._text = text
        # Values are only skipped, so numbers need no conversion.
        skipper = JSONDecoder(strict=False, parse_int=len, parse_float=len, parse_constant=len)
        self._skip = skipper.raw_decode
        self._children: dict[int, dict[str | int, Span]] = {}
        self._root: Span | None = None

    def find(self, route: Route, inner: Inner | None) -> Span:
        try:
            span = self._root = self._root or self._value(self._blank(0))
            for step in route:
                children = self._inside(span.start)
                if step not in children:
                    return span
                span = children[step]
        except RecursionError:  # deep input, looked for from deep code
            return Span(0, 0)
        return self._narrow(span, inner) if inner else span

    def _narrow(self, span: Span, inner: Inner) -> Span:
        if self._text[span.start] != '"':
            return span
        content = Span(span.start + 1, span.end - 1)
        return narrow(self._units(content), inner, content)

    def _units(self, content: Span) -> Iterator[Unit]:
        for match in re.compile(_UNIT).finditer(self._text, content.start, content.end):
            yield match.start(), match.end(), 1 if match[0][0] == "\\" else match.end() - match.start()

    def _value(self, start: int) -> Span:
        return Span(start, self._skip(self._text, start)[1])

    def _blank(self, at: int) -> int:
        match = _BLANK.match(self._text, at)
        return match.end() if match else at

    def _inside(self, start: int) -> dict[str | int, Span]:
        """The spans of the values inside the object or list that starts here."""
        if start not in self._children:
            opening = self._text[start]
            walk = self._members if opening == "{" else self._elements if opening == "[" else None
            self._children[start] = dict(walk(start + 1)) if walk else {}
        return self._children[start]

    def _elements(self, at: int) -> Iterator[tuple[int, Span]]:
        at, index = self._blank(at), 0
        while self._text[at] != "]":
            span = self._value(at)
            yield index, span
            at, index = self._next(span.end), index + 1

    def _members(self, at: int) -> Iterator[tuple[str, Span]]:
        at = self._blank(at)
        while self._text[at] != "}":
            key, end = self._skip(self._text, at)
            span = self._value(self._blank(self._blank(end) + 1))
            yield key, span
            at = self._next(span.end)

    def _next(self, at: int) -> int:
        """The start of the next value, or the closing bracket."""
        at = self._blank(at)
        return self._blank(at + 1) if self._text[at] == "," else at
