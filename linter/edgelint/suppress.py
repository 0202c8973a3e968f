"""Findings that the user has accepted, with a reason, and reasons that no longer have a finding."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from edgelint.catalog import page
from edgelint.finding import Finding, Subject
from edgelint.model.ignore import Ignore
from edgelint.record import record

NAME = "unused-ignore"


@record
class Silenced:
    """What is left to report, with a finding for each entry that is expired or of no use, and what was accepted."""

    kept: tuple[Finding, ...]
    suppressed: tuple[Finding, ...]


def silence(
    findings: Iterable[Finding], ignores: Collection[Ignore], *, today: date, judged: Collection[Ignore]
) -> Silenced:
    """Take out what is accepted.

    Only `judged` entries may turn out to be of no use: the others speak of checks that did not run, or of rules that may
    stand in a file that was not read.
    """
    findings = tuple(findings)
    valid = tuple(entry for entry in ignores if not entry.expired(today))
    suppressed = tuple(finding for finding in findings if any(covers(entry, finding) for entry in valid))
    kept = tuple(finding for finding in findings if not any(covers(entry, finding) for entry in valid))
    expired = tuple(_expired(entry) for entry in ignores if entry not in valid)
    unused = tuple(
        _unused(entry) for entry in valid if entry in judged and not any(covers(entry, finding) for finding in findings)
    )
    return Silenced(kept + expired + unused, suppressed)


def covers(entry: Ignore, finding: Finding) -> bool:
    """Whether an entry speaks of a finding."""
    subject = finding.subject
    names = (f"{subject.phase}/{subject.id}", f"{subject.phase}/{subject.name}")
    return entry.check == finding.check and entry.rule in names


def _expired(entry: Ignore) -> Finding:
    message = f"the entry that ignores `{entry.check}` for `{entry.rule}` expired on {entry.expires}"
    return _stale(entry, message, "look at the finding again: correct the rule, or set a new date with a new reason")


def _unused(entry: Ignore) -> Finding:
    message = f"the entry that ignores `{entry.check}` for `{entry.rule}` has nothing to ignore"
    return _stale(entry, message, "delete the entry, or correct its check and rule")


def _stale(entry: Ignore, message: str, advice: str) -> Finding:
    title = f"{entry.check} {entry.rule}"
    words = page(NAME)
    return Finding(
        check=NAME,
        severity=words.severity,
        confidence=words.confidence,
        message=message,
        subject=Subject("input", title, title, entry.place),
        place=entry.place,
        detail=(f"its reason was: {entry.reason}",),
        advice=advice,
    )
