"""Requests that go on to an origin, rather than being redirected, answered by the edge itself, or turned away."""

from __future__ import annotations

from edgelint.evidence import prove
from edgelint.facts import Facts
from edgelint.model.policy import Rule
from edgelint.model.request import Request
from edgelint.replay import route_of
from edgelint.routing import served
from edgelint.space.questions import Parts, Several, outside
from edgelint.space.region import Region


def to_origin(facts: Facts, rule: Rule, region: Region, *spared: Parts) -> Request | None:
    """A confirmed request of a region, outside of some parts, that a rule takes and that is meant for an origin.

    Where the policy has no routes every request is taken to be.
    """
    parts, blockers = Several(facts.before(rule), *spared), facts.blockers(rule)
    answer = outside(region, parts).answer
    request = prove(facts, answer, caught=(rule,), spared=blockers) if answer.yes else None
    if request is None or not facts.routing.routes or served(route_of(facts.policy, request)):
        return request
    for route in filter(served, facts.routing.meeting(region)):
        answer = facts.routing.landing(region, route, parts)
        if answer.yes:
            return prove(facts, answer, caught=(rule,), spared=blockers, lands=route)
    return None
