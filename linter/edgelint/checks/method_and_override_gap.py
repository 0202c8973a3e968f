"""Guards bound to a method or path that another method, or a header that overrides it, gets past."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from edgelint.evidence import witness
from edgelint.facts import Facts, related, subject
from edgelint.finding import Confidence, Finding, Severity, Subject
from edgelint.knowledge.disguises import Disguise, disguise, hands_in_credentials, unlike
from edgelint.knowledge.escapes import Escape
from edgelint.model.policy import Rule

_SHOWN = 4


def check(facts: Facts) -> Iterator[Finding]:
    """Report guards of GET that forget POST or HEAD, then once for the policy what overriding headers get past."""
    for rule in facts.subjects("block", "challenge", "limit"):
        post = _forgotten_post(facts, rule)
        head = _uncounted_head(facts, rule) if post is None and not rule.outcome.passable else None
        if post is not None:
            yield _finding(
                facts, rule, post, Severity.MEDIUM, "POST", "that credentials are handed in with a POST here"
            )
        elif head is not None:
            yield _finding(facts, rule, head, Severity.LOW, "HEAD", "that HEAD is answered here with the work of a GET")
    rules = facts.active("block", "challenge", "queue", "limit")
    found = list(islice(((rule, one) for rule in rules if (one := disguise(facts, rule))), _SHOWN))
    if found:
        yield _overridden(facts, found)


def _forgotten_post(facts: Facts, rule: Rule) -> Escape | None:
    """A POST past a rule for a path that takes credentials, where the rule catches GET."""
    asks = rule.outcome.kind in ("challenge", "limit") and hands_in_credentials(rule)
    return unlike(facts, rule, "POST", "GET", unlimited=True) if asks else None


def _uncounted_head(facts: Facts, rule: Rule) -> Escape | None:
    """A HEAD past a rule for GET, and where that is a limit, past every other limit."""
    return unlike(facts, rule, "HEAD", "GET", unlimited=rule.outcome.kind == "limit")


def _finding(facts: Facts, rule: Rule, escape: Escape, severity: Severity, method: str, assumed: str) -> Finding:
    return Finding(
        check="method-and-override-gap",
        severity=severity,
        confidence=Confidence.LIKELY,
        message=f"{rule} catches GET, but not the same request with {method}",
        subject=subject(rule),
        place=rule.match.place,
        witness=witness(facts, escape.request),
        detail=(f"assumes {assumed}; if not, say so with an ignore entry",),
        advice=f"add {method} to the methods, or leave the method out",
    )


def _overridden(facts: Facts, found: Sequence[tuple[Rule, Disguise]]) -> Finding:
    rule, worst = max(found, key=lambda one: one[1].declared)
    names = ", ".join(f"`{one.name}`" for one, _ in found)
    known = "is declared to obey it" if worst.declared else "obeys it by default"
    return Finding(
        check="method-and-override-gap",
        severity=Severity.HIGH if worst.declared else Severity.MEDIUM,
        confidence=Confidence.PROVEN if worst.declared else Confidence.LIKELY,
        message=f"header `{worst.header}` leads past {names}: the edge passes it on, and the application {known}",
        subject=Subject("topology", "", facts.policy.name, rule.place),
        place=rule.match.place,
        related=related([one for one, _ in found], "is passed"),
        witness=witness(facts, worst.escape.request),
        detail=() if worst.declared else ("say `topology.upstreams: [{host: ..., overrides: false}]` if it does not",),
        advice="block requests with `x-original-url`, `x-rewrite-url` or `x-http-method-override` before all other rules",
    )
