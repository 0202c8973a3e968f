"""A text document as plain values, with a source whose places are found late, and what is wrong with it."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable
from itertools import islice

from edgelint.model.policy import Problem
from edgelint.readers.documents.yaml_comments import Remark
from edgelint.record import record
from edgelint.source import Inner, Place, Route, Source, Span

MOST_PROBLEMS = 20
"""How many problems of one kind are listed one by one in one document."""


@record
class Fault:
    """Something wrong at a span of code points of a text."""

    message: str
    start: int
    end: int


class UnreadableError(Exception):
    """A document that cannot be read at all."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(problems[0].message if problems else "")
        self.problems = problems


@record
class Document:
    """A document that was read: its plain values (dict, list, str, int, float, bool, None), problems and remarks."""

    value: object
    source: Source
    problems: tuple[Problem, ...] = ()
    remarks: tuple[Remark, ...] = ()


def document(
    value: object, name: str, text: str, faults: Iterable[Fault], find: Finder, remarks: tuple[Remark, ...] = ()
) -> Document:
    """A document from its parts."""
    source = Source(name, text, whole_text(find))
    return Document(value, source, problems(source, faults), remarks)


Finder = Callable[[Route, Inner | None], Span]


def whole_text(find: Finder) -> Finder:
    """The finder that takes the empty route with a span to mean a span of the whole text."""

    def found(route: Route, inner: Inner | None) -> Span:
        return find(route, inner) if route or not inner else Span(*inner)

    return found


def problems(source: Source, faults: Iterable[Fault]) -> tuple[Problem, ...]:
    """Faults as problems in the order of their places; of very many, the first."""
    listed = sorted(islice(faults, MOST_PROBLEMS + 1), key=lambda fault: fault.start)
    if len(listed) > MOST_PROBLEMS:
        last = listed[-1]
        listed[-1] = Fault("this problem and any further ones of this file are not listed", last.start, last.end)
    return tuple(_problem(source, fault) for fault in listed)


def _problem(source: Source, fault: Fault) -> Problem:
    return Problem("unreadable", fault.message, Place(source, (), (fault.start, fault.end)))


def unreadable(name: str, text: str, message: str, start: int = 0, end: int | None = None) -> UnreadableError:
    """The error for a text that is broken at a span of code points (one code point when no end is given)."""
    stop = min(start + 1, len(text)) if end is None else end
    source = Source(name, text, whole_text(lambda _route, _inner: Span(0, 0)))
    return UnreadableError(_problem(source, Fault(message, start, stop)))


def decode(name: str, data: bytes) -> tuple[str, tuple[Fault, ...]]:
    """The text of a UTF-8 file without its byte-order mark; bytes that are not UTF-8 become U+FFFD and a fault."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise unreadable(name, "", "the text is UTF-16, save it as UTF-8")
    body = data.removeprefix(codecs.BOM_UTF8)
    faults: tuple[Fault, ...] = ()
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        text, faults = body.decode(errors="replace"), (_not_utf8(body, len(data) - len(body), error),)
    if not text.strip():
        raise unreadable(name, text, "the file is empty")
    return text, faults


def _not_utf8(body: bytes, mark: int, error: UnicodeDecodeError) -> Fault:
    good = body[: error.start]
    line = good.count(b"\n") + good.count(b"\r") - good.count(b"\r\n") + 1
    start = len(good.decode())
    return Fault(f"the text is not UTF-8 at byte {mark + error.start}, line {line}", start, start + 1)


def quoted(text: str) -> str:
    """A short text of the user on one line, in back-ticks."""
    line = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text[:61])
    return f"`{line[:60]}...`" if len(line) > 60 else f"`{line}`"
