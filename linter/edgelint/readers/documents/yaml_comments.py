"""The comments of a YAML text that speak to this program: `# edgelint: ignore[check] reason`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from edgelint.record import record
from edgelint.source import Span

_COMMENT = re.compile(r"(?:^|(?<=[ \t]))#[ \t]*edgelint[ \t]*:[ \t]*(?P<words>[^\r\n]*)", re.MULTILINE)
_IGNORE = re.compile(r"ignore[ \t]*\[(?P<checks>[^\]]*)\](?P<reason>.*)")


@record
class Remark:
    """A comment that accepts findings: of which checks, and why. `alone` says that nothing else is on its line.

    Neither checks nor reason are there when the comment is not written as it should be.
    """

    span: Span
    alone: bool
    checks: tuple[str, ...] = ()
    reason: str = ""


def remarks(text: str, scalars: Iterable[Span]) -> tuple[Remark, ...]:
    """The remarks of a text, in order; `scalars` are the spans of its values, in which a `#` is text."""
    found = list(_COMMENT.finditer(text))
    if not found:
        return ()
    inside = [span for span in scalars if span.end > span.start]
    return tuple(
        _remark(text, one) for one in found if not any(span.start <= one.start() < span.end for span in inside)
    )


def _remark(text: str, found: re.Match[str]) -> Remark:
    before = re.split(r"[\r\n]", text[: found.start()])[-1]
    said = _IGNORE.fullmatch(found["words"].strip())
    span, alone = Span(*found.span()), not before.strip()
    if said is None:
        return Remark(span, alone)
    return Remark(span, alone, tuple(_names(said["checks"])), said["reason"].strip(" \t-:"))


def _names(listed: str) -> Iterator[str]:
    return (name.strip() for name in listed.split(",") if name.strip())
