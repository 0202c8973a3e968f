"""Limiters that count by client address where the edge sees only the address of a proxy before it."""

from __future__ import annotations

from collections.abc import Iterator

from edgelint.budgets import granted
from edgelint.evidence import reached, witness
from edgelint.facts import Facts, subject
from edgelint.finding import Confidence, Finding, Severity, Subject
from edgelint.keys import counts_by_address_alone
from edgelint.model.policy import Listener, Rule
from edgelint.model.request import Request


def check(facts: Facts) -> Iterator[Finding]:
    """Report rules keyed by address alone on listeners whose clients hide behind a proxy, or ask what stands there."""
    undeclared = []
    for rule in facts.subjects("limit", "shape"):
        if counts_by_address_alone(rule, facts.topology):
            undeclared.append(rule)
            for listener in facts.fronted(rule):
                request = _arrives(facts, rule, listener)
                if request is not None:
                    yield _collapsed(facts, rule, listener, request)
                    break
    if undeclared and not facts.declared():
        yield _ask(facts, undeclared)


def _arrives(facts: Facts, rule: Rule, listener: Listener) -> Request | None:
    arriving = (reached(facts, rule, here) for here in facts.entrances(rule, listener))
    return next(filter(None, arriving), None)


def _collapsed(facts: Facts, rule: Rule, listener: Listener, request: Request) -> Finding:
    behind = facts.topology.behind(listener.name)
    return Finding(
        check="shared-bucket-behind-proxy",
        severity=Severity.CRITICAL,
        confidence=Confidence.PROVEN,
        message=(
            f"{rule} counts by client address, but listener `{listener.name}` stands behind {behind}:"
            f" all its users share {granted(rule)}"
        ),
        subject=subject(rule),
        place=rule.at("key"),
        witness=witness(facts, request),
        detail=(f"every user's request arrives from an address of {behind}, so all have the same key",),
        advice=(
            "key on a header that only the proxy can set (topology.trusted_headers), or declare"
            " preserves_client_ip if the addresses of clients do arrive"
        ),
    )


def _ask(facts: Facts, rules: list[Rule]) -> Finding:
    names = ", ".join(f"`{rule.name}`" for rule in rules)
    counting = "1 rule counts" if len(rules) == 1 else f"{len(rules)} rules count"
    first = rules[0]
    return Finding(
        check="shared-bucket-behind-proxy",
        severity=Severity.INFO,
        confidence=Confidence.SUSPICION,
        message=f"it is not declared what stands before the listeners, and {counting} by client address: {names}",
        subject=Subject("topology", "", facts.policy.name, first.place),
        place=first.at("key"),
        advice="declare `topology.listeners` in the configuration: `behind: edge`, or the proxy that stands before them",
    )
