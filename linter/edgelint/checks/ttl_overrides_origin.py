"""Cache rules that keep answers for longer than the origin can have meant."""

from __future__ import annotations

from collections.abc import Iterator

from edgelint.evidence import witness
from edgelint.facts import Facts, subject
from edgelint.finding import Confidence, Finding, Severity
from edgelint.knowledge.caching import Cache, storing
from edgelint.model.durations import lasting
from edgelint.model.policy import Rule
from edgelint.model.request import Request
from edgelint.path_classes import fingerprinted

_LONG = 86400
"""Seconds for which a file may be out of date before somebody misses a release."""


def check(facts: Facts) -> Iterator[Finding]:
    """Report fixed times for the pages a rule names, and long times for files whose name stays when they change."""
    cache = facts.once(Cache)
    for rule in facts.subjects("cache"):
        kept = storing(rule)
        request = cache.stored(rule, cache.pages(rule)) if kept.fixed and cache.open(rule) is None else None
        if request is not None:
            yield _page(facts, rule, request)
        elif kept.ttl > _LONG and cache.open(rule) is None:
            request = cache.stored(rule, cache.within(cache.storable(rule), ~fingerprinted()))
            if request is not None:
                yield _file(facts, rule, request)


def _page(facts: Facts, rule: Rule, request: Request) -> Finding:
    message = f"keeps the answer to `{request.url()}` for {_ttl(rule)} even if the origin wants it checked each time"
    mode = facts.policy.platform.term(rule.phase, "ttl_mode")
    return _finding(
        facts,
        rule,
        request,
        Severity.MEDIUM,
        message,
        "assumes that the origin says `max-age=0` or `must-revalidate` for pages that change; where there are only"
        " files, say `topology.upstreams: [{host: ..., static: true}]`",
        f"let the origin decide, with `{mode}` `origin`",
    )


def _file(facts: Facts, rule: Rule, request: Request) -> Finding:
    """What is to be said of files; with the time of the origin, those without any freshness are meant."""
    fixed = storing(rule).fixed
    whenever = "" if fixed else " where the origin names no time"
    return _finding(
        facts,
        rule,
        request,
        Severity.MEDIUM if fixed else Severity.LOW,
        f"keeps `{request.url()}` for {_ttl(rule)}{whenever}: a new version under the same path is not seen until then",
        "assumes that files change without a change of their path; what is kept stays when the rule is edited",
        "put a hash of the content into file names and match it, or keep files for a day at most",
    )


def _ttl(rule: Rule) -> str:
    return lasting(storing(rule).ttl)


def _finding(
    facts: Facts, rule: Rule, request: Request, severity: Severity, message: str, assumption: str, advice: str
) -> Finding:
    return Finding(
        check="ttl-overrides-origin",
        severity=severity,
        confidence=Confidence.LIKELY,
        message=f"{rule} {message}",
        subject=subject(rule),
        place=rule.at("ttl"),
        witness=witness(facts, request),
        detail=(assumption,),
        advice=advice,
    )
