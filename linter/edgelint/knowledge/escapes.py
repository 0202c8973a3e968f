"""Requests that a rule was meant for and that get past it: not caught by it, nor by any rule that could stand in for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from edgelint.evidence import prove
from edgelint.facts import Facts
from edgelint.model.policy import OutcomeKind, Route, Rule
from edgelint.model.request import Request
from edgelint.record import record
from edgelint.replay import applies
from edgelint.routing import origins_of
from edgelint.space.limits import Unbounded
from edgelint.space.questions import member
from edgelint.space.region import Region

_STRENGTH: dict[OutcomeKind, int] = {"block": 3, "challenge": 2, "queue": 1}
"""How much an outcome asks of a client; outcomes without a number are compared by their rates."""

_LENIENT = 10
"""How many times as generous as a rule a limit or shaper may be and still stand in for it."""


@record
class Escape:
    """A confirmed request that gets past a rule, and the route by which it reaches an origin."""

    route: Route
    request: Request


def escapes(
    facts: Facts, rule: Rule, meant: Region, routes: Iterable[Route] | None = None, more: Sequence[Rule] = ()
) -> Iterator[Escape]:
    """For each route to an origin, of some or all, a request of a region that neither a rule nor a guard takes.

    `more` are rules that are to be spared, too.
    """
    if member(meant).no:
        return
    spared = (rule, *guards(facts, rule, meant), *more)
    parts = facts.among(spared)
    for route in facts.routing.meeting(meant) if routes is None else routes:
        answer = facts.routing.landing(meant, route, parts) if origins_of(route) else None
        request = prove(facts, answer, spared=spared, lands=route) if answer is not None and answer.yes else None
        if request is not None:
            yield Escape(route, request)


def takes(facts: Facts, rule: Rule, request: Request) -> bool:
    """Whether the plain interpreter says that a rule takes a request."""
    try:
        return applies(facts.policy, rule, request)
    except Unbounded:
        return False


def guards(facts: Facts, rule: Rule, region: Region) -> tuple[Rule, ...]:
    """The other rules, up to the phase of a rule, that may take requests of a region and do about as much as the rule."""
    phases = facts.policy.phases[: facts.policy.phases.index(facts.phase(rule)) + 1]
    return tuple(
        other
        for phase in phases
        for other in facts.sharing(phase, region)
        if other is not rule and (rule.conditional or not other.conditional) and stands_in(other, rule)
    )


def stands_in(other: Rule, rule: Rule) -> bool:
    """Whether a rule does about as much about a request as another: refuses, challenges or holds it, or grants little more."""
    if other.outcome.denies:
        return _STRENGTH[other.outcome.kind] >= _STRENGTH.get(rule.outcome.kind, 0)
    return other.outcome.kind == rule.outcome.kind and rate(other) <= _LENIENT * rate(rule)


def rate(rule: Rule) -> Fraction:
    """What a limiter grants in requests a second, or a shaper in bytes a second in its slower direction."""
    if rule.outcome.kind == "limit":
        return _number(rule, "limit") / (_number(rule, "window") or 1)
    return min((found for name in ("download", "upload") if (found := _number(rule, name))), default=Fraction(0))


def _number(rule: Rule, setting: str) -> Fraction:
    found = rule.settings.get(setting)
    return Fraction(found) if isinstance(found, int | float) else Fraction(0)
