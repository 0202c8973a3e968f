"""Requests that show what is claimed of a policy, confirmed by the plain interpreter, which knows nothing of regions."""

from __future__ import annotations

from collections.abc import Iterable

from edgelint.facts import Facts
from edgelint.finding import Witness
from edgelint.model.policy import Phase, Route, Rule
from edgelint.model.request import Request
from edgelint.replay import applies, route_of, trace
from edgelint.space.limits import WORK, Unbounded
from edgelint.space.questions import Answer, Several, outside
from edgelint.space.region import Region

REPLAY = 16
"""Steps of a search that one evaluation of a condition costs."""


class DisagreementError(Exception):
    """The algebra of regions and the plain interpreter say different things about one request: a fault of ours."""


def prove(
    facts: Facts, answer: Answer, caught: Iterable[Rule] = (), spared: Iterable[Rule] = (), lands: Route | None = None
) -> Request | None:
    """The request of an answer after the plain interpreter has confirmed what is claimed of it, else None.

    Raises DisagreementError when the algebra was sure and the interpreter says otherwise.
    """
    if answer.point is None:
        return None
    request = facts.request(answer)
    policy, caught, spared = facts.policy, tuple(caught), facts.near(spared, request)
    try:
        WORK.spend(REPLAY * (len(caught) + len(spared)))
        agreed = (
            all(applies(policy, rule, request) for rule in caught)
            and not any(applies(policy, rule, request) for rule in spared)
            and (lands is None or route_of(policy, request) is lands)
        )
    except Unbounded:
        return None
    if not agreed and answer.yes:
        raise DisagreementError(f"the replay of {request.curl()} does not confirm the proof")
    return request if agreed else None


def reached(facts: Facts, rule: Rule, region: Region | None = None) -> Request | None:
    """A confirmed request that a rule takes, within a region if one is given."""
    return _confirmed(facts, facts.live(rule) if region is None else region, (rule,))


def meeting(facts: Facts, one: Rule, other: Rule) -> Request | None:
    """A confirmed request that reaches the earlier of two rules of a phase and that both match."""
    first, second = sorted((one, other), key=lambda rule: rule.order)
    return _confirmed(facts, facts.both(facts.live(first), facts.region(second)), (first, second))


def _confirmed(facts: Facts, region: Region, rules: tuple[Rule, ...]) -> Request | None:
    """A confirmed request that the first of some rules takes.

    If there is one it gets there past all earlier phases, else at least with a pass.
    """
    phase, before = facts.phase(rules[0]), facts.before(rules[0])
    earlier = facts.policy.phases[: facts.policy.phases.index(phase)]
    stops = Several(*(facts.index(one).stops for one in earlier))
    for spared in (Several(before, stops), Several(before, facts.stopped(phase)), before) if earlier else (before,):
        answer = outside(region, spared).answer
        if answer.yes:
            break
    return prove(facts, answer, caught=rules, spared=facts.blockers(rules[0]))


def taking(facts: Facts, phase: Phase, request: Request) -> tuple[Rule, ...]:
    """The unconditional rules of a phase that apply to a request by the plain interpreter, in order; all that do."""
    rules = facts.candidates(phase, facts.meaning.place(request))
    return tuple(rule for rule in rules if not rule.conditional and applies(facts.policy, rule, request))


def fails_on(rule: Rule, request: Request) -> bool:
    """Whether the evaluation of a rule's condition ends in an error for a request."""
    try:
        return rule.match.evaluate(request) is None
    except Unbounded:
        return False


def witness(facts: Facts, request: Request, active: Iterable[Rule] = ()) -> Witness:
    """A request with what the edge does with it, conditional rules being inactive unless named; of a revision without."""
    if facts.is_revision:
        return Witness(request)
    point = facts.meaning.place(request)
    among = {phase.name: facts.candidates(phase, point) for phase in facts.policy.phases}
    return Witness(request, trace(facts.policy, request, tuple(active), among))
