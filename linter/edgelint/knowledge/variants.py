"""What another literal in a rule's condition would change: the requests it decides over, and where they lead."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from edgelint.evidence import prove
from edgelint.facts import Facts
from edgelint.model.expression import HOST, And, Equals, Every, Expression, Field, Never, Predicate, Some, Test
from edgelint.model.policy import Route, Rule
from edgelint.model.request import Request
from edgelint.model.walk import literal_atoms, rewrite
from edgelint.record import record, replace
from edgelint.routing import origins_of
from edgelint.space.questions import NO, Answer, Parts, Several, listed, member, outside
from edgelint.space.region import Region

LITERALS = 16
"""How many of a rule's literals are tried otherwise."""

Instead = Callable[[Field, Predicate], Predicate | None]
"""The literal that might stand for one of a field; None where none might."""


@record
class Variant:
    """A literal of a rule's condition, and the condition with another one in its place.

    `positive` says whether the literal's holding speaks for the whole condition's.
    """

    atom: Test
    literal: Predicate
    instead: Predicate
    positive: bool
    expression: Expression


@record
class Landed:
    """A confirmed request, and the route by which it reaches an origin; None where the policy has no routes."""

    request: Request
    route: Route | None


def variants(rule: Rule, instead: Instead) -> Iterator[Variant]:
    """A rule's condition with another literal for each that might stand otherwise; equal literals change together."""
    yield from islice(_variants(rule, instead), LITERALS)


def _variants(rule: Rule, instead: Instead) -> Iterator[Variant]:
    seen = set()
    for atom, literal, positive in literal_atoms(rule.match.expression):
        if isinstance(atom, Test) and (atom.field, literal) not in seen:
            seen.add((atom.field, literal))
            other = instead(atom.field, literal)
            if other is not None:
                changed = _with(rule.match.expression, atom.field, literal, other)
                yield Variant(atom, literal, other, positive, changed)


def surplus(facts: Facts, rule: Rule, stricter: Expression, routes: Iterable[Route] | None = None) -> Iterator[Landed]:
    """Requests that a rule takes and would not under a stricter condition, one for each route, of some or all.

    None where it takes nothing under the stricter one, as with `startsWith("/a") && !path_prefix("/a")`: that is its purpose.
    """
    if member(facts.both(facts.live(rule), facts.matching(stricter))).no:
        return
    parts = Several(listed([facts.matching(stricter)]), facts.before(rule))
    for route, answer in _landings(facts, facts.live(rule), parts, routes):
        request = prove(facts, answer, caught=(rule,), spared=facts.blockers(rule), lands=route)
        if request is not None:
            yield Landed(request, route)


def escapes(facts: Facts, rule: Rule, wider: Expression) -> Iterator[Landed]:
    """Requests that a rule would take under a wider condition, and that no rule takes which does the same or blocks."""
    meant = facts.both(facts.matching(wider), facts.possible)
    spared = (rule, *alike(facts, rule, meant))
    for route, answer in _landings(facts, meant, facts.among(spared)):
        request = prove(facts, answer, spared=spared, lands=route)
        if request is not None:
            yield Landed(request, route)


def stray(facts: Facts, rule: Rule, variant: Variant) -> Landed | None:
    """A request that a rule takes on its way to an origin for which it would take none under a stricter condition.

    The stricter condition must take something at all, and of a block's path condition that must be below the prefix of a
    route: other blocks look for the marks of an attack, wherever these are.
    """
    taken = facts.both(facts.live(rule), facts.matching(variant.expression))
    near = [route for route in facts.routing.meeting(taken) if not facts.routing.landing(taken, route).no]
    by_host = variant.atom.field == HOST
    if not any(by_host or rule.outcome.kind != "block" or route.path not in ("", "/") for route in near):
        return None
    known = frozenset(origin for route in near for origin in origins_of(route))
    named = (route for route in facts.routing.routes if not by_host or (route.host and not route.default))
    apart = [route for route in named if known.isdisjoint(origins_of(route))]
    return next(surplus(facts, rule, variant.expression, apart), None)


def tried(facts: Facts, rule: Rule, variant: Variant, values: Iterable[str]) -> Request | None:
    """A request with one of some values for the field of a literal that a rule takes, for where the literal has no model."""
    for value in values:
        field, only = variant.atom.field, Equals(value)
        here = And((_with(rule.match.expression, field, variant.literal, only), Test(field, only)))
        found = member(facts.both(facts.matching(here), facts.possible))
        request = prove(facts, Answer(found.point, "it is a guess"), caught=(rule,), spared=facts.blockers(rule))
        if request is not None:
            return request
    return None


def _landings(
    facts: Facts, region: Region, spared: Parts, routes: Iterable[Route] | None = None
) -> Iterator[tuple[Route | None, Answer]]:
    """A request of a region outside the spared parts for each route to an origin; one at all where there are no routes."""
    anywhere = outside(region, spared).answer
    if anywhere.no:
        return
    if not facts.routing.routes and anywhere.yes:
        yield None, anywhere
    met = facts.routing.meeting(region)
    for route in met if routes is None else filter(met.__contains__, routes):
        answer = facts.routing.landing(region, route, spared) if origins_of(route) else NO
        if answer.yes:
            yield route, answer


def alike(facts: Facts, rule: Rule, region: Region) -> tuple[Rule, ...]:
    """The other rules that may share a request with a region, up to the rule's phase, and do what it does or block."""
    phases = facts.policy.phases[: facts.policy.phases.index(facts.phase(rule)) + 1]
    return tuple(
        other
        for phase in phases
        for other in facts.sharing(phase, region)
        if other is not rule
        and (other.outcome.kind == "block" or (other.phase, other.outcome.kind) == (rule.phase, rule.outcome.kind))
        and (rule.conditional or not other.conditional)
    )


def _with(expression: Expression, field: Field, literal: Predicate, other: Predicate) -> Expression:
    """An expression in which every test of a field with one literal has another."""

    def change(node: Expression) -> Expression:
        if isinstance(node, Test) and node.field == field:
            return replace(node, predicate=_replaced(node.predicate, literal, other))
        return node

    return rewrite(expression, change)


def _replaced(predicate: Predicate, literal: Predicate, other: Predicate) -> Predicate:
    match predicate:
        case Never(operand):
            return Never(_replaced(operand, literal, other))
        case Every(predicates):
            return Every(tuple(_replaced(one, literal, other) for one in predicates))
        case Some(predicates):
            return Some(tuple(_replaced(one, literal, other) for one in predicates))
        case _:
            return other if predicate == literal else predicate
