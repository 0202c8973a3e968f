"""Conditions whose `&&` and `||` bind otherwise than they read."""

from __future__ import annotations

from collections.abc import Iterator

from edgelint.evidence import witness
from edgelint.facts import Facts, subject
from edgelint.finding import Confidence, Finding, Severity
from edgelint.grouping import Reading, crossing, dimensions, excerpt, readings
from edgelint.knowledge.origins import to_origin
from edgelint.model.expression import Expression, Or, Spanned
from edgelint.model.policy import Rule
from edgelint.model.request import Request
from edgelint.path_classes import assets
from edgelint.space.language import Language
from edgelint.space.limits import Unbounded
from edgelint.space.questions import listed, projection
from edgelint.space.search import is_empty
from edgelint.space.theory import Axis

_PARENTHESES = (
    "put the alternatives in parentheses, `(a || b) && c`, or the conjunction, `a || (b && c)`, where that is meant"
)
_BOTH = "join them with `&&` where a page of that host is meant; make two rules of it otherwise"


def check(facts: Facts) -> Iterator[Finding]:
    """Report conjunctions that bind one alternative only, and alternatives that were to hold together."""
    for rule in facts.subjects():
        found = next(_misread(facts, rule), None) or _disjoint(facts, rule)
        if found is not None:
            yield found


def _misread(facts: Facts, rule: Rule) -> Iterator[Finding]:
    for reading in readings(rule.match):
        request = _only_here(facts, rule, reading.other(rule.match.expression))
        if request is not None:
            message, confidence = _says(rule, reading), _confidence(reading)
            yield _finding(facts, rule, reading.node.span, message, _PARENTHESES, request, confidence)


def _says(rule: Rule, reading: Reading) -> str:
    free = " and ".join(f"`{excerpt(rule.match, one)}`" for one in reading.free)
    scope, bound = (" && ".join(excerpt(rule.match, one) for one in parts) for parts in (reading.scope, reading.bound))
    return f"{rule} applies `{scope}` to `{bound}` only, and not to {free}: `&&` binds tighter than `||`"


def _confidence(reading: Reading) -> Confidence:
    by_host = any(kind == "host" for one in reading.scope for kind, _ in dimensions(one))
    return Confidence.LIKELY if by_host else Confidence.SUSPICION


def _disjoint(facts: Facts, rule: Rule) -> Finding | None:
    """A host or a page, where a challenge needs a host and a page, and a cache the path of a file."""
    arms = crossing(rule.match.expression)
    if arms is None or rule.outcome.kind not in ("challenge", "cache"):
        return None
    hosts, pages = arms
    if rule.outcome.kind == "cache" and any(_files(facts, page) for page in pages):
        return None
    request = _only_here(facts, rule, Or(hosts))
    if request is None:
        return None
    first, second = excerpt(rule.match, hosts[0]), excerpt(rule.match, pages[0])
    message = f"{rule} takes `{first}` on every page, and `{second}` on every host: either is enough"
    return _finding(facts, rule, rule.match.expression.span, message, _BOTH, request, Confidence.SUSPICION)


def _files(facts: Facts, arm: Expression) -> bool:
    """Whether an alternative lets nothing through but static files, as far as that can be told."""
    paths = projection(facts.matching(arm), Axis("path"))
    try:
        return isinstance(paths, Language) and is_empty(paths - assets())
    except Unbounded:
        return True


def _only_here(facts: Facts, rule: Rule, other: Expression) -> Request | None:
    """A confirmed request for some service that the rule takes and that it would not take under another condition."""
    try:
        return to_origin(facts, rule, facts.live(rule), listed([facts.meaning.true(other)]))
    except Unbounded:
        return None


def _finding(
    facts: Facts, rule: Rule, span: Spanned, message: str, advice: str, request: Request, confidence: Confidence
) -> Finding:
    return Finding(
        check="misgrouped-logic",
        severity=Severity.HIGH if rule.outcome.protects or rule.outcome.kind == "cache" else Severity.MEDIUM,
        confidence=confidence,
        message=message,
        subject=subject(rule),
        place=rule.match.at(span),
        witness=witness(facts, request, [rule]),
        detail=(
            "that the rule takes this request is proved; assumes that it is not meant to, else record that with an ignore entry",
        ),
        advice=advice,
    )
