"""Settings that a rule's author chose and that do nothing."""

from __future__ import annotations

from collections.abc import Iterator

from edgelint.facts import Facts, subject
from edgelint.finding import Confidence, Finding, Severity
from edgelint.model.idle import Idle
from edgelint.model.policy import Rule


def check(facts: Facts) -> Iterator[Finding]:
    """Report, once for each rule, the settings that differ from the default and that the platform does not use there."""
    for rule in facts.subjects():
        found = [(one, words) for one in facts.policy.platform.idle if (words := _chosen(rule, one))]
        if found:
            yield _finding(facts, rule, sorted(found, key=lambda pair: not pair[0].misleading))


def _chosen(rule: Rule, idle: Idle) -> list[str]:
    """The idle settings that a rule makes; zero and nothing are no choice."""
    if idle.phase != rule.phase or any(rule.settings.get(word) not in values for word, values in idle.when):
        return []
    return [word for word in idle.settings if word in rule.chosen and rule.settings.get(word)]


def _finding(facts: Facts, rule: Rule, found: list[tuple[Idle, list[str]]]) -> Finding:
    (first, words), *rest = found
    plural = "have" if len(words) > 1 else "has"
    return Finding(
        check="field-without-effect",
        severity=Severity.MEDIUM if first.misleading else Severity.LOW,
        confidence=Confidence.PROVEN,
        message=f"{rule} sets {_listed(facts, rule, words)}, which {plural} no effect: {first.why}",
        subject=subject(rule),
        place=rule.at(words[0]),
        detail=tuple(f"nor has {_listed(facts, rule, more)}: {idle.why}" for idle, more in rest),
        advice="remove it, or change what keeps it from having an effect",
    )


def _listed(facts: Facts, rule: Rule, words: list[str]) -> str:
    return ", ".join(f"`{facts.policy.platform.term(rule.phase, word)}`" for word in words)
