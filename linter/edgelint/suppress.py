"""Findings that the user has accepted, with a reason, and reasons that no longer have a finding."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from edgelint import catalog
from edgelint.finding import Accepted, Finding, Subject
from edgelint.model.ignore import Ignore
from edgelint.record import record

NAME = "unused-ignore"


@record
class Silenced:
    """What is left to report, with a finding for each entry that is expired, wrong or of no use, and what was accepted."""

    kept: tuple[Finding, ...]
    accepted: tuple[Accepted, ...]


def silence(
    findings: Iterable[Finding], ignores: Collection[Ignore], *, today: date, judged: Collection[Ignore]
) -> Silenced:
    """Take out what is accepted.

    Only `judged` entries may turn out to be of no use: the others speak of checks that did not run, or of rules that may
    stand in a file that was not read.
    """
    findings = tuple(findings)
    faults = {entry: fault for entry in ignores if (fault := _fault(entry, today))}
    valid = tuple(entry for entry in ignores if entry not in faults)
    found = [(finding, next((entry for entry in valid if covers(entry, finding)), None)) for finding in findings]
    accepted = tuple(_accepted(finding, entry) for finding, entry in found if entry)
    unused = (entry for entry in valid if entry in judged and not any(covers(entry, one) for one in findings))
    stale = (*(_stale(*one) for one in faults.items()), *(_stale(entry, _UNUSED) for entry in unused))
    return Silenced((*(finding for finding, entry in found if not entry), *stale), accepted)


def covers(entry: Ignore, finding: Finding) -> bool:
    """Whether an entry speaks of a finding."""
    subject = finding.subject
    if entry.only is not None and entry.only != subject.place:
        return False
    names = (f"{subject.phase}/{subject.id}", f"{subject.phase}/{subject.name}")
    return entry.check == finding.check and entry.rule in names


def _accepted(finding: Finding, entry: Ignore) -> Accepted:
    return Accepted(finding, "comment" if entry.comment else "configuration", entry.reason)


_Fault = tuple[str, str]
"""What is wrong with an entry, and what to do about it."""

_UNUSED = ("has nothing to ignore", "delete the entry, or correct its check and rule")


def _fault(entry: Ignore, today: date) -> _Fault | None:
    """Why an entry is not followed. Those of the configuration were looked at when that was read."""
    if not entry.check:
        return "is not understood", "write `edgelint: ignore[name-of-a-check] reason`"
    if entry.check not in catalog.names():
        return "names no check", "correct the name, `edgelint rules` lists them"
    if not entry.reason:
        return "gives no reason and is not followed", "say behind the bracket why the finding is accepted"
    if not entry.rule:
        return "stands beside no rule", "move it above the rule, or to the end of one of its lines"
    if entry.expired(today):
        advice = "look at the finding again: correct the rule, or set a new date with a new reason"
        return f"expired on {entry.expires}", advice
    return None


def _stale(entry: Ignore, fault: _Fault) -> Finding:
    what, advice = fault
    title = f"{entry.check} {entry.rule}".strip() or "comment"
    words = catalog.page(NAME)
    return Finding(
        check=NAME,
        severity=words.severity,
        confidence=words.confidence,
        message=f"{_named(entry)} {what}",
        subject=Subject("input", title, title, entry.place),
        place=entry.place,
        detail=(f"its reason was: {entry.reason}",) if entry.reason else (),
        advice=advice,
    )


def _named(entry: Ignore) -> str:
    where = "comment" if entry.comment else "entry"
    if not entry.check:
        return f"the {where} for edgelint"
    return f"the {where} that ignores `{entry.check}`" + (f" for `{entry.rule}`" if entry.rule else "")
