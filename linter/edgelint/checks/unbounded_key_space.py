"""Limiters that may have to remember more than the edge has room for."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce

from edgelint.budgets import Budget, budget_of, counted, duration
from edgelint.evidence import witness
from edgelint.facts import Facts, subject
from edgelint.finding import Confidence, Finding, Severity
from edgelint.keys import choices, fields, identity, settled
from edgelint.knowledge.quotas import arriving, blocks, chosen, guards
from edgelint.model.expression import Field
from edgelint.model.policy import Rule
from edgelint.model.request import Request
from edgelint.space.abundance import endless
from edgelint.space.limits import Unbounded
from edgelint.space.region import Region
from edgelint.space.theory import Axis

_MUCH = 256 << 20
"""How many bytes of memory one limiter may take before it is worth a word."""

_BUSY = 10_000
"""How many requests a second an edge is supposed to see at most."""


def check(facts: Facts) -> Iterator[Finding]:
    """Report sliding windows that may fill the memory, then keys with parts of which clients can make up more than is kept."""
    for rule in facts.subjects("limit", "shape"):
        size, field = _size(facts, rule, budget_of(rule)), None
        if size <= _MUCH:
            field = next((part for part in fields(rule) if identity(rule) and _endless(facts, rule, part)), None)
        request = arriving(facts, rule) if size > _MUCH or (field and _guarded(facts, rule)) else None
        if request:
            yield _crowded(facts, rule, field, request) if field else _large(facts, rule, size, request)


def _size(facts: Facts, rule: Rule, budget: Budget | None) -> int:
    """How many bytes the times of what a sliding window admits take at most, 0 for other limiters."""
    limiting = facts.policy.platform.limiting
    if budget is None or budget.algorithm != "sliding_window" or limiting.keys is None:
        return 0
    hits = min(budget.limit * limiting.keys, int(_BUSY * budget.window))
    alone = hits * limiting.hit_bytes <= _MUCH or all(
        settled(facts.meaning, facts.live(rule), part) for part in fields(rule)
    )
    return 0 if alone else hits * limiting.hit_bytes


def _endless(facts: Facts, rule: Rule, field: Field) -> bool:
    """Whether clients can make up any number of values of a part that no block before the rule refuses."""
    axis = Axis(field.kind, field.name)
    if not chosen(facts, rule, field) or facts.policy.platform.limiting.keys is None:
        return False
    refused = [region for other in blocks(facts, rule) if axis in (region := facts.region(other)).axes()]
    if any(region.opaque() for region in refused):
        return False
    try:
        return endless(choices(facts.meaning, reduce(Region.__sub__, refused, facts.live(rule)), field))
    except Unbounded:
        return False


def _guarded(facts: Facts, rule: Rule) -> bool:
    """Whether other limiters count all requests of a rule by what clients cannot choose; else its key is the greater fault."""
    return arriving(facts, rule, spared=guards(facts, rule)) is None


def _large(facts: Facts, rule: Rule, size: int, request: Request) -> Finding:
    limiting, budget = facts.policy.platform.limiting, budget_of(rule)
    assert budget  # noqa: S101
    return Finding(
        check="unbounded-key-space",
        severity=Severity.MEDIUM,
        confidence=Confidence.PROVEN,
        message=(
            f"{rule} may fill {size >> 20} MiB of memory: its sliding window remembers each request of"
            f" {counted(budget.limit, 'request')} per {duration(budget.window)} and key"
        ),
        subject=subject(rule),
        place=rule.at("limit"),
        witness=witness(facts, request),
        detail=(
            f"{limiting.hit_bytes} bytes for each request, {limiting.keys} keys,"
            f" at no more than {_BUSY} requests a second for the whole edge",
        ),
        advice="take a token bucket, which remembers one number for each key, or a shorter window with a budget to match",
    )


def _crowded(facts: Facts, rule: Rule, field: Field, request: Request) -> Finding:
    return Finding(
        check="unbounded-key-space",
        severity=Severity.LOW,
        confidence=Confidence.PROVEN,
        message=(
            f"{rule} keeps a bucket for every {field} a client makes up, and has room for"
            f" {facts.policy.platform.limiting.keys}"
        ),
        subject=subject(rule),
        place=next((part.place for part in rule.key or () if part.field == field), rule.at("key")),
        witness=witness(facts, request),
        detail=("whoever makes up more pushes out the counters of others, those seen least recently first",),
        advice=f"allow only {_in_use(field)}, or leave it out of the key",
    )


def _in_use(field: Field) -> str:
    return f"the {field}s in use" if field.kind in ("host", "path") else f"the values of {field} that are in use"
