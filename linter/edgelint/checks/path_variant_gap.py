"""Rules that know one spelling of a path where the application behind takes several for the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from edgelint.evidence import witness
from edgelint.facts import Facts, related, subject
from edgelint.finding import Confidence, Finding, Severity, Subject
from edgelint.knowledge.gaps import Gap, gaps
from edgelint.model.expression import Equals, PathPrefix, StartsWith
from edgelint.model.policy import Rule
from edgelint.spellings import PARAMETER

_SHOWN = 4


def check(facts: Facts) -> Iterator[Finding]:
    """Report guards that another spelling gets past, and caches that take another spelling of a path they leave out.

    What follows a `;` is told once for the policy: one rule refuses it for all paths.
    """
    passed: dict[Rule, Gap] = {}
    for rule in facts.subjects("block", "challenge", "queue", "limit", "cache"):
        found = list(islice(gaps(facts, rule), _SHOWN))
        own = [gap for gap in found if gap.spelling.difference != PARAMETER]
        passed.update((rule, gap) for gap in found[:1] if not own)
        if own:
            yield _finding(facts, rule, own)
    if passed:
        yield _passed(facts, passed)


def _finding(facts: Facts, rule: Rule, found: Sequence[Gap]) -> Finding:
    gap, *others = found
    return Finding(
        check="path-variant-gap",
        severity=_severity(rule, gap),
        confidence=Confidence.LIKELY,
        message=_message(rule, gap),
        subject=subject(rule),
        place=rule.match.at(gap.span),
        witness=witness(facts, gap.escape.request),
        detail=(_assumed(gap), *(f"also `{other.spelling.path}`: {other.escape.request.curl()}" for other in others)),
        advice=_advice(gap),
    )


def _passed(facts: Facts, passed: Mapping[Rule, Gap]) -> Finding:
    rule, gap = next(iter(passed.items()))
    names = ", ".join(f"`{one.name}`" for one in islice(passed, _SHOWN))
    more = f" and {len(passed) - _SHOWN} more" if len(passed) > _SHOWN else ""
    return Finding(
        check="path-variant-gap",
        severity=Severity.MEDIUM,
        confidence=Confidence.SUSPICION,
        message=f"`{gap.spelling.path}` is another path to {names}{more}, but not to {gap.stack}, for which it is `{_text(gap)}`",
        subject=Subject("topology", "", facts.policy.name, rule.place),
        place=rule.match.at(gap.span),
        related=related(passed, "knows one spelling"),
        witness=witness(facts, gap.escape.request),
        detail=(_assumed(gap),),
        advice='block paths with a `;` before all other rules: `path.contains(";")`',
    )


def _severity(rule: Rule, gap: Gap) -> Severity:
    grave = rule.outcome.denies or rule.outcome.kind == "cache"
    return Severity.HIGH if grave and gap.stack else Severity.MEDIUM


def _message(rule: Rule, gap: Gap) -> str:
    if rule.outcome.kind == "cache":
        return f"{rule} leaves out `{_text(gap)}`, but takes `{gap.spelling.path}`"
    return f"{rule} catches `{_text(gap)}`, but not `{gap.spelling.path}`"


def _text(gap: Gap) -> str:
    assert isinstance(gap.literal, Equals | PathPrefix | StartsWith)  # noqa: S101
    return gap.literal.text


def _assumed(gap: Gap) -> str:
    host = gap.escape.route.host or "*"
    if gap.stack:
        return (
            f"assumes that {gap.stack} makes nothing of {gap.spelling.difference}, as is its default;"
            " if this application does, say so with an ignore entry"
        )
    return (
        f"assumes that the application makes nothing of {gap.spelling.difference};"
        f" say what it is built with: `topology.upstreams: [{{host: {host}, stack: ...}}]`"
    )


def _advice(gap: Gap) -> str:
    if isinstance(gap.literal, Equals) and gap.spelling.difference == "the slash at the end":
        return f'write `path_prefix(path, "{gap.literal.text.removesuffix("/")}")`'
    return "match every spelling with one pattern that begins with `(?i)^`, or have the application refuse the others"
