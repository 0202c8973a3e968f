"""Prefixes and endings that stop in the middle of a name, and prefixes that leave out the path they are named after."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from edgelint.evidence import witness
from edgelint.facts import Facts, route_subject, subject
from edgelint.finding import Confidence, Finding, Related, Severity, Subject
from edgelint.knowledge.strictness import between, bounded, opened
from edgelint.knowledge.variants import Landed, Variant, escapes, stray, surplus, variants
from edgelint.model.expression import HOST, PATH, And, Contains, Matches, Not, Or, PathPrefix, Test
from edgelint.model.policy import Rule
from edgelint.record import replace

_SIBLINGS = 4
"""How many named paths are tried for one literal."""


def check(facts: Facts) -> Iterator[Finding]:
    """Report the gravest boundary that each rule misses, with a request on the other side of it."""
    for rule in facts.subjects():
        found = [*_crossed(facts, rule), *_left_out(facts, rule)]
        if found:
            yield max(found, key=lambda finding: finding.severity)


def _crossed(facts: Facts, rule: Rule) -> Iterator[Finding]:
    """Literals that go on into other names."""
    for variant in variants(rule, bounded(facts)):
        if not variant.positive:
            found = _spared(facts, rule, variant) if rule.outcome.protects else None
        else:
            found = _caught(facts, rule, variant)
        if found is not None:
            yield found


def _caught(facts: Facts, rule: Rule, variant: Variant) -> Finding | None:
    """A request that is caught too much: for another application, under a name that is used, or at all."""
    found = next(surplus(facts, rule, variant.expression), None)
    if found is None:
        return None
    far = stray(facts, rule, variant)
    if far and far.route:
        severity = Severity.HIGH if rule.outcome.denies else Severity.MEDIUM
        return _finding(facts, rule, variant, far, "also catches", severity, route_subject(far.route))
    for text, who in islice(between(facts, variant), _SIBLINGS):
        elsewhere = Or((variant.expression, Not(Test(PATH, PathPrefix(text)))))
        sibling = next(surplus(facts, rule, elsewhere), None)
        if sibling:
            severity = Severity.LOW if isinstance(variant.literal, Contains) else Severity.MEDIUM
            return _finding(facts, rule, variant, sibling, "also catches", severity, who)
    on_purpose = isinstance(variant.literal, Contains) or rule.outcome.kind == "shape"
    return None if on_purpose else _finding(facts, rule, variant, found, "also catches", Severity.LOW)


def _spared(facts: Facts, rule: Rule, variant: Variant) -> Finding | None:
    """A request that an exemption lets go too much: any that chooses its host, or one under a name that is used."""
    if variant.atom.field == HOST:
        found = next(escapes(facts, rule, variant.expression), None)
        return _finding(facts, rule, variant, found, "spares", Severity.HIGH) if found else None
    for text, who in islice(between(facts, variant), _SIBLINGS):
        below = And((variant.expression, Test(PATH, PathPrefix(text))))
        found = next(escapes(facts, rule, below), None)
        if found:
            return _finding(facts, rule, variant, found, "spares", Severity.HIGH, who)
    return None


def _left_out(facts: Facts, rule: Rule) -> Iterator[Finding]:
    """Prefixes with a `/` at the end, where the path before it leads to the same route and nothing else guards it."""
    for variant in variants(rule, opened) if rule.outcome.protects else ():
        found = next(escapes(facts, rule, variant.expression), None) if variant.positive else None
        if found and found.route and facts.routing.landing(facts.live(rule), found.route).yes:
            severity = Severity.HIGH if rule.outcome.denies else Severity.MEDIUM
            finding = _finding(facts, rule, variant, found, "does not catch", severity)
            message = f"{rule} does not catch path `{found.request.target()}`: the prefix `{_text(variant)}` begins only behind it"
            yield replace(
                finding, message=message, advice="take the `/` off the end, where the prefix goes by whole segments"
            )


def _finding(
    facts: Facts, rule: Rule, variant: Variant, found: Landed, does: str, severity: Severity, who: Subject | None = None
) -> Finding:
    by_host = variant.atom.field == HOST
    what = found.request.host if by_host else found.request.target()
    return Finding(
        check="prefix-boundary",
        severity=severity,
        confidence=Confidence.PROVEN,
        message=f"{rule} {does} {variant.atom.field} `{what}`: `{_text(variant)}` also fits in the middle of a name",
        subject=subject(rule),
        place=rule.match.at(variant.atom.span),
        related=(Related(who, "names it"),) if who else (),
        witness=witness(facts, found.request, [rule]),
        advice=f"compare {'with a host pattern' if by_host else 'by path prefix, which goes by whole segments'}",
    )


def _text(variant: Variant) -> str:
    literal = variant.literal
    return literal.pattern if isinstance(literal, Matches) else str(getattr(literal, "text", ""))
