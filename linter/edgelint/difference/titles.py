"""What a change of treatment is called."""

from __future__ import annotations

from edgelint.keys import identity
from edgelint.model.policy import Rule

TREATED = {
    "block": "blocked",
    "challenge": "challenged",
    "queue": "held in a waiting room",
    "limit": "limited",
    "shape": "shaped",
    "cache": "cached",
}
_SEPARATE = frozenset({"queue", "limit", "shape"})
"""Kinds of rules that count for themselves: two that do the same with a request are still two."""


def title(before: Rule | None, after: Rule | None, *, same: bool, one: bool) -> str:
    """How requests are treated differently that one rule decided and another decides; empty where that makes no difference.

    `same` says that both do the same, `one` that they are versions of one rule.
    """
    if before is None or after is None:
        rule = after or before
        assert rule is not None  # noqa: S101
        return f"{'no longer' if after is None else 'newly'} {TREATED[rule.outcome.kind]}"
    old, new = before.outcome.kind, after.outcome.kind
    if old != new:
        return f"{TREATED[new]} instead of {TREATED[old]}"
    if same:
        return "" if one or new not in _SEPARATE else f"{TREATED[new]} by another rule, with a count of its own"
    return f"{TREATED[new]} {_otherwise(before, after)}"


def _otherwise(before: Rule, after: Rule) -> str:
    key = {part.field for part in before.key or ()} != {part.field for part in after.key or ()}
    budget = before.outcome.effect != after.outcome.effect
    if after.outcome.kind not in ("limit", "shape"):
        return "in another way"
    what = " and ".join(word for word, differs in (("key", key), ("budget", budget)) if differs)
    return f"with another {what}" if what else "in another way"


def warning(before: Rule | None, after: Rule | None) -> str:
    """What people should not miss of a change: a key that no longer tells clients apart."""
    if before is None or after is None or before.key is None or after.key is None:
        return ""
    was, now = identity(before), identity(after)
    if was and not now:
        return "its key no longer tells clients apart: all of them share one bucket"
    if ("address", "") in was - now:
        return "its key no longer holds the client's address"
    return ""
