"""Where a rule knows one spelling of a path and the application behind it takes others for the same."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from edgelint.evidence import prove
from edgelint.facts import Facts
from edgelint.knowledge.addressees import upstream_of, upstreams
from edgelint.knowledge.escapes import Escape, escapes, takes
from edgelint.knowledge.landings import Landings
from edgelint.model.expression import (
    PATH,
    Equals,
    Every,
    Expression,
    Never,
    PathPrefix,
    Predicate,
    Some,
    Spanned,
    StartsWith,
    Test,
)
from edgelint.model.policy import Route, Rule
from edgelint.model.topology import Stack
from edgelint.model.walk import literal_atoms, rewrite
from edgelint.record import record, replace
from edgelint.space.questions import Several, listed
from edgelint.spellings import Spelling, spellings

_MOST = 32
"""How many literals of one rule are looked at."""


@record(eq=False)
class Gap:
    """A literal of a rule's path, another spelling of it, and a confirmed request that the rule treats otherwise for it.

    `stack` is what the application on the way of the request is declared to be, None where that is not known.
    """

    literal: Predicate
    span: Spanned
    spelling: Spelling
    escape: Escape
    stack: Stack | None


def gaps(facts: Facts, rule: Rule) -> Iterator[Gap]:
    """The spellings that get past a guard, or that a cache takes though it leaves out the path they stand for."""
    wanted = rule.outcome.kind != "cache"
    for literal, span in islice(_literals(rule, wanted), _MOST):
        for stack, routes in _stacks(facts, rule, literal).items():
            for spelling in spellings(literal, stack):
                escape = _escape(facts, rule, literal, spelling, routes)
                if escape is not None and _holds(facts, rule, literal, stack, escape):
                    yield Gap(literal, span, spelling, escape, stack)


def _literals(rule: Rule, wanted: bool) -> Iterator[tuple[Predicate, Spanned]]:
    """What a rule asks for of the path, or with `wanted` false what it excludes, each once."""
    found: dict[Predicate, Spanned] = {}
    for atom, predicate, positive in literal_atoms(rule.match.expression):
        if atom.field == PATH and positive is wanted:
            found.setdefault(predicate, atom.span)
    yield from found.items()


def _stacks(facts: Facts, rule: Rule, literal: Predicate) -> dict[Stack | None, list[Route]]:
    """The routes that a rule's requests reach by what the applications there are built with, if a literal may be spelled so."""
    stacks = [None, *(upstream.stack for upstream in facts.topology.upstreams)]
    if not any(any(True for _ in spellings(literal, stack)) for stack in stacks):
        return {}
    found: dict[Stack | None, list[Route]] = {}
    for route in facts.once(Landings).reached(rule):
        for upstream in upstreams(facts, rule, route):
            if upstream.stack or not upstream.static:
                found.setdefault(upstream.stack, []).append(route)
    return found


def _escape(facts: Facts, rule: Rule, literal: Predicate, spelling: Spelling, routes: list[Route]) -> Escape | None:
    there = facts.matching(Test(PATH, Equals(spelling.path)))
    respelled = facts.matching(_respelled(rule.match.expression, literal, spelling.path))
    if rule.outcome.kind != "cache":
        meant = facts.both(facts.both(respelled, there), facts.possible)
        return next(escapes(facts, rule, meant, routes), None)
    taken, spared = facts.both(facts.live(rule), there), Several(facts.before(rule), listed([respelled]))
    for route in routes:
        answer = facts.routing.landing(taken, route, spared)
        request = prove(facts, answer, caught=(rule,), lands=route) if answer.yes else None
        if request is not None:
            return Escape(route, request)
    return None


def _holds(facts: Facts, rule: Rule, literal: Predicate, stack: Stack | None, escape: Escape) -> bool:
    """Whether a rule treats a request otherwise when its path is as the literal has it, and it goes to such an application."""
    request = escape.request
    if upstream_of(facts, request.host, escape.route).stack != stack:
        return False
    twin = replace(request, path=literal.text) if isinstance(literal, Equals | PathPrefix | StartsWith) else request
    return takes(facts, rule, twin) is not takes(facts, rule, request)


def _respelled(expression: Expression, literal: Predicate, path: str) -> Expression:
    """A condition that takes another spelling for a literal of the path."""

    def change(node: Expression) -> Expression:
        if isinstance(node, Test) and node.field == PATH:
            return replace(node, predicate=_exchanged(node.predicate, literal, Equals(path)))
        return node

    return rewrite(expression, change)


def _exchanged(predicate: Predicate, old: Predicate, new: Predicate) -> Predicate:
    match predicate:
        case Never(operand):
            return Never(_exchanged(operand, old, new))
        case Every(predicates):
            return Every(tuple(_exchanged(one, old, new) for one in predicates))
        case Some(predicates):
            return Some(tuple(_exchanged(one, old, new) for one in predicates))
        case _:
            return new if predicate == old else predicate
