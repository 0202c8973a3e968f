"""Refusals whose status says something else to browsers, programs, monitors and caches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from edgelint.evidence import witness
from edgelint.facts import Facts, subject
from edgelint.finding import Confidence, Finding, Severity
from edgelint.knowledge.denials import caching_fronts, kept_for_others, said, status_of
from edgelint.model.policy import Rule
from edgelint.model.request import Request
from edgelint.path_classes import programs

_CACHEABLE = frozenset({404, 405, 410, 414, 501})
"""The statuses of refusals that a cache may keep without being told to (RFC 9110, section 15.1)."""
_LOGINS = {401: "www-authenticate", 407: "proxy-authenticate"}
"""The statuses that ask for a login, and the header that comes with each (RFC 9110, sections 15.5.2 and 15.5.8)."""
_TOO_MANY = 429
_UNCACHED = ("no-store", "private", "no-cache", "max-age=0", "s-maxage=0")


class _Fault(NamedTuple):
    """What is wrong with an answer. `word` is the setting that says it, `request` one that shows it."""

    severity: Severity
    confidence: Confidence
    what: str
    word: str
    advice: str
    detail: tuple[str, ...] = ()
    request: Request | None = None


def check(facts: Facts) -> Iterator[Finding]:
    """Report blocks and limits that answer what they do not mean, the gravest fault of each."""
    for rule in facts.subjects("block", "limit"):
        found = [fault for find in (_kept, _misread, _unreadable) if (fault := find(facts, rule))]
        if found:
            fault, *rest = sorted(found, key=lambda one: one.severity, reverse=True)
            yield Finding(
                check="denial-response-semantics",
                severity=fault.severity,
                confidence=fault.confidence,
                message=f"{rule} {fault.what}",
                subject=subject(rule),
                place=rule.at(fault.word),
                witness=witness(facts, fault.request, [rule]) if fault.request else None,
                detail=(*fault.detail, *(f"it also {other.what}" for other in rest)),
                advice=fault.advice,
            )


def _kept(facts: Facts, rule: Rule) -> _Fault | None:
    """A refusal that a cache before the edge may keep and give to clients who would not be refused."""
    status, control = status_of(rule), said(rule, "cache-control")
    if status not in _CACHEABLE or any(word in control for word in _UNCACHED):
        return None
    fronts, sure = caching_fronts(facts)
    request = kept_for_others(facts, rule, fronts) if fronts else None
    if request is None:
        return None
    assumption = "assumes a cache before the edge; say `topology.listeners: {<name>: {behind: edge}}` if there is none"
    return _Fault(
        Severity.HIGH if sure else Severity.LOW,
        Confidence.PROVEN if sure else Confidence.LIKELY,
        f"answers {status} without `cache-control: no-store`: a cache before the edge may give it to everybody",
        "status",
        "add the header `cache-control: no-store`, or answer 403 or 429",
        () if sure else (assumption,),
        request,
    )


def _misread(_facts: Facts, rule: Rule) -> _Fault | None:
    """A status that means something else."""
    status, failure = (
        status_of(rule),
        "assumes that a monitor or a balancer counts 5xx; nothing in the configuration says so",
    )
    if status >= 500 and not said(rule, "retry-after"):
        what = (
            f"answers {status}, as a broken service does: monitors raise alarms, and what stands before it tries again"
        )
        return _Fault(Severity.MEDIUM, Confidence.LIKELY, what, "status", _better(rule), (failure,))
    if rule.outcome.kind == "limit" and status not in (_TOO_MANY, *range(500, 600)):
        what = f"answers {status}: clients do not learn that they were too fast and may come back"
        return _Fault(Severity.LOW, Confidence.PROVEN, what, "status", _better(rule))
    header = _LOGINS.get(status)
    if header and not said(rule, header):
        what = f"answers {status} without the header `{header}` that has to come with it: no login is possible"
        return _Fault(Severity.LOW, Confidence.PROVEN, what, "status", _better(rule))
    return None


def _unreadable(facts: Facts, rule: Rule) -> _Fault | None:
    if not str(rule.settings.get("content_type", "")).startswith("text/html") or not facts.within_paths(
        rule, programs()
    ):
        return None
    what = "answers programs with a page of HTML"
    return _Fault(
        Severity.LOW, Confidence.PROVEN, what, "content_type", "answer `application/problem+json` or plain text"
    )


def _better(rule: Rule) -> str:
    return "answer 429, with `retry-after`" if rule.outcome.kind == "limit" else "answer 403"
