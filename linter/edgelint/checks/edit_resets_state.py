"""Edits that make the edge forget what it counted and whom it let in, or remember what it should forget."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from edgelint.budgets import granted
from edgelint.facts import Facts, subject
from edgelint.finding import Confidence, Finding, Severity
from edgelint.model.durations import lasting
from edgelint.model.policy import Rule

_LONG = 600
"""Seconds of the shortest window whose being forgotten is worth a word."""


def check(facts: Facts) -> Iterator[Finding]:
    """Report what saving the rules that differ from those before comes to, where these are known."""
    phases = facts.before_edit.phases if facts.before_edit else ()
    old = {(rule.phase, rule.name): rule for phase in phases for rule in phase.active}
    for rule in facts.subjects():
        before = old.get((rule.phase, rule.name))
        if before is None or not _edited(before, rule):
            continue
        effect = _EFFECTS.get(rule.outcome.kind, _nothing)(facts, before, rule)
        if effect:
            yield Finding(
                check="edit-resets-state",
                severity=Severity.LOW,
                confidence=Confidence.PROVEN,
                message=f"{rule} was edited: {effect}",
                subject=subject(rule),
                place=rule.place,
                advice=_ADVICE[rule.outcome.kind],
            )


def _edited(before: Rule, rule: Rule) -> bool:
    """Whether anything that is stored of a rule differs."""
    fields = [part.field for part in rule.key or ()] != [part.field for part in before.key or ()]
    return (
        fields
        or any(
            getattr(before, name) != getattr(rule, name) for name in ("priority", "outcome", "settings", "conditional")
        )
        or before.match.text != rule.match.text
    )


def _counts_anew(facts: Facts, _before: Rule, rule: Rule) -> str:
    window = float(str(rule.settings["window"]))
    if not facts.policy.platform.forgets_edited or window <= _LONG:
        return ""
    return f"its counters begin anew when it is saved, so whoever had used up {granted(rule)} can do so again"


def _shuts_out(facts: Facts, _before: Rule, rule: Rule) -> str:
    if not facts.policy.platform.forgets_edited:
        return ""
    if rule.outcome.kind == "queue":
        return "when it is saved, everybody who was let in goes back to the end of the queue"
    return f"when it is saved, no pass that was given in the last {lasting(float(str(rule.settings['pass_ttl'])))} is valid any more"


def _keeps_old(facts: Facts, before: Rule, rule: Rule) -> str:
    """Of a cache rule that now keeps less, or for a shorter time."""
    if facts.policy.platform.caching.purged:
        return ""
    shorter = float(str(rule.settings["ttl"])) < float(str(before.settings["ttl"]))
    fewer = not facts.covered(facts.matching(before.match.expression), facts.matching(rule.match.expression))
    if not shorter and not fewer:
        return ""
    return f"what it has kept until now stays for up to {lasting(float(str(before.settings['ttl'])))}"


def _nothing(_facts: Facts, _before: Rule, _rule: Rule) -> str:
    return ""


_EFFECTS: dict[str, Callable[[Facts, Rule, Rule], str]] = {
    "limit": _counts_anew,
    "challenge": _shuts_out,
    "queue": _shuts_out,
    "cache": _keeps_old,
}
_ADVICE = {
    "limit": "save it in a quiet hour",
    "challenge": "save it in a quiet hour: every visitor is asked again at once",
    "queue": "save it when the room is empty",
    "cache": "purge the cache after saving it",
}
