"""What several formats say in the same words: the summary, where something is, and the notes below a message."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from edgelint.finding import Authority, Confidence, Finding, Fix, Related, Severity, Witness
from edgelint.report import Report
from edgelint.report._places import Places
from edgelint.report._safe import visible
from edgelint.source import Location

HOME = "https://pypi.org/project/edgelint/"


AUTHORITIES: dict[Authority, str] = {
    "configuration": "by the configuration",
    "comment": "by comments",
    "baseline": "in the baseline",
}


def summary(report: Report) -> str:
    """What was found, in what, and what is not shown. Nothing in it comes from the input."""
    rules = sum(len(policy.rules) for policy in report.policies)
    scope = f"in {count(len(report.policies), 'policy', 'policies')}, {count(rules, 'rule')}"
    rest = [
        _accepted(report),
        f"{report.hidden} more with --pedantic" if report.hidden else "",
        f"{count(len(report.failures), 'check')} failed" if report.failures else "",
    ]
    return "; ".join([f"{tally(report.findings)} {scope}", *filter(None, rest)])


def _accepted(report: Report) -> str:
    counts = Counter(AUTHORITIES[accepted.by] for accepted in report.accepted)
    parts = [f"{counts[words]} {words}" for words in AUTHORITIES.values() if counts[words]]
    return f"accepted: {', '.join(parts)}" if parts else ""


def tally(findings: Sequence[Finding]) -> str:
    """How many findings there are, and how many of each severity."""
    if not findings:
        return "no findings"
    counts = Counter(finding.severity for finding in findings)
    parts = [f"{counts[severity]} {severity.value}" for severity in reversed(Severity) if counts[severity]]
    return f"{count(len(findings), 'finding')} ({', '.join(parts)})"


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun, whose plural ends in `s` unless it is given."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"


def ranked(findings: Iterable[Finding]) -> list[Finding]:
    """The gravest first, of equal ones the surest, else in the order of the report."""
    severities, confidences = list(reversed(Severity)), list(Confidence)
    return sorted(
        findings, key=lambda finding: (severities.index(finding.severity), confidences.index(finding.confidence))
    )


def doubt(finding: Finding) -> str:
    """What is put behind the name of a finding that is not proven."""
    return "" if finding.confidence is Confidence.PROVEN else f" ({finding.confidence.value})"


def where(location: Location) -> str:
    """A location as editors and terminals recognise it, or a cell of a database."""
    if location.line is None:
        return visible(f"{location.path}: {location.logical}")
    return visible(f"{location.path}:{location.line}:{location.column}")


def notes(finding: Finding, places: Places) -> Iterator[tuple[str, str]]:
    """What is said below a message, with a label each: in visible characters, more than one line where a line end says so."""
    for related in finding.related:
        yield "also", f"{part(related)}: {where(places.location(related.subject.place))}"
    if finding.witness:
        yield "request", request(finding.witness)
    if finding.witness and finding.witness.trace:
        yield "trace", "\n".join(visible(step) for step in finding.witness.trace)
    for line in finding.detail:
        yield "note", visible(line)
    if finding.advice:
        yield "help", visible(finding.advice)
    for fix in finding.fixes:
        yield kind(fix), "\n".join(map(visible, (fix.title, *changes(fix))))


def labelled(label: str, text: str) -> str:
    """A note behind its label, its further lines indented."""
    return f"{label}: {text}".replace("\n", "\n  ")


def part(related: Related) -> str:
    """Another rule, and its part in a finding."""
    subject = related.subject
    return visible(f"{subject.phase} `{subject.name or subject.id}`, {related.role}")


def request(witness: Witness) -> str:
    """The request as one command line, and the address it comes from."""
    return f"{visible(witness.request.curl())} (from {visible(witness.request.address)})"


def kind(fix: Fix) -> str:
    """What a fix is called: only a safe one is one."""
    return "fix" if fix.safe else "suggestion"


def changes(fix: Fix) -> list[str]:
    """What the settings that a fix changes come to, a line each."""
    return [f"{rule.phase} `{rule.name}` {word}: {text}" for rule, word, text in fix.results()]


def sentences(parts: Iterable[str]) -> str:
    """Messages as sentences of running text; empty ones are left out."""
    return " ".join(f"{part[0].upper()}{part[1:]}." for part in parts if part)
