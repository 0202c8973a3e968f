"""Findings for scripts: a stable, versioned JSON document."""

from __future__ import annotations

from collections import Counter

from edgelint.finding import Accepted, Finding, Fix, Replacement, Severity, Subject
from edgelint.fingerprint import Meanings, fingerprints
from edgelint.model.policy import Policy, Problem
from edgelint.report import Report
from edgelint.report._places import Places
from edgelint.report._requests import request_object
from edgelint.report._safe import Object, dump
from edgelint.source import Place

VERSION = 1
"""Grows when a key changes its meaning or goes away; keys may be added at any time."""


def render(report: Report) -> str:
    """The report as one JSON document, in ASCII."""
    places = Places()
    names = fingerprints(report.findings)
    meanings = Meanings(report.policies)
    document: Object = {
        "version": VERSION,
        "tool": {"name": "edgelint", "version": report.version},
        "policies": [_policy(policy) for policy in report.policies],
        "findings": [
            _finding(places, finding, name, meanings.of(finding))
            for finding, name in zip(report.findings, names, strict=True)
        ],
        "accepted": [_accepted(places, accepted) for accepted in report.accepted],
        "problems": [_problem(places, problem) for problem in report.problems],
        "failures": [
            {"part": failure.part, "policy": failure.policy, "error": failure.error} for failure in report.failures
        ],
        "summary": _summary(report),
    }
    return dump(document)


def _summary(report: Report) -> Object:
    counts = Counter(finding.severity for finding in report.findings)
    return {
        "findings": len(report.findings),
        **{severity.value: counts[severity] for severity in reversed(Severity)},
        "hidden": report.hidden,
        "suppressed": len(report.accepted),
        "policies": len(report.policies),
        "rules": sum(len(policy.rules) for policy in report.policies),
    }


def _policy(policy: Policy) -> Object:
    return {
        "name": policy.name,
        "platform": policy.platform.name,
        "phases": {phase.name: len(phase.rules) for phase in policy.phases},
        "routes": len(policy.routes),
    }


def _accepted(places: Places, accepted: Accepted) -> Object:
    finding = accepted.finding
    return {
        "check": finding.check,
        "subject": _subject(places, finding.subject, finding.place),
        "by": accepted.by,
        "reason": accepted.reason,
    }


def _finding(places: Places, finding: Finding, fingerprint: str, meaning: str) -> Object:
    return {
        "check": finding.check,
        "severity": finding.severity.value,
        "confidence": finding.confidence.value,
        "message": finding.message,
        "subject": _subject(places, finding.subject, finding.place),
        "related": [
            {**_subject(places, related.subject, related.subject.place), "role": related.role}
            for related in finding.related
        ],
        "witness": request_object(finding.witness.request) if finding.witness else None,
        "trace": list(finding.witness.trace) if finding.witness else [],
        "detail": list(finding.detail),
        "advice": finding.advice,
        "fixes": [_fix(places, fix) for fix in finding.fixes],
        "fingerprint": fingerprint,
        "meaning": meaning,
    }


def _fix(places: Places, fix: Fix) -> Object:
    return {
        "title": fix.title,
        "safe": fix.safe,
        "changes": [
            {"phase": rule.phase, "rule": rule.name, "setting": word, "text": text}
            for rule, word, text in fix.results()
        ],
        "edits": [
            {"path": piece.source.name, **_span(places, piece), "text": piece.text} for piece in fix.replacements
        ],
    }


def _span(places: Places, piece: Replacement) -> Object:
    lines = places.lines(piece.source)
    line, column = lines.position(piece.span.start)
    end_line, end_column = lines.position(piece.span.end)
    return {"line": line, "column": column, "end_line": end_line, "end_column": end_column}


def _subject(places: Places, subject: Subject, place: Place) -> Object:
    return {"phase": subject.phase, "id": subject.id, "name": subject.name, **_place(places, place)}


def _place(places: Places, place: Place) -> Object:
    location = places.location(place)
    return {
        "path": location.path,
        "line": location.line,
        "column": location.column,
        "end_line": location.end_line,
        "end_column": location.end_column,
        "pointer": location.logical,
    }


def _problem(places: Places, problem: Problem) -> Object:
    return {"kind": problem.kind, "message": problem.message, **_place(places, problem.place)}
