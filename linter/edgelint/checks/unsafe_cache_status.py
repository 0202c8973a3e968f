"""Cache rules that keep refusals, errors and the redirects of one visitor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from edgelint.evidence import witness
from edgelint.facts import Facts, subject
from edgelint.finding import Confidence, Finding, Severity
from edgelint.knowledge.caching import Cache, storing
from edgelint.model.durations import lasting
from edgelint.model.policy import Rule
from edgelint.model.request import Request

_BRIEF = 60
"""Seconds for which an error may be kept to spare the origin."""
_REFUSALS = frozenset({401, 403, 407, 429})
_REDIRECTS = frozenset({302, 303, 307})
_PERMANENT = frozenset({301, 308})
_OUT_OF_RANGE = 416  # never kept: requests for a range pass the cache by
_FORGED = frozenset({"rails"})
"""Stacks that redirect to https where a client says in a header of its own that it came by http."""
_ASSUMPTION = "assumes that the application obeys this header, because of its `stack` in `topology.upstreams`"


def check(facts: Facts) -> Iterator[Finding]:
    """Report rules that keep answers of a status that belongs to one request only; the gravest kind for each."""
    cache = facts.once(Cache)
    for rule in facts.subjects("cache"):
        kinds = _kinds(rule)
        request = cache.stored(rule, cache.storable(rule)) if kinds else None
        if request is not None:
            (severity, codes, harm), *rest = kinds
            more = [f"it also keeps {_listed(others)}: {effect}" for _, others, effect in rest]
            more += [] if storing(rule).fixed else ["this is the time for answers that name none of their own"]
            yield _finding(facts, rule, request, severity, Confidence.PROVEN, codes, harm, tuple(more))
        elif not kinds and _PERMANENT & set(storing(rule).statuses):
            yield from _self_redirects(facts, cache, rule)


def _kinds(rule: Rule) -> list[tuple[Severity, list[int], str]]:
    """The statuses that a rule had better not keep, by kind, the gravest first, each with what happens."""
    kept = storing(rule)
    lasts = kept.ttl > _BRIEF
    errors = {code for code in kept.statuses if code >= 400 and lasts} - _REFUSALS - {_OUT_OF_RANGE}
    kinds = (
        (Severity.HIGH, _REFUSALS, "one client that is refused gets everybody refused"),
        (Severity.HIGH if lasts else Severity.MEDIUM, _REDIRECTS, "one visitor's redirect sends all others there"),
        (Severity.HIGH, errors, "one request that goes wrong makes the page an error for everybody"),
    )
    found = [(severity, [code for code in kept.statuses if code in codes], harm) for severity, codes, harm in kinds]
    return [kind for kind in found if kind[1]]


def _self_redirects(facts: Facts, cache: Cache, rule: Rule) -> Iterator[Finding]:
    """Redirects that a client can bring about with a header, on applications that are declared to obey it."""
    for route in cache.reaching(cache.pages(rule)):
        if facts.topology.upstream(route.host).stack in _FORGED:
            request = cache.stored(rule, cache.pages(rule), route)
            if request is not None:
                codes = [code for code in storing(rule).statuses if code in _PERMANENT]
                harm = "a client that sends `x-forwarded-scheme: http` makes the page redirect to itself for everybody"
                yield _finding(facts, rule, request, Severity.MEDIUM, Confidence.LIKELY, codes, harm, (_ASSUMPTION,))
                return


def _listed(codes: Sequence[int]) -> str:
    return ", ".join(map(str, codes))


def _finding(
    facts: Facts,
    rule: Rule,
    request: Request,
    severity: Severity,
    confidence: Confidence,
    codes: Sequence[int],
    harm: str,
    detail: tuple[str, ...],
) -> Finding:
    return Finding(
        check="unsafe-cache-status",
        severity=severity,
        confidence=confidence,
        message=f"{rule} keeps answers of status {_listed(codes)} for {lasting(storing(rule).ttl)}: {harm}",
        subject=subject(rule),
        place=rule.at("statuses"),
        witness=witness(facts, request),
        detail=detail,
        advice=f"keep 200 only, or errors for at most {lasting(_BRIEF)}",
    )
