"""Regions against an SMT solver: on pairs of random conditions, and on random policies of up to forty rules."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from hypothesis import strategies as st

from edgelint.facts import Facts
from edgelint.meaning import Meaning
from edgelint.model import expression as ex
from edgelint.model.policy import Rule
from edgelint.platforms.p2pstream import P2PSTREAM
from edgelint.space.questions import Answer, differing, member, missing, outside, overlap
from model_interpreter import holds
from oracles import random_conditions
from oracles.asking import Kind, Result, claimed, compared, undecided, unknown
from oracles.random_rules import Document, documents, policy_of
from oracles.smt import MISSING, Solver, Term, conjunction, disjunction, expressible, smt

GAVE_UP = "the solver gave up"
MILLISECONDS = 700
"""How long the solver may take for one question."""

Pick = tuple[int, int, list[int]]


def answered(about: str, answer: Answer, expected: bool | None, confirmed: bool) -> Result:
    """Whether we are right that there is such a request; `confirmed` says that a plain reading agrees with the one we give."""
    if answer.yes and not confirmed:
        return claimed(False, f"{about}: the request {answer.point and dict(answer.point)}")
    if answer.reason:
        return unknown(answer.reason)
    if expected is None:
        return undecided(GAVE_UP)
    return compared(about, answer.yes, expected)


def ask_conditions(conditions: list[ex.Expression]) -> Iterator[Result]:
    """Overlap, subset of a union, and equality of some conditions."""
    solver, meaning = Solver(MILLISECONDS), Meaning(P2PSTREAM)
    regions = [meaning.true(condition) for condition in conditions]
    true = [solver.world.true(condition) for condition in conditions]
    for about, answer, wanted in (
        ("overlap", overlap(*regions[:2]), [true[0], true[1]]),
        ("outside", outside(regions[0], regions[1:]).answer, [true[0], smt.Not(disjunction(true[1:]))]),
        ("differing", differing(*regions[:2]), [true[0] != true[1]]),
        ("member", member(regions[0]), [true[0]]),
        ("missing", missing(regions[0]), [smt.Not(true[0])]),
    ):
        yield answered(about, answer, solver.satisfiable(*wanted), _reads(meaning, about, answer, conditions))


def _reads(meaning: Meaning, about: str, answer: Answer, conditions: list[ex.Expression]) -> bool:
    """Whether a plain reading of the conditions confirms the request of an answer."""
    if answer.point is None:
        return True
    request = meaning.request(answer.point)
    first, *others = [holds(condition, request) is True for condition in conditions]
    return {
        "overlap": first and others[0],
        "outside": first and not any(others),
        "differing": first != others[0],
        "member": first,
        "missing": not first,
    }[about]


class Rules:
    """The rules of a policy, as we and as the solver see them."""

    def __init__(self, document: Document) -> None:
        self.facts = Facts(
            policy_of({name: found for name, found in document.items() if name not in ("listeners", "routes")})
        )
        self.rules = [rule for rule in self.facts.active() if rule.phase == "waf"]
        self.solver = Solver(MILLISECONDS)
        self._true: dict[Rule, Term] = {}

    def true(self, rule: Rule) -> Term:
        """When a rule matches."""
        if rule not in self._true:
            self._true[rule] = self.solver.world.true(rule.match.expression)
        return self._true[rule]

    @cached_property
    def anything(self) -> Term:
        """When some rule matches."""
        return disjunction(map(self.true, self.rules))


def ask_policy(question: tuple[Document, list[Pick]]) -> Iterator[Result]:
    """Overlap, subset, subset of unions, emptiness, equality and universality of picked rules of a policy."""
    rules = Rules(question[0])
    for first, second, several in question[1]:
        one, other = rules.rules[first % len(rules.rules)], rules.rules[second % len(rules.rules)]
        yield from _pair(rules, one, other)
        yield from _union(rules, one, [rules.rules[at % len(rules.rules)] for at in several])
        yield from _alone(rules, one)
    whole = outside(rules.facts.meaning.space.everything, [rules.facts.region(rule) for rule in rules.rules])
    found = rules.solver.satisfiable(smt.Not(rules.anything))
    yield answered("all rules together", whole.answer, found, _escapes(rules, whole.answer, rules.rules))


def _pair(rules: Rules, one: Rule, other: Rule) -> Iterator[Result]:
    facts, (mine, theirs) = rules.facts, (rules.true(one), rules.true(other))
    shared = overlap(facts.region(one), facts.region(other))
    meet = rules.solver.satisfiable(mine, theirs)
    yield answered(f"{one} and {other}", shared, meet, _taken(rules, shared, one, other))
    if meet and one is not other:
        yield claimed(other in facts.neighbours(one), f"{one} and {other} are neighbours")
    beyond = rules.solver.satisfiable(mine, smt.Not(theirs))
    if facts.within(one, other):
        yield undecided(GAVE_UP) if beyond is None else compared(f"{one} within {other}", False, beyond)
    unequal = differing(facts.region(one), facts.region(other))
    yield answered(f"{one} differs from {other}", unequal, rules.solver.satisfiable(mine != theirs), True)


def _union(rules: Rules, one: Rule, several: list[Rule]) -> Iterator[Result]:
    facts = rules.facts
    cover = facts.effective(one)
    before = [other for other in rules.rules if other.order < one.order and not other.conditional]
    for about, answer, parts in (
        ("the blockers", cover.answer, before),
        ("some", outside(facts.region(one), list(map(facts.region, several))).answer, several),
    ):
        expected = rules.solver.satisfiable(rules.true(one), smt.Not(disjunction(map(rules.true, parts))))
        confirmed = _taken(rules, answer, one) and _escapes(rules, answer, parts)
        yield answered(f"{one} outside {about}", answer, expected, confirmed)
    if cover.answer.no:
        shadows = facts.shadows(one)
        left = rules.solver.satisfiable(rules.true(one), smt.Not(disjunction(map(rules.true, shadows))))
        yield undecided(GAVE_UP) if left is None else compared(f"{one} outside its shadows", False, left)


def _alone(rules: Rules, one: Rule) -> Iterator[Result]:
    facts, condition = rules.facts, one.match.expression
    true, false = rules.solver.world.pair(condition)
    some, others = member(facts.region(one)), missing(facts.region(one))
    yield answered(f"{one}", some, rules.solver.satisfiable(true), _taken(rules, some, one))
    yield answered(f"not {one}", others, rules.solver.satisfiable(smt.Not(true)), _escapes(rules, others, [one]))
    failing = member(facts.meaning.fails(condition))
    expected = rules.solver.satisfiable(conjunction((smt.Not(true), smt.Not(false))))
    read = failing.point is None or one.match.evaluate(facts.meaning.request(failing.point)) is None
    yield answered(f"{one} fails", failing, expected, read)


def _taken(rules: Rules, answer: Answer, *taking: Rule) -> bool:
    """Whether rules do match the request of an answer."""
    if answer.point is None:
        return True
    request = rules.facts.meaning.request(answer.point)
    return all(rule.match.evaluate(request) is True for rule in taking)


def _escapes(rules: Rules, answer: Answer, sparing: list[Rule]) -> bool:
    """Whether rules do not match the request of an answer."""
    if answer.point is None:
        return True
    request = rules.facts.meaning.request(answer.point)
    return not any(rule.match.evaluate(request) is True for rule in sparing)


_conditions = random_conditions.policies(random_conditions.atoms.filter(expressible))
_numbers = st.integers(0, 39)
_picks = st.lists(st.tuples(_numbers, _numbers, st.lists(_numbers, min_size=2, max_size=6)), min_size=1, max_size=3)
KINDS = (
    Kind("solver-conditions", _conditions, ask_conditions, 6, MISSING),
    Kind("solver-policies", st.tuples(documents(), _picks), ask_policy, 2, MISSING),
)
