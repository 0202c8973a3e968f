"""The inside of YAML scalars of every style: plain, quoted, literal and folded."""

from __future__ import annotations

import re
from collections.abc import Iterator

from edgelint.readers.documents.scalars import Unit
from edgelint.source import Span

_BREAK = re.compile(r"\r\n|\r|\n")
_LINE_FEEDS = re.compile(r"\n*+")
_SPACES = re.compile(r" *+")
_FOLD = r"(?P<fold>[ \t]*+(?:\r\n?|\n)[ \t\r\n]*+)"
_BLANK = r"[ \t]++"
_PLAIN = re.compile(rf"{_FOLD}|{_BLANK}|[^ \t\r\n]++")
_SINGLE = re.compile(rf"{_FOLD}|{_BLANK}|(?P<escape>'')|[^ \t\r\n']++")
_DOUBLE = re.compile(
    rf"(?P<joined>\\(?:\r\n?|\n)[ \t\r\n]*+)|{_FOLD}|{_BLANK}"
    r"|(?P<escape>\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.))|[^ \t\r\n\\]++"
)
_FLOW = {"": _PLAIN, "'": _SINGLE, '"': _DOUBLE}


def content_of(text: str, start: int, end: int, style: str) -> Span:
    """What is between the quotes of a quoted scalar, the whole of any other, without blank lines at the end of a block."""
    if style in ("'", '"'):
        return Span(start, end)
    if style:
        return Span(start, start + len(text[start:end].rstrip()))
    return Span(start, end)


def units_of(text: str, content: Span, style: str, value: str) -> Iterator[Unit]:
    """The units of a scalar in the order of its value."""
    if style in _FLOW:
        quotes = len(style)
        return _flow_units(text, content.start + quotes, content.end - quotes, _FLOW[style])
    return _block_units(text, content.start, style, value)


def _flow_units(text: str, start: int, end: int, pattern: re.Pattern[str]) -> Iterator[Unit]:
    for match in pattern.finditer(text, start, end):
        yield match.start(), match.end(), _length(match)


def _length(match: re.Match[str]) -> int:
    """How many code points a stretch stands for: one line break is a space, more are one less."""
    kind = match.lastgroup
    if kind == "escape":
        return 1
    if kind in ("fold", "joined"):
        breaks = len(_BREAK.findall(match[0]))
        return breaks - 1 if kind == "joined" else max(breaks - 1, 1)
    return match.end() - match.start()


_Line = tuple[int, int, int]
"""Where a line of a block begins, where it ends, and where the next one begins."""


def _block_units(text: str, start: int, style: str, value: str) -> Iterator[Unit]:
    """The lines of a block scalar without their indentation, and the breaks between them."""
    indent = _indentation(text, start, value)
    lines = _lines(text, start)
    line = next(lines, None)
    at = 0
    while line and at < len(value):
        begin, stop, after = line
        if stop - begin > indent:
            yield begin + indent, stop, stop - begin - indent
            at += stop - begin - indent
        breaks = [(stop, after)]
        line = next(lines, None)
        while style == ">" and line and line[1] - line[0] <= indent:
            breaks.append(line[1:])
            line = next(lines, None)
        for unit in _breaks(breaks, value, at):
            yield unit
            at += unit[2]


def _breaks(breaks: list[tuple[int, int]], value: str, at: int) -> Iterator[Unit]:
    """The breaks between two lines: the last ones stand for the line feeds, or one for a space; the others for nothing."""
    run = _LINE_FEEDS.match(value, at)
    kept = max(run.end() - at if run else 0, 1)
    for index, (begin, end) in enumerate(breaks):
        yield begin, end, int(index >= len(breaks) - kept)


def _lines(text: str, start: int) -> Iterator[_Line]:
    """The lines behind the header of a block scalar, on to the end of the text."""
    header = _BREAK.search(text, start)
    at = header.end() if header else len(text)
    while at < len(text):
        found = _BREAK.search(text, at)
        stop, after = found.span() if found else (len(text), len(text))
        yield at, stop, after
        at = after


def _indentation(text: str, start: int, value: str) -> int:
    """How many spaces in front of each line of a block belong to the block, told by its first line that is not blank."""
    at = 0
    for begin, stop, _ in _lines(text, start):
        line = text[begin:stop]
        if line.strip(" "):
            return _leading(line, 0) - _leading(value, at)
        at = value.find("\n", at) + 1
    return 0


def _leading(line: str, at: int) -> int:
    found = _SPACES.match(line, at)
    return found.end() - at if found else 0
