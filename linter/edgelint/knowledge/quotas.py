"""What the limiters of a policy do with requests: who reaches them, who protects whom, and what a sequence comes to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from edgelint.budgets import Budget, budget_of, dominates
from edgelint.evidence import REPLAY, prove
from edgelint.facts import Facts
from edgelint.keys import choices, fields, forgeable, key
from edgelint.model.expression import ADDRESS, PATH, Contains, EndsWith, Equals, Field, Matches, PathPrefix, StartsWith
from edgelint.model.parts import with_values
from edgelint.model.policy import Route, Rule
from edgelint.model.request import Request
from edgelint.model.walk import literal_atoms
from edgelint.replay import applies, route_of
from edgelint.routing import served
from edgelint.simulation.limiter import Limiters
from edgelint.space.abundance import several
from edgelint.space.addresses import address
from edgelint.space.limits import WORK, Unbounded
from edgelint.space.questions import outside
from edgelint.space.region import Region

ROTATION = 8
"""How many values of a key's part count as free choice: each is shown in a request of its own."""

_DOOR = re.compile(
    r"(?<![a-z])(?:log[-_]?in|log[-_]?on|sign[-_]?in|sign[-_]?up|register|registration|passwords?|passwd|reset|forgot|otp"
    r"|2fa|mfa|verify|auth|oauth2?|token|sessions?)(?![a-z])",
    re.IGNORECASE,
)
"""What paths are called at which people prove who they are."""


def arriving(facts: Facts, rule: Rule, region: Region | None = None, spared: Sequence[Rule] = ()) -> Request | None:
    """A confirmed request that a rule takes, that no block before it stops and that none of the spared rules takes.

    One that a route takes, where there is one.
    """
    here = facts.live(rule) if region is None else region
    others = (*facts.blockers(rule), *blocks(facts, rule), *spared)
    parts = facts.among(others)
    request = prove(facts, outside(here, parts).answer, (rule,), others)
    if request is None or route_of(facts.policy, request):
        return request
    answers = ((route, facts.routing.landing(here, route, parts)) for route in facts.routing.meeting(here))
    routed = (prove(facts, answer, (rule,), others, route) for route, answer in answers if answer.yes)
    return next(filter(None, routed), request)


def delivered(facts: Facts, rule: Rule, region: Region, routes: Iterable[Route]) -> Iterator[tuple[Route, Request]]:
    """The routes to an origin, among some, that requests of a region take when a rule catches them, each with such a request."""
    spared = (*facts.blockers(rule), *blocks(facts, rule))
    parts = facts.among(spared)
    for route in routes:
        if served(route):
            answer = facts.routing.landing(region, route, parts)
            request = prove(facts, answer, (rule,), spared, lands=route)
            if request:
                yield route, request


def blocks(facts: Facts, rule: Rule) -> tuple[Rule, ...]:
    """The rules of earlier phases that refuse some requests of a rule for good."""
    earlier = facts.policy.phases[: facts.policy.phases.index(facts.phase(rule))]
    sharing = (other for phase in earlier for other in facts.sharing(phase, facts.live(rule)))
    return tuple(other for other in sharing if other.outcome.kind == "block" and not other.conditional)


def chosen(facts: Facts, rule: Rule, field: Field) -> bool:
    """Whether clients alone decide what a part of a key is in the requests of a rule: no proxy sets it, no challenge gives it."""
    return forgeable(field, facts.topology) and not any(
        _passes(facts, challenge, field) and facts.within(rule, challenge) for challenge in facts.active("challenge")
    )


def _passes(facts: Facts, challenge: Rule, field: Field) -> bool:
    """Whether a part is the cookie of a challenge's pass, and no other pass lets its requests by."""
    own = field == Field("cookie", facts.policy.platform.challenges.cookie.format(id=challenge.id))
    if not own or challenge.conditional:
        return False
    return not any(other.outcome.passable and other.order < challenge.order for other in facts.neighbours(challenge))


def rotating(facts: Facts, rule: Rule, counter: Rule) -> tuple[Field, ...]:
    """The parts of a counter's key of which a client has a free choice among the requests of a rule."""
    return tuple(
        field for field in fields(counter) if chosen(facts, rule, field) and len(_texts(facts, rule, field)) >= ROTATION
    )


def _texts(facts: Facts, rule: Rule, field: Field) -> tuple[str, ...]:
    try:
        return several(choices(facts.meaning, facts.live(rule), field), ROTATION)
    except Unbounded:
        return ()


def rotated(
    facts: Facts, rule: Rule, request: Request, field: Field, spared: Sequence[Rule] = ()
) -> tuple[Request, ...]:
    """Requests that differ from one in a part of a rule's key only, are sent to one route, and have a bucket each."""
    groups: dict[Route | None, dict[object, Request]] = {}
    for text in _texts(facts, rule, field):
        other = with_values(request, field, (text,))
        route = route_of(facts.policy, other)
        if (route or not facts.routing.routes) and takes(facts, rule, other, spared):
            groups.setdefault(route, {}).setdefault(key(rule, other, facts.policy.platform), other)
    return tuple(max(groups.values(), key=len, default={}).values())


def takes(facts: Facts, rule: Rule, request: Request, spared: Sequence[Rule] = ()) -> bool:
    """Whether the plain interpreter gives a request to a rule, and to none that would come before it or is to be spared."""
    others = facts.near((*facts.blockers(rule), *blocks(facts, rule), *spared), request)
    try:
        WORK.spend(REPLAY * (1 + len(others)))
        return applies(facts.policy, rule, request) and not any(applies(facts.policy, one, request) for one in others)
    except Unbounded:
        return False


def guards(facts: Facts, rule: Rule) -> tuple[Rule, ...]:
    """The other limiters that count requests of a rule by what a client cannot choose freely among them."""
    return tuple(
        other
        for other in facts.neighbours(rule)
        if other.outcome.kind == "limit" and other.key is not None and not rotating(facts, rule, other)
    )


def stranger(facts: Facts, rule: Rule, request: Request) -> Request | None:
    """The same request from another address, if a rule takes that, too."""
    elsewhere = (facts.addresses(rule) - address(request.address)).member()
    other = with_values(request, ADDRESS, (elsewhere,)) if elsewhere else None
    return other if other and takes(facts, rule, other) else None


def limited(facts: Facts, rule: Rule) -> bool:
    """Whether some limiter certainly counts all requests of a rule."""
    phases = (phase for phase in facts.policy.phases if phase.algorithm == "all_match")
    sharing = (other for phase in phases for other in facts.sharing(phase, facts.live(rule)))
    return any(other.outcome.kind == "limit" and facts.within(rule, other) for other in sharing)


def replayed(facts: Facts, limiters: Sequence[Rule], sends: Sequence[tuple[Request, int]]) -> tuple[int, ...]:
    """How many of each of some requests, sent so many times one after the other at one instant, some limiters let through."""
    policy = facts.policy
    budgets = [budget for rule in limiters if (budget := budget_of(rule))]
    at_work = Limiters(budgets, policy.platform.limiting)
    return tuple(
        at_work.send(
            [key(rule, one, policy.platform) if applies(policy, rule, one) else None for rule in limiters], 0, count
        )
        for one, count in sends
    )


def bursts(
    budget: Budget, facts: Facts, keys: Sequence[object], times: Sequence[Fraction | int] = (0,)
) -> tuple[int, ...]:
    """How many requests one limiter admits when at each of some times one more than its burst is sent with each of some keys."""
    limiters = Limiters([budget], facts.policy.platform.limiting)
    return tuple(limiters.send([one], time, budget.capacity + 1) for time in times for one in keys)


def tighter(facts: Facts, rule: Rule, others: Sequence[Rule]) -> Rule | None:
    """A limiter of all a rule's requests that certainly admits nothing the rule would deny, were it to charge the same."""
    budget = budget_of(rule)
    if budget is None:
        return None
    candidates = (other for other in others if (theirs := budget_of(other)) and dominates(theirs, budget))
    return next((other for other in candidates if facts.within(rule, other)), None)


def paths_named(rule: Rule) -> Iterator[str]:
    """What a condition compares the path with in the rule's favour: texts and patterns."""
    for atom, predicate, positive in literal_atoms(rule.match.expression):
        if positive and atom.field == PATH:
            if isinstance(predicate, Equals | StartsWith | EndsWith | Contains | PathPrefix):
                yield predicate.text
            elif isinstance(predicate, Matches):
                yield predicate.pattern


def guards_a_door(rule: Rule) -> bool:
    """Whether a rule names a path at which people prove who they are, where guessing has to be slow."""
    return any(map(_DOOR.search, paths_named(rule)))
