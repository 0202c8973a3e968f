"""Patterns that are found in more paths and hosts, or in fewer, than their author can have meant."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from edgelint.evidence import witness
from edgelint.facts import Facts, route_subject, subject
from edgelint.finding import Confidence, Finding, Related, Severity
from edgelint.knowledge.strictness import anchored, dotted, lines_joined
from edgelint.knowledge.variants import Instead, Variant, escapes, stray, surplus, variants
from edgelint.model.expression import HOST, Matches
from edgelint.model.policy import Rule
from edgelint.model.request import Request
from edgelint.patterns import ends_segment
from edgelint.record import record, replace
from edgelint.replay import route_name


@record
class _Looseness:
    """A way for a pattern to be loose: how it reads when taken strictly, what it does, and what to write instead."""

    strict: Callable[[Facts], Instead]
    says: str
    advice: str


_ANCHORS = _Looseness(
    anchored, "is not anchored", "anchor it with `^` and `$`, or compare with a path prefix or host pattern instead"
)
_DOTS = _Looseness(dotted, "has a `.` that stands for any character", r"write `\.` where a dot is meant")
_LINES = _Looseness(
    lambda _facts: lines_joined,
    "has a `.` that stands for any character but a line break",
    "compare with a path prefix instead, or begin the pattern with `(?s)`",
)


def check(facts: Facts) -> Iterator[Finding]:
    """Report the gravest looseness of each rule's patterns of paths and hosts, with a request that shows it."""
    for rule in facts.subjects():
        cases = ((way, variant) for way in (_ANCHORS, _DOTS, _LINES) for variant in variants(rule, way.strict(facts)))
        found = [finding for way, variant in cases if (finding := _judged(facts, rule, way, variant))]
        if found:
            yield max(found, key=lambda finding: finding.severity)


def _judged(facts: Facts, rule: Rule, way: _Looseness, variant: Variant) -> Finding | None:
    if way is _LINES:
        return _missed(facts, rule, variant) if variant.positive and rule.outcome.protects else None
    if variant.positive:
        return _caught(facts, rule, way, variant)
    harmful = rule.outcome.protects and (way is _ANCHORS or variant.atom.field == HOST)
    return _exempted(facts, rule, way, variant) if harmful else None


def _caught(facts: Facts, rule: Rule, way: _Looseness, variant: Variant) -> Finding | None:
    """A pattern that catches too much; that is grave where it is meant for another service."""
    found = next(surplus(facts, rule, variant.expression), None)
    if found is None:
        return None
    far = stray(facts, rule, variant)
    if far is None or far.route is None:
        if (
            rule.outcome.kind == "block"
            and isinstance(variant.literal, Matches)
            and ends_segment(variant.literal.pattern)
        ):
            return None
        return _finding(facts, rule, way, variant, found.request, "also catches", Severity.LOW)
    severity = Severity.HIGH if rule.outcome.denies else Severity.MEDIUM
    finding = _finding(facts, rule, way, variant, far.request, "also catches", severity)
    return replace(
        finding,
        message=f"{finding.message}; that is meant for {route_name(far.route)}",
        related=(Related(route_subject(far.route), "is caught, too"),),
    )


def _exempted(facts: Facts, rule: Rule, way: _Looseness, variant: Variant) -> Finding | None:
    """An exemption that lets go whom it should not."""
    found = next(escapes(facts, rule, variant.expression), None)
    return _finding(facts, rule, way, variant, found.request, "spares", Severity.HIGH) if found else None


def _missed(facts: Facts, rule: Rule, variant: Variant) -> Finding | None:
    """A pattern that a line break in the path escapes, on the way to an application that may not mind it."""
    found = next(escapes(facts, rule, variant.expression), None)
    host = found.route.host if found and found.route else ""
    if found is None or facts.topology.upstream(host).static:
        return None
    severity = Severity.HIGH if rule.outcome.denies else Severity.MEDIUM
    finding = _finding(facts, rule, _LINES, variant, found.request, "does not catch", severity)
    assumed = f"assumes that the application takes a line break for part of the path; if `{host or '*'}` is nothing but files,"
    told = f"say `topology.upstreams: [{{host: {host or '...'}, static: true}}]`"
    return replace(finding, confidence=Confidence.LIKELY, detail=(f"{assumed} {told}",))


def _finding(
    facts: Facts, rule: Rule, way: _Looseness, variant: Variant, request: Request, does: str, severity: Severity
) -> Finding:
    assert isinstance(variant.literal, Matches)  # noqa: S101
    what = request.host if variant.atom.field == HOST else request.target()
    return Finding(
        check="loose-regex",
        severity=severity,
        confidence=Confidence.PROVEN,
        message=f"{rule} {does} {variant.atom.field} `{what}`: its pattern `{variant.literal.pattern}` {way.says}",
        subject=subject(rule),
        place=rule.match.at(variant.atom.span),
        witness=witness(facts, request, [rule]),
        advice=way.advice,
    )
