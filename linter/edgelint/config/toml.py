"""The table `tool.edgelint` of a pyproject.toml, and where its keys stand.

The standard library gives values without places, so keys are looked for line by line. A key inside a list or an inline table
is not found; the place is then that of the key in front of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from edgelint.source import Route, Span, line_and_column

TABLE = ("tool", "edgelint")

_PART = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')"""
_DOT = r"[ \t]*\.[ \t]*"
_DOTTED = rf"{_PART}(?:{_DOT}{_PART})*"
_LINE = re.compile(
    rf"^[ \t]*(?:(?P<open>\[\[?)[ \t]*(?P<table>{_DOTTED})[ \t]*\]|(?P<key>{_DOTTED})[ \t]*=)", re.MULTILINE
)
_DEEP = re.compile(rf"^[ \t]*\[?\[?[ \t]*(?:{_PART}{_DOT}){{20}}", re.MULTILINE)
_MOST_DOTS = 2000
"""No project needs keys of twenty steps, or lines with so many dots: what the parser takes grows with the square of both."""


class TomlError(Exception):
    """A text is no TOML, or is not read; its text is `line:column: what is wrong`."""


def table(text: str) -> object:
    """The value of our table, None when there is none. Raises TomlError."""
    import tomllib  # late: most folders have no such file

    if found := _DEEP.search(text):
        raise _error(text, found.start(), "this is nested too deeply")
    if any(line.count(".") > _MOST_DOTS for line in text.split("\n")):
        raise _error(text, 0, "a line of this file has too many dots to be read")
    try:
        value: object = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _told(text, str(error)) from error
    except RecursionError as error:
        raise _error(text, 0, "something in this file is nested too deeply") from error
    for step in TABLE:
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _told(text: str, message: str) -> TomlError:
    """What the parser says, with the place first."""
    found = re.fullmatch(r"(?P<what>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)", message)
    what = found["what"] if found else message
    what = re.sub(r"\('(.*?)',?\)", lambda names: f"`{names[1]}`".replace("', '", "."), what)
    what = f"not TOML: {what[:1].lower()}{what[1:]}"
    if found and found["line"]:
        return TomlError(f"{found['line']}:{found['column']}: {what}")
    return _error(text, len(text), what)


def _error(text: str, offset: int, what: str) -> TomlError:
    line, column = line_and_column(text, offset)
    return TomlError(f"{line}:{column}: {what}")


def places(text: str) -> Iterator[tuple[Route, Span]]:
    """The keys of our table that stand at the start of a line, and the tables below it, each with its place."""
    for route, span in _places(text):
        if route[: len(TABLE)] == TABLE:
            yield route[len(TABLE) :], span


def _places(text: str) -> Iterator[tuple[Route, Span]]:
    counts: dict[Route, int] = {}
    current: Route = ()
    for found in _LINE.finditer(text):
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
