"""Keys whose only part about the client may be missing, or is cut so short that clients look alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from edgelint.budgets import budget_of, counted, granted
from edgelint.evidence import witness
from edgelint.facts import Facts, subject
from edgelint.finding import Confidence, Finding, Severity
from edgelint.keys import absent, counts_by_address, key, sent, signed
from edgelint.knowledge.quotas import arriving, chosen, replayed, stranger, takes
from edgelint.model.expression import Field
from edgelint.model.parts import with_values
from edgelint.model.policy import Rule
from edgelint.model.request import Request

_HEAD = "Bearer eyJhbGciOiJSUzI1NiJ9."  # a token as the identity providers issue them, without its middle and end


def check(facts: Facts) -> Iterator[Finding]:
    """Report rules that count clients together which send nothing for the key, then those whose tokens begin alike."""
    for rule in facts.subjects("limit", "shape"):
        parts = sent(rule)
        if parts and not counts_by_address(rule) and all(chosen(facts, rule, field) for field in parts):
            found = _nameless(facts, rule, parts) or _alike(facts, rule, parts)
            if found:
                yield found


def _nameless(facts: Facts, rule: Rule, parts: Sequence[Field]) -> Finding | None:
    missing = facts.policy.platform.missing_key
    here = facts.both(facts.live(rule), facts.matching(absent(parts)))
    request = arriving(facts, rule, here) if missing is not None else None
    other = stranger(facts, rule, request) if request else None
    if request is None or other is None:
        return None
    names, never = _listed(parts), all(map(facts.meaning.never_present, parts))
    clients = "which no request has for a rule, so all clients" if never else "and all clients that send none"
    return Finding(
        check="bucket-collapse",
        severity=Severity.HIGH if rule.outcome.kind == "limit" else Severity.MEDIUM,
        confidence=Confidence.PROVEN,
        message=f"{rule} counts by {names}, {clients} share {granted(rule)}",
        subject=subject(rule),
        place=rule.at("key"),
        witness=witness(facts, request),
        detail=(
            f"the same request from {other.address} has the same key: `{missing}` for {names}",
            *_replay(facts, rule, request, other),
        ),
        advice="count by address"
        if never
        else "require it in the condition, and count the other requests by address with a rule of their own",
    )


def _replay(facts: Facts, rule: Rule, first: Request, second: Request) -> Iterator[str]:
    budget = budget_of(rule)
    if budget and replayed(facts, [rule], [(first, budget.capacity), (second, 1)]) == (budget.capacity, 0):
        yield f"after {counted(budget.capacity, 'request')} from {first.address} the first one from {second.address} is denied"


def _alike(facts: Facts, rule: Rule, parts: Sequence[Field]) -> Finding | None:
    platform, base = facts.policy.platform, arriving(facts, rule) if all(map(signed, parts)) else None
    kept = platform.limiting.value_bytes
    if kept is None or base is None:
        return None
    one, other = (_with(base, parts, _HEAD.ljust(kept, "a") + end) for end in "12")
    together = key(rule, one, platform) == key(rule, other, platform)
    if not together or not takes(facts, rule, one) or not takes(facts, rule, other):
        return None
    return Finding(
        check="bucket-collapse",
        severity=Severity.MEDIUM,
        confidence=Confidence.LIKELY,
        message=(
            f"{rule} counts by the first {kept} bytes of {_listed(parts)},"
            f" and all clients whose tokens begin alike share {granted(rule)}"
        ),
        subject=subject(rule),
        place=rule.at("key"),
        witness=witness(facts, base),
        detail=(
            f"two values that differ only after byte {kept} have the same key",
            "assumes long signed tokens, which say the same at their beginning for all users of an issuer;"
            " if they are short or random, record that with an ignore entry",
        ),
        advice="count by address, or by a short id that the application or a trusted proxy puts into a header",
    )


def _with(request: Request, parts: Sequence[Field], text: str) -> Request:
    for field in parts:
        request = with_values(request, field, (text,))
    return request


def _listed(parts: Sequence[Field]) -> str:
    return " and ".join(map(str, parts))
