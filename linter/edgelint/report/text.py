"""Findings for people: what is wrong, the source with a caret under it, the request that shows it, and what to do."""

from __future__ import annotations

from collections.abc import Iterator

from edgelint.finding import Finding, Severity
from edgelint.report import Report
from edgelint.report._places import Places
from edgelint.report._safe import visible, visible_character, width
from edgelint.report._words import doubt, notes, summary, where
from edgelint.source import Location, Span

WIDTH = 110
"""The greatest number of cells of a source line that is shown."""

BEFORE = 24
"""How many cells in front of the span stay visible when a line is cut."""

COLOURS = {
    Severity.CRITICAL: "1;31",
    Severity.HIGH: "1;31",
    Severity.MEDIUM: "1;33",
    Severity.LOW: "1;36",
    Severity.INFO: "1;36",
}
GUTTER, STRONG = "1;34", "1"


def render(report: Report) -> str:
    """All findings, a paragraph each, and a line that sums up."""
    painter = Painter(report.colour)
    blocks = ["\n".join(painter.finding(finding)) for finding in report.findings]
    return "\n\n".join([*blocks, summary(report)]) + "\n"


class Painter:
    """Lays out one finding at a time. All text of others goes through `visible` before a colour is put around it."""

    def __init__(self, colour: bool) -> None:
        self.colour = colour
        self.places = Places()

    def paint(self, code: str, text: str) -> str:
        """The text in a colour, where colours are wanted."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and text else text

    def finding(self, finding: Finding) -> Iterator[str]:
        """The lines of a finding."""
        location = self.places.location(finding.place)
        margin = " " * (len(str(location.line)) if location.line else 1)
        yield self._title(finding)
        yield f"{margin}{self.paint(GUTTER, '-->')} {where(location)}"
        yield from self._source(finding, location, margin)
        for label, text in notes(finding, self.places):
            first, *more = text.split("\n")
            yield f"{margin} {self.paint(GUTTER, '=')} {self.paint(STRONG, label + ':')} {first}"
            yield from (f"{margin}   {' ' * len(label)}  {line}" for line in more)

    def _title(self, finding: Finding) -> str:
        name = self.paint(COLOURS[finding.severity], f"{finding.severity.value}[{visible(finding.check)}]")
        return f"{name}{doubt(finding)}{self.paint(STRONG, ': ' + visible(finding.message))}"

    def _source(self, finding: Finding, location: Location, margin: str) -> Iterator[str]:
        span = self.places.mark(finding.place)
        if span is None or location.line is None:
            return
        source = finding.place.source
        line, carets = excerpt(source.text, self.places.lines(source).span(location.line), span)
        bar = self.paint(GUTTER, "|")
        yield f"{margin} {bar}"
        yield f"{self.paint(GUTTER, str(location.line))} {bar} {line}".rstrip()
        yield f"{margin} {bar} {self.paint(COLOURS[finding.severity], carets)}".rstrip()


def excerpt(text: str, line: Span, span: Span) -> tuple[str, str]:
    """The line as it is shown, cut around the span when it is long, and carets that stand under the span."""
    before, marked, after = pieces(text, line, span)
    return before + marked + after, " " * width(before) + "^" * max(width(marked), 1)


def pieces(text: str, line: Span, span: Span) -> tuple[str, str, str]:
    """What is shown of a line before a span, of the span, and after it."""
    before = _shown(text[max(line.start, span.start - WIDTH) : span.start])
    marked = _shown(text[span.start : min(span.end, span.start + WIDTH)])
    after = _shown(text[span.end : min(line.end, span.end + WIDTH)])
    whole = span.start - line.start <= WIDTH and line.end - span.end <= WIDTH
    if not whole or width(before) + width(marked) + width(after) > WIDTH:
        marked = _head(marked, WIDTH - BEFORE)
        before = _tail(before, max(BEFORE, (WIDTH - width(marked)) // 3))
        after = _head(after, WIDTH - width(marked) - width(before))
    return before, marked, after


def _shown(text: str) -> str:
    return "".join("    " if character == "\t" else visible_character(character) for character in text)


def _head(text: str, cells: int) -> str:
    """The beginning of a text, cut to so many cells."""
    if width(text) <= cells:
        return text
    while text and width(text) > cells - 3:
        text = text[:-1]
    return f"{text}..."[: max(cells, 0)]


def _tail(text: str, cells: int) -> str:
    """The end of a text, cut to so many cells."""
    if width(text) <= cells:
        return text
    while text and width(text) > cells - 3:
        text = text[1:]
    return f"...{text}"
