"""Cache rules that give one answer to requests with different queries, where the query makes the answer."""

from __future__ import annotations

from collections.abc import Iterator

from edgelint.evidence import witness
from edgelint.facts import Facts, subject
from edgelint.finding import Confidence, Finding, Severity
from edgelint.knowledge.caching import Cache, storing
from edgelint.model.expression import And, AnyValue, Count, Equals, Field
from edgelint.model.policy import Rule
from edgelint.model.request import Request
from edgelint.path_classes import computed
from edgelint.record import replace
from edgelint.space.language import ANYTHING, Language

_MEANINGFUL = ("q", "query", "search", "id", "page", "sort", "lang", "locale", "format", "token")
"""Parameters that choose the answer by habit; the first that a key leaves out is shown."""


def check(facts: Facts) -> Iterator[Finding]:
    """Report rules for pages they name whose key leaves out a parameter that may choose the answer."""
    for rule in facts.subjects("cache"):
        dropped = _dropped(rule)
        if dropped and facts.once(Cache).open(rule) is None:
            worked_out = _asked(facts, rule, dropped, computed())
            request = worked_out or _asked(facts, rule, dropped, ANYTHING)
            if request is not None:
                yield _finding(facts, rule, dropped, request, sure=worked_out is not None)


def _dropped(rule: Rule) -> str:
    """A meaningful parameter that the key of a rule leaves out on purpose; empty where there is none."""
    keyed = storing(rule)
    names = (
        _MEANINGFUL if keyed.query_mode == "ignore" else keyed.query_params if keyed.query_mode == "denylist" else ()
    )
    return next((name for name in _MEANINGFUL if name in names), "")


def _asked(facts: Facts, rule: Rule, name: str, paths: Language) -> Request | None:
    """A request with the parameter whose answer is kept."""
    cache, field = facts.once(Cache), Field("query", name)
    asking = facts.matching(And((AnyValue(field, Equals("1")), Count(field, "==", 1))))
    return cache.stored(rule, facts.both(cache.within(cache.pages(rule), paths), asking))


def _finding(facts: Facts, rule: Rule, name: str, request: Request, *, sure: bool) -> Finding:
    other = replace(request, query=tuple((key, "2" if key == name else value) for key, value in request.query))
    term = facts.policy.platform.term(rule.phase, "query_params")
    assumption = (
        "assumes that the query has a part in the answer; where there are only files,"
        " say `topology.upstreams: [{host: ..., static: true}]`"
    )
    return Finding(
        check="query-unkeyed",
        severity=Severity.HIGH if sure else Severity.MEDIUM,
        confidence=Confidence.PROVEN if sure else Confidence.LIKELY,
        message=f"{rule} leaves the query out of its key: `{request.url()}` and `{other.url()}` get one answer",
        subject=subject(rule),
        place=rule.at("query_mode"),
        witness=witness(facts, request),
        detail=("whoever asks first chooses what everybody else sees", *(() if sure else (assumption,))),
        advice=f"key on the whole query, or on the parameters that count, with an allowlist in `{term}`",
    )
