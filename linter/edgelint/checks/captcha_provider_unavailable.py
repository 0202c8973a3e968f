"""Captcha rules whose provider is missing or disabled: every request they catch is answered 503."""

from __future__ import annotations

from collections.abc import Iterator

from edgelint.evidence import reached, witness
from edgelint.facts import Facts, subject
from edgelint.finding import Confidence, Finding, Severity
from edgelint.model.policy import Rule
from edgelint.replay import provider_trouble


def check(facts: Facts) -> Iterator[Finding]:
    """Report captcha rules that catch requests and have no working provider to show."""
    for rule in facts.subjects("challenge"):
        reference = next((one for one in rule.references if one.kind == "captcha provider"), None)
        state = provider_trouble(facts.policy, rule)
        request = reached(facts, rule) if state else None
        if state and request:
            yield Finding(
                check="captcha-provider-unavailable",
                severity=Severity.CRITICAL,
                confidence=Confidence.PROVEN,
                message=f"{rule} {state}, so every request it catches is answered 503",
                subject=subject(rule),
                place=reference.place if reference else rule.at("outcome"),
                witness=witness(facts, request, [rule]),
                detail=_detail(rule),
                advice="enable the provider, name another one, or disable the rule",
            )


def _detail(rule: Rule) -> tuple[str, ...]:
    return ("the rule is automatic: this happens while it is active",) if rule.conditional else ()
