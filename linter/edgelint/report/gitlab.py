"""Findings for merge requests at GitLab: a Code Quality report.

GitLab tells findings apart by their fingerprints alone, over all reports of a pipeline, and shows one of those that are equal.
It wants a line of each, so what is in a database stands on the first.
"""

from __future__ import annotations

from hashlib import sha256

from edgelint.finding import Finding, Severity
from edgelint.fingerprint import fingerprints_by_file
from edgelint.report import Report
from edgelint.report._places import Places
from edgelint.report._safe import Object, dump, visible
from edgelint.report._words import request, sentences

SEVERITIES = {
    Severity.CRITICAL: "blocker",
    Severity.HIGH: "critical",
    Severity.MEDIUM: "major",
    Severity.LOW: "minor",
    Severity.INFO: "info",
}


def render(report: Report) -> str:
    """The report as one JSON array, in ASCII."""
    places = Places(report.root)
    names = fingerprints_by_file(report.findings)
    return dump([_issue(finding, name, places) for finding, name in zip(report.findings, names, strict=True)])


def _issue(finding: Finding, name: str, places: Places) -> Object:
    location = places.location(finding.place)
    line = location.line or 1
    return {
        "description": _description(finding),
        "check_name": finding.check,
        "fingerprint": sha256(f"{location.path}\0{name}".encode("utf-8", "surrogatepass")).hexdigest()[:32],
        "severity": SEVERITIES[finding.severity],
        "location": {"path": location.path, "lines": {"begin": line, "end": line}},
    }


def _description(finding: Finding) -> str:
    """What is wrong, what to do, and the request that shows it: GitLab shows nothing else."""
    shown = f"a request that shows it: {request(finding.witness)}" if finding.witness else ""
    return sentences([visible(finding.message), visible(finding.advice), shown])
