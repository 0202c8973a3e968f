"""Findings as annotations of GitHub Actions: a workflow command each, then a line that sums up.

GitHub keeps ten annotations of a kind for each step and drops the others without a word, so the gravest come first and what
is left out is counted. It does not say what its columns count: these are UTF-16 units, as in JavaScript, ends exclusive.
"""

from __future__ import annotations

from edgelint.finding import Finding, Severity
from edgelint.report import Report
from edgelint.report._places import Places
from edgelint.report._safe import visible
from edgelint.report._words import count, doubt, labelled, notes, ranked, summary

KINDS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "notice",
    Severity.INFO: "notice",
}

MOST = 10
"""How many annotations of a kind GitHub takes from a step."""

LONGEST = 4000
"""How many UTF-16 units a message has at most: the runner cuts off what is beyond 4,096."""

IMPORTANCE = ("request", "help", "fix", "suggestion", "also", "note", "trace")
"""The order of what is said below a message: it may be cut off at the end."""


def render(report: Report) -> str:
    """The commands, gravest first, what is left out, and the summary."""
    places = Places(report.root)
    by_kind: dict[str, list[Finding]] = {kind: [] for kind in KINDS.values()}
    for finding in ranked(report.findings):
        by_kind[KINDS[finding.severity]].append(finding)
    lines = [command(kind, finding, places) for kind, findings in by_kind.items() for finding in findings[:MOST]]
    left = [count(len(findings) - MOST, kind) for kind, findings in by_kind.items() if len(findings) > MOST]
    if left:
        lines.append(f"{', '.join(left)} not annotated: GitHub takes {MOST} of a kind from a step")
    return "\n".join([*lines, summary(report)]) + "\n"


def command(kind: str, finding: Finding, places: Places) -> str:
    """The workflow command that makes an annotation of a finding."""
    properties = {"title": f"{finding.severity.value}: {finding.check}{doubt(finding)}", **_place(finding, places)}
    words = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    # The runner finds commands of its older form, `##[...]`, anywhere in a line.
    return f"::{kind} {words}::{_data(_message(finding, places))}".replace("##[", "##<U+005B>")


def _place(finding: Finding, places: Places) -> dict[str, str]:
    """Where an annotation is shown: at a part of a line, at a file that has no lines, or nowhere."""
    source = finding.place.source
    if source.name == "-":
        return {}
    file = {"file": visible(places.path(source.name))}
    span = places.mark(finding.place)
    if span is None:
        return file
    line, column = places.position(source, span.start, "utf-16-le")
    end_line, end_column = places.position(source, span.end, "utf-16-le")
    return {**file, "line": f"{line}", "endLine": f"{end_line}", "col": f"{column}", "endColumn": f"{end_column}"}


def _message(finding: Finding, places: Places) -> str:
    below = sorted(notes(finding, places), key=lambda note: IMPORTANCE.index(note[0]))
    text = "\n".join([visible(finding.message), *(labelled(*note) for note in below)])
    units = text.encode("utf-16-le")
    if len(units) <= 2 * LONGEST:
        return text
    return units[: 2 * LONGEST].decode("utf-16-le", "ignore") + " ..."


def _data(text: str) -> str:
    """Text behind the second `::` of a command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """The value of one of a command's properties."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
