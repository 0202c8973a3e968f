"""Findings for reviewdog, which comments on pull requests at many hosts: its diagnostic format.

Columns count bytes of UTF-8 from 1, ends exclusive. Messages become Markdown in comments, so they are Markdown here.
"""

from __future__ import annotations

from edgelint.finding import Finding, Fix, Related, Severity
from edgelint.report import Report
from edgelint.report._markdown import code, markdown
from edgelint.report._places import Places
from edgelint.report._safe import Object, dump
from edgelint.report._words import HOME, doubt, part
from edgelint.source import Place, Source, Span

SEVERITIES = {
    Severity.CRITICAL: "ERROR",
    Severity.HIGH: "ERROR",
    Severity.MEDIUM: "WARNING",
    Severity.LOW: "INFO",
    Severity.INFO: "INFO",
}

LONGEST = 20
"""How many lines a suggestion replaces at most."""


def render(report: Report) -> str:
    """The report as one JSON document, in ASCII."""
    places = Places(report.root)
    return dump(
        {
            "source": {"name": "edgelint", "url": HOME},
            "diagnostics": [_diagnostic(finding, places) for finding in report.findings],
        }
    )


def _diagnostic(finding: Finding, places: Places) -> Object:
    diagnostic: Object = {
        "message": "\n".join(_message(finding)),
        "location": _location(finding.place, places),
        "severity": SEVERITIES[finding.severity],
        "code": {"value": finding.check, "url": HOME},
    }
    if suggestions := _suggestions(finding, places):
        diagnostic["suggestions"] = suggestions
    if finding.related:
        diagnostic["related_locations"] = [_related(related, places) for related in finding.related]
    return diagnostic


def _message(finding: Finding) -> list[str]:
    lines = [f"{markdown(finding.message)}{doubt(finding)}"]
    if finding.advice:
        lines.append(f"help: {markdown(finding.advice)}")
    if finding.witness:
        lines.append(f"request: {code(finding.witness.request.curl())} (from {code(finding.witness.request.address)})")
    return lines


def _location(place: Place, places: Places) -> Object:
    location: Object = {"path": places.path(place.source.name)}
    span = places.mark(place)
    return {**location, "range": _range(place.source, span, places)} if span else location


def _range(source: Source, span: Span, places: Places) -> Object:
    (line, column), (end_line, end_column) = (
        places.position(source, offset, "utf-8") for offset in (span.start, span.end)
    )
    return {"start": {"line": line, "column": column}, "end": {"line": end_line, "column": end_column}}


def _related(related: Related, places: Places) -> Object:
    return {"message": markdown(part(related)), "location": _location(related.subject.place, places)}


def _suggestions(finding: Finding, places: Places) -> list[Object]:
    """A suggestion for each fix in the finding's own file, the best first; of the others those that change the same lines.

    A comment on a pull request stands at the lines of the first one, and reviewdog puts an error into it for any other.
    """
    wholes = [_whole(fix) for fix in finding.fixes if _is_at_hand(fix, finding)]
    lines = [_lines(source, span, places) for source, span, _ in wholes]
    return [
        {"range": _range(source, span, places), "text": text}
        for (source, span, text), (first, last) in zip(wholes, lines, strict=True)
        if (first, last) == lines[0] and last - first < LONGEST
    ]


def _lines(source: Source, span: Span, places: Places) -> tuple[int, int]:
    lines = places.lines(source)
    return lines.position(span.start)[0], lines.position(span.end)[0]


def _is_at_hand(fix: Fix, finding: Finding) -> bool:
    """Whether a fix can be made by hand where the finding is: a suggestion cannot name another file."""
    return {piece.source.name for piece in fix.replacements} == {finding.place.source.name}


def _whole(fix: Fix) -> tuple[Source, Span, str]:
    """The replacements of a fix as a single one, with what lies between them: a suggestion cannot have two."""
    pieces = sorted(fix.replacements, key=lambda piece: piece.span.start)
    source, start = pieces[0].source, pieces[0].span.start
    text, end = "", start
    for piece in pieces:
        text += source.text[end : piece.span.start] + piece.text
        end = piece.span.end
    return source, Span(start, end), text
