"""Findings for people: what is wrong, the source with a caret under it, the request that shows it, and what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from edgelint.finding import Authority, Confidence, Finding, Fix, Related, Severity, Witness
from edgelint.report import Report
from edgelint.report._places import Places
from edgelint.report._safe import visible, visible_character, width
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
AUTHORITIES: dict[Authority, str] = {
    "configuration": "by the configuration",
    "comment": "by comments",
    "baseline": "in the baseline",
}
GUTTER, STRONG = "1;34", "1"


def render(report: Report) -> str:
    """All findings, a paragraph each, and a line that sums up."""
    painter = Painter(report.colour)
    blocks = ["\n".join(painter.finding(finding)) for finding in report.findings]
    return "\n\n".join([*blocks, summary(report)]) + "\n"


def summary(report: Report) -> str:
    """What was found, in what, and what is not shown."""
    rules = sum(len(policy.rules) for policy in report.policies)
    scope = f"in {_count(len(report.policies), 'policy', 'policies')}, {_count(rules, 'rule', 'rules')}"
    rest = [
        _accepted(report),
        f"{report.hidden} more with --pedantic" if report.hidden else "",
        f"{_count(len(report.failures), 'check', 'checks')} failed" if report.failures else "",
    ]
    return "; ".join([f"{_tally(report.findings)} {scope}", *filter(None, rest)])


def _accepted(report: Report) -> str:
    counts = Counter(AUTHORITIES[accepted.by] for accepted in report.accepted)
    parts = [f"{counts[words]} {words}" for words in AUTHORITIES.values() if counts[words]]
    return f"accepted: {', '.join(parts)}" if parts else ""


def _tally(findings: tuple[Finding, ...]) -> str:
    if not findings:
        return "no findings"
    counts = Counter(finding.severity for finding in findings)
    parts = [f"{counts[severity]} {severity.value}" for severity in reversed(Severity) if counts[severity]]
    return f"{_count(len(findings), 'finding', 'findings')} ({', '.join(parts)})"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


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
        for label, text in self._notes(finding):
            first, *more = text.split("\n")
            yield f"{margin} {self.paint(GUTTER, '=')} {self.paint(STRONG, label + ':')} {first}"
            yield from (f"{margin}   {' ' * len(label)}  {line}" for line in more)

    def _title(self, finding: Finding) -> str:
        name = self.paint(COLOURS[finding.severity], f"{finding.severity.value}[{visible(finding.check)}]")
        doubt = "" if finding.confidence is Confidence.PROVEN else f" ({finding.confidence.value})"
        return f"{name}{doubt}{self.paint(STRONG, ': ' + visible(finding.message))}"

    def _source(self, finding: Finding, location: Location, margin: str) -> Iterator[str]:
        span = self.places.first_line(finding.place)
        if span is None or location.line is None or not finding.place.source.text:
            return
        source = finding.place.source
        line, carets = excerpt(source.text, self.places.lines(source).span(location.line), span)
        bar = self.paint(GUTTER, "|")
        yield f"{margin} {bar}"
        yield f"{self.paint(GUTTER, str(location.line))} {bar} {line}".rstrip()
        yield f"{margin} {bar} {self.paint(COLOURS[finding.severity], carets)}".rstrip()

    def _notes(self, finding: Finding) -> Iterator[tuple[str, str]]:
        for related in finding.related:
            yield "also", self._related(related)
        if finding.witness:
            yield "request", request(finding.witness)
        if finding.witness and finding.witness.trace:
            yield "trace", "\n".join(visible(step) for step in finding.witness.trace)
        for line in finding.detail:
            yield "note", visible(line)
        if finding.advice:
            yield "help", visible(finding.advice)
        for fix in finding.fixes:
            yield "fix" if fix.safe else "suggestion", self._fix(fix)

    def _fix(self, fix: Fix) -> str:
        """What a fix does, and below it what the settings it changes come to."""
        results = (f"{rule.phase} `{rule.name}` {word}: {text}" for rule, word, text in fix.results())
        return "\n".join(map(visible, (fix.title, *results)))

    def _related(self, related: Related) -> str:
        subject = related.subject
        place = where(self.places.location(subject.place))
        return f"{visible(subject.phase)} `{visible(subject.name or subject.id)}`, {visible(related.role)}: {place}"


def where(location: Location) -> str:
    """A location as editors and terminals recognise it, or a cell of a database."""
    if location.line is None:
        return visible(f"{location.path}: {location.logical}")
    return visible(f"{location.path}:{location.line}:{location.column}")


def request(witness: Witness) -> str:
    """The request as one command line, and the address it comes from."""
    return f"{visible(witness.request.curl())} (from {visible(witness.request.address)})"


def excerpt(text: str, line: Span, span: Span) -> tuple[str, str]:
    """The line as it is shown, cut around the span when it is long, and carets that stand under the span."""
    before = _shown(text[max(line.start, span.start - WIDTH) : span.start])
    marked = _shown(text[span.start : min(span.end, span.start + WIDTH)])
    after = _shown(text[span.end : min(line.end, span.end + WIDTH)])
    whole = span.start - line.start <= WIDTH and line.end - span.end <= WIDTH
    if not whole or width(before) + width(marked) + width(after) > WIDTH:
        marked = _head(marked, WIDTH - BEFORE)
        before = _tail(before, max(BEFORE, (WIDTH - width(marked)) // 3))
        after = _head(after, WIDTH - width(marked) - width(before))
    return before + marked + after, " " * width(before) + "^" * max(width(marked), 1)


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
