"""Rules that share requests, do different things, and whose order nobody chose."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from edgelint.evidence import meeting, witness
from edgelint.facts import Facts, related, subject
from edgelint.finding import Confidence, Finding, Severity
from edgelint.model.policy import Rule
from edgelint.model.request import Request
from edgelint.path_classes import multiline
from edgelint.remedies import spaced
from edgelint.space.questions import covers
from edgelint.space.theory import Axis

_NAMED = 6
"""How many rivals of one rule are proved and named; a rule with more is one finding all the same."""


def check(facts: Facts) -> Iterator[Finding]:
    """Report, for each rule, the earlier ones it partly overlaps with another outcome, equal priorities above all."""
    for rule in facts.subjects():
        if facts.phase(rule).algorithm != "first_match" or facts.shadows(rule):
            continue
        met = ((other, request) for other in facts.neighbours(rule) if (request := _conflict(facts, other, rule)))
        rivals = list(islice(met, _NAMED))
        if not rivals:
            continue
        ties = [other for other, _ in rivals if other.priority == rule.priority]
        others = [other for other, _ in rivals]
        request = next(request for other, request in rivals if not ties or other is ties[0])
        yield Finding(
            check="conflicting-overlap",
            severity=Severity.HIGH if ties else Severity.MEDIUM,
            confidence=Confidence.PROVEN,
            message=_message(rule, ties, others),
            subject=subject(rule),
            place=rule.at("priority"),
            related=related(others, "matches the same request"),
            witness=witness(facts, request, [rule, *others]),
            advice="give the rules different priorities in the order you mean, or make their conditions exclude each other",
            fixes=spaced(rule) if ties else (),
        )


def _conflict(facts: Facts, earlier: Rule, later: Rule) -> Request | None:
    """A request that both rules match and whose fate hangs on their order, when that order is not an idiom."""
    if earlier.order >= later.order or earlier.outcome == later.outcome:
        return None
    if earlier.priority != later.priority:
        denied_first = earlier.outcome.kind == "block"
        skips = earlier.outcome.passable and later.outcome.kind == "block"
        if denied_first or skips or earlier.conditional or _special(facts, earlier, later):
            return None
    return meeting(facts, earlier, later)


def _special(facts: Facts, earlier: Rule, later: Rule) -> bool:
    """Whether a rule is a special case of a later one, line breaks in paths left out of account."""
    if facts.within(earlier, later):
        return True
    return covers([facts.region(later), facts.meaning.space.region(Axis("path"), multiline())], facts.live(earlier))


def _message(rule: Rule, ties: list[Rule], rivals: list[Rule]) -> str:
    names = ", ".join(f"`{other.name}`" for other in ties or rivals)
    if ties:
        return (
            f"{rule} and {names} match the same requests with equal priority {rule.priority},"
            " so the order of their creation decides"
        )
    return f"{rule} partly overlaps {names}, which comes first and does something else"
