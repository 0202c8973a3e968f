"""Cache rules that no test of the path holds to static files."""

from __future__ import annotations

from collections.abc import Iterator

from edgelint.evidence import witness
from edgelint.facts import Facts, subject
from edgelint.finding import Confidence, Finding, Severity
from edgelint.knowledge.caching import Cache, storing
from edgelint.knowledge.scope import bounds
from edgelint.model.durations import lasting
from edgelint.model.policy import Rule
from edgelint.model.request import Request


def check(facts: Facts) -> Iterator[Finding]:
    """Report rules that keep the answers of pages on paths they never speak of."""
    for rule in facts.subjects("cache"):
        request = facts.once(Cache).open(rule)
        if request is not None:
            yield _finding(facts, rule, request)


def _finding(facts: Facts, rule: Rule, request: Request) -> Finding:
    aimed = bounds(rule, "host") or any(one.kind in ("route", "target") for one in rule.references)
    kept = storing(rule)
    mode = "whatever freshness the origin asks for" if kept.fixed else "unless the origin says how long"
    query = ("the query is not in its key either",) if kept.query_mode == "ignore" else ()
    return Finding(
        check="cache-unbounded",
        severity=Severity.MEDIUM if aimed else Severity.HIGH,
        confidence=Confidence.PROVEN,
        message=(
            f"{rule} is not held to the paths of static files: the answer to `{request.url()}` is kept for"
            f" {lasting(kept.ttl)} and given to everybody"
        ),
        subject=subject(rule),
        place=rule.match.place,
        witness=witness(facts, request),
        detail=(
            f"it is kept {mode}; only `private`, `no-store`, `no-cache` or a cookie in the answer keep it out",
            *query,
            "where a host has nothing but files, say `topology.upstreams: [{host: ..., static: true}]`",
        ),
        advice='name the paths of static files, as in `path_prefix(path, "/assets")`',
    )
