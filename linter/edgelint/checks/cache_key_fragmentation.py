"""Cache rules whose key has so many values that hardly anything is found again, or whose objects cannot fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from edgelint.facts import Facts, subject
from edgelint.finding import Confidence, Finding, Severity, Subject
from edgelint.knowledge.caching import Cache, storing
from edgelint.knowledge.scope import only_assets
from edgelint.model.policy import Rule, Store

_UNIQUE = frozenset({"user-agent", "referer", "if-none-match", "if-modified-since", "x-request-id", "traceparent"})
"""Headers with about as many values as there are clients or requests."""
_MANY = frozenset({"accept", "accept-language", "origin"})
"""Headers with hundreds of spellings for a few things that are meant."""


def check(facts: Facts) -> Iterator[Finding]:
    """Report headers that split the cache, objects larger than the store, and once what anybody can fill it with."""
    for rule in facts.subjects("cache"):
        found = _split(facts, rule) or _too_large(facts, rule)
        if found:
            yield found
    yield from _fillable(facts)


def _split(facts: Facts, rule: Rule) -> Finding | None:
    keyed, limit = storing(rule), facts.policy.platform.caching.variants
    unique, many = ([name for name in keyed.vary if name in kind] for kind in (_UNIQUE, _MANY))
    names = unique or many
    if not names:
        return None
    what = "nearly every client" if unique else "every spelling of a preference"
    return _finding(
        rule,
        "vary",
        Severity.MEDIUM if unique else Severity.LOW,
        f"keys on {' and '.join(f'`{name}`' for name in names)}: {what} gets a copy of its own",
        (f"of a URL, only the {limit} variants that were kept last are ever found",) if limit else (),
        "leave the header out, or make it one of few values before the edge",
    )


def _too_large(facts: Facts, rule: Rule) -> Finding | None:
    store, most = facts.policy.store, storing(rule).max_object
    if store is None or "max_object" not in rule.chosen or not 0 < store.capacity < most:
        return None
    message = f"lets in objects of up to {most:,} bytes, more than the whole store of {store.capacity:,}"
    advice = "let no object take more than a small part of the store"
    return _finding(rule, "max_object", Severity.LOW, message, ("one such object throws out everything else",), advice)


def _fillable(facts: Facts) -> Iterator[Finding]:
    """Rules for static files that keep a copy for each query, in a store whose size is known: one finding for all."""
    store = facts.policy.store
    rules = [one for one in facts.active("cache") if storing(one).query_mode == "full" and only_assets(facts, one)]
    kept = [rule for rule in rules if facts.once(Cache).stored(rule, facts.once(Cache).storable(rule))] if store else []
    if store and kept and store.entries > 0:
        yield _invitation(facts, kept, store)


def _invitation(facts: Facts, rules: Sequence[Rule], store: Store) -> Finding:
    names = ", ".join(f"`{rule.name}`" for rule in rules)
    return Finding(
        check="cache-key-fragmentation",
        severity=Severity.INFO,
        confidence=Confidence.SUSPICION,
        message=f"static files are kept once for each query ({names}): {store.entries:,} made-up queries empty the store",
        subject=Subject("cache", "", facts.policy.name, rules[0].place),
        place=rules[0].at("query_mode"),
        detail=("assumes that the names of these files do not need a query; no key of the configuration says so",),
        advice="leave the query out of the key of files whose name changes with their content",
    )


def _finding(rule: Rule, word: str, severity: Severity, message: str, detail: tuple[str, ...], advice: str) -> Finding:
    return Finding(
        check="cache-key-fragmentation",
        severity=severity,
        confidence=Confidence.PROVEN,
        message=f"{rule} {message}",
        subject=subject(rule),
        place=rule.at(word),
        detail=detail,
        advice=advice,
    )
