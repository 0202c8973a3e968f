"""Findings for reviewers: Markdown for a comment on a pull request or the summary of a job, at GitHub or GitLab.

The gravest come first, those of low severity are folded. The whole fits into a comment: findings that there is no room for
become a line each, and what is left out then is counted. Nothing from the input can be anything but words and code.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from edgelint.finding import Finding, Fix, Severity, Witness
from edgelint.report import Failure, Report
from edgelint.report._markdown import code, fence, markdown
from edgelint.report._places import Places
from edgelint.report._safe import visible
from edgelint.report._words import changes, count, doubt, part, ranked, summary, tally
from edgelint.source import Place

LONGEST = 65_536
"""How many characters a comment at GitHub has at most. A job's summary may have sixteen times as many."""

WHOLE, SHORT = 50_000, LONGEST - 2_000
"""Up to where, in bytes of UTF-8, findings are shown whole, and up to where in a line each."""

BLOCK = 10_000
"""How many bytes are said about one finding at most, before it becomes a line."""

LINE = 500
"""How many characters of a message are shown in such a line, and in one about a failure of ours."""

MOST_FAILURES = 5
"""How many of our own failures are shown: they tend to be the same."""


def render(report: Report) -> str:
    """The verdict, the findings, and the summary."""
    failures = [_failure(failure) for failure in report.failures[:MOST_FAILURES]]
    findings = ranked(report.findings)
    texts, shortened = _fitting(findings, Places(report.root), sum(map(_size, failures)))
    grave = sum(finding.severity >= Severity.MEDIUM for finding in findings[: len(texts)])
    parts = [f"## edgelint: {tally(report.findings)}", *failures, *texts[:grave]]
    if lesser := texts[grave:]:
        parts.append(_folded(count(len(lesser), "lesser finding"), lesser))
    parts += _cut(shortened, len(findings) - len(texts))
    return "\n\n".join([*parts, summary(report)]) + "\n"


def _fitting(findings: Sequence[Finding], places: Places, used: int) -> tuple[list[str], int]:
    """The texts of those findings that there is room for, and how many of these are a line each."""
    texts: list[str] = []
    shortened = 0
    for finding in findings:
        text = "\n\n".join(_block(finding, places))
        if _size(text) > min(BLOCK, WHOLE - used):
            text = _line(finding, places)
            if used + _size(text) > SHORT:
                break
            shortened += 1
        texts.append(text)
        used += _size(text)
    return texts, shortened


def _size(text: str) -> int:
    return len(text.encode()) + len("\n\n")


def _cut(shortened: int, left_out: int) -> Iterator[str]:
    """What is said when not everything is."""
    said = [
        f"{count(shortened, 'finding')} shown in one line each" if shortened else "",
        f"{count(left_out, 'finding')} left out" if left_out else "",
    ]
    if any(said):
        yield f"**Cut to fit into a comment:** {', '.join(filter(None, said))}. `edgelint check` shows everything."


def _failure(failure: Failure) -> str:
    return (
        f"**Internal error** in {code(failure.part)} on {code(_short(failure.policy))}: {code(_short(failure.error))}"
    )


def _folded(title: str, texts: Iterable[str]) -> str:
    """Texts behind a title that a click opens. Without the empty lines, Markdown inside would be shown as it is written."""
    return "\n\n".join([f"<details><summary>{title}</summary>", *texts, "</details>"])


def _short(text: str) -> str:
    shown = visible(text)
    return shown if len(shown) <= LINE else f"{shown[:LINE]} ..."


# One finding


def _line(finding: Finding, places: Places) -> str:
    name = f"**{finding.severity.value}** {code(finding.check)}{doubt(finding)}"
    return f"- {name}, {_where(finding.place, places)}: {markdown(_short(finding.message))}"


def _block(finding: Finding, places: Places) -> Iterator[str]:
    """The paragraphs about a finding."""
    yield f"### {finding.severity.value}: {code(finding.check)}{doubt(finding)}"
    yield f"{_where(finding.place, places)}: {markdown(finding.message)}"
    if finding.witness:
        yield f"A request that shows it, from {code(finding.witness.request.address)}:"
        yield fence(finding.witness.request.curl(), "sh")
    if remarks := _remarks(finding, places):
        yield "\n".join(f"- {remark}" for remark in remarks)
    if finding.advice:
        yield f"**What to do:** {markdown(finding.advice)}"
    for fix in finding.fixes:
        yield from _fix(fix)
    if finding.witness and finding.witness.trace:
        yield _trace(finding.witness)


def _remarks(finding: Finding, places: Places) -> list[str]:
    others = [f"{markdown(part(related))}: {_where(related.subject.place, places)}" for related in finding.related]
    return [*others, *map(markdown, finding.detail)]


def _where(place: Place, places: Places) -> str:
    """The file and line of a place, or a cell of a database; as code, so that nothing in it becomes a link."""
    location = places.location(place)
    return code(f"{location.path}: {location.logical}" if location.line is None else f"{location.path}:{location.line}")


def _fix(fix: Fix) -> Iterator[str]:
    yield f"**Suggested {'fix' if fix.safe else 'change'}:** {markdown(fix.title)}"
    if results := changes(fix):
        yield fence("\n".join(map(visible, results)))


def _trace(witness: Witness) -> str:
    steps = [f"{number}. {markdown(step)}" for number, step in enumerate(witness.trace, start=1)]
    return _folded("What happens to the request", ["\n".join(steps)])
