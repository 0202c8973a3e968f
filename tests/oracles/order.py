"""What is claimed of the order of rules and of routes, and what findings say, against plain evaluation of requests.

Requests are random ones, and those that regions give: one for each rule, and one for two rules that meet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from hypothesis import strategies as st

from edgelint.deadness import dead_literals
from edgelint.evidence import meeting, reached
from edgelint.facts import Facts
from edgelint.finding import Finding
from edgelint.model.expression import Test
from edgelint.model.policy import Phase, Rule
from edgelint.model.request import Request
from edgelint.record import replace
from edgelint.replay import route_of, steps
from edgelint.space.questions import overlap
from model_interpreter import holds
from oracles.asking import Kind, Result, claimed, compared, unknown
from oracles.limits import STARVED, limited
from oracles.points import point_of, possible
from oracles.random_rules import Document, documents, policy_of, requests
from oracles.written import TOPOLOGY, report_on
from support import CLAIMS

Question = tuple[Document, list[Request]]


class Trial:
    """The facts of a policy, and requests to try them on."""

    def __init__(self, facts: Facts, some: Sequence[Request]) -> None:
        self.facts = facts
        self.requests = list(dict.fromkeys(self._arriving(some)))

    def _arriving(self, some: Sequence[Request]) -> Iterator[Request]:
        """Requests that can arrive, each by a listener that speaks its protocol, and some of each rule."""
        facts = self.facts
        listeners = {listener.protocol: listener.id for listener in facts.listeners.values()}
        for request in some:
            here = replace(request, listener=listeners.get(request.protocol, ""))
            if possible(facts.meaning, here) and point_of(facts.meaning, here) in facts.possible:
                yield here
        rules = facts.active()
        for one, other in zip(rules, (*rules[1:], *rules[:1]), strict=True):
            for region in (facts.live(one), facts.both(facts.live(one), facts.region(other))):
                point = overlap(region, facts.possible).point
                if point is not None:
                    yield facts.meaning.request(point)

    def takes(self, rule: Rule, request: Request) -> bool:
        """Whether a rule applies to a request, by a plain reading of its model and of the routes it is for."""
        if holds(rule.match.expression, request) is not True:
            return False
        wanted = {kind: {one.id for one in rule.references if one.kind == kind} for kind in ("route", "target")}
        route = route_of(self.facts.policy, request)
        having = {"route": {route.id}, "target": {target.id for target in route.targets}} if route else {}
        return all(not ids or ids & having.get(kind, set()) for kind, ids in wanted.items())

    def quiet(self, phase: Phase, request: Request, without: Rule | None = None) -> list[Rule]:
        """The rules of a phase that take effect on a request while no conditional one is active."""
        rules = (rule for rule in phase.active if not rule.conditional and rule is not without)
        taking = [rule for rule in rules if self.takes(rule, request)]
        return taking[:1] if phase.algorithm == "first_match" else taking

    def before(self, rule: Rule) -> list[Rule]:
        """The rules that always come before another one."""
        phase = self.facts.phase(rule)
        if phase.algorithm != "first_match":
            return []
        return [other for other in phase.active if other.order < rule.order and not other.conditional]


def ask_order(question: Question) -> Iterator[Result]:
    """Whether facts about the order of rules and routes hold for some requests."""
    trial = Trial(Facts(policy_of(question[0])), question[1])
    for request in trial.requests:
        yield from _effects(trial, request)
    for rule in trial.facts.active():
        matched = [request for request in trial.requests if trial.takes(rule, request)]
        yield from _reached(trial, rule, matched)
        yield from _neighbours(trial, rule, matched)
        yield from _landed(trial, rule, matched)
        for dead in dead_literals(trial.facts.meaning, rule.match.expression):
            assert isinstance(dead.atom, Test)
            test = Test(dead.atom.field, dead.predicate)  # type: ignore[arg-type]
            yield claimed(not any(holds(test, request) for request in trial.requests), f"{test} is dead")


def _effects(trial: Trial, request: Request) -> Iterator[Result]:
    """Whether regions hold a request, and the interpreter lets rules take effect on it, as a plain reading does."""
    facts = trial.facts
    point = point_of(facts.meaning, request)
    for rule in facts.active():
        truth, takes = holds(rule.match.expression, request), trial.takes(rule, request)
        yield compared(f"{rule} on {request}", rule.match.evaluate(request), truth)
        if not facts.live(rule).opaque():
            yield compared(f"{rule} has {request}", point in facts.live(rule), takes)
    expected = []
    for phase in facts.policy.phases:
        taking = trial.quiet(phase, request)
        expected += [taking] if taking else []
        if any(rule.outcome.kind == "block" for rule in taking):
            break
    yield compared(f"effects on {request}", [list(step.rules) for step in steps(facts.policy, request)], expected)
    for route in facts.routing.routes:
        lands = route_of(facts.policy, request) is route
        yield compared(f"{request} lands on {route.id}", point in facts.routing.lands_on(route), lands)


def _reached(trial: Trial, rule: Rule, matched: list[Request]) -> Iterator[Result]:
    """Whether what takes the requests of a rule before it does take them, and a request that gets through does."""
    facts, before = trial.facts, trial.before(rule)
    cover = facts.effective(rule)
    if cover.answer.reason:
        yield unknown(cover.answer.reason)
    elif cover.answer.no:
        shadows = facts.shadows(rule)
        yield claimed(set(shadows) <= set(before), f"{shadows} come before {rule}")
        for others in (before, shadows):
            free = [request for request in matched if not any(trial.takes(other, request) for other in others)]
            yield compared(f"requests that {rule} takes and {others} do not", [], free)
    else:
        request = reached(facts, rule)
        reaches = request is not None and trial.takes(rule, request)
        free = reaches and not any(trial.takes(other, request) for other in before)  # type: ignore[arg-type]
        yield claimed(free, f"{request} reaches {rule}")


def _neighbours(trial: Trial, rule: Rule, matched: list[Request]) -> Iterator[Result]:
    """Whether rules that share a request are neighbours, and one within another matches nothing else."""
    facts, neighbours = trial.facts, trial.facts.neighbours(rule)
    for other in facts.phase(rule).active:
        if other is rule:
            continue
        shared = [request for request in matched if trial.takes(other, request)]
        yield claimed(not shared or other in neighbours, f"{rule} and {other} share {shared[:1]}")
        if facts.within(rule, other):
            yield compared(f"requests of {rule} outside of {other}", len(shared), len(matched))
        both = meeting(facts, rule, other) if other in neighbours else None
        if both is not None:
            yield claimed(trial.takes(rule, both) and trial.takes(other, both), f"{rule}, {other}, {both}")


def _landed(trial: Trial, rule: Rule, matched: list[Request]) -> Iterator[Result]:
    """Whether a rule is known to reach those routes on which its requests land."""
    facts = trial.facts
    for route in facts.routing.routes:
        answer = facts.routing.landing(facts.live(rule), route)
        seen = [request for request in matched if route_of(facts.policy, request) is route]
        if answer.reason:
            yield unknown(answer.reason)
        elif answer.point is None:
            yield compared(f"requests of {rule} on {route.id}", [], seen)
        else:
            request = facts.meaning.request(answer.point)
            lands = trial.takes(rule, request) and route_of(facts.policy, request) is route
            yield claimed(lands, f"{request} of {rule} lands on {route.id}")


def ask_findings(question: Question) -> Iterator[Result]:
    """Whether the request of every finding shows what it says, and no other request refutes it."""
    document, some = question
    report = report_on(document)
    yield compared("checks that broke", report.failures, ())
    trial = Trial(Facts(report.policies[0], TOPOLOGY), some)
    by_name = {(rule.phase, rule.name): rule for rule in trial.facts.policy.rules}
    for finding in report.findings:
        rule = by_name.get((finding.subject.phase, finding.subject.name))
        others = [by_name.get((other.subject.phase, other.subject.name)) for other in finding.related]
        if rule is not None:
            yield from _witnessed(trial, finding, rule, [other for other in others if other is not None])
            yield from _unrefuted(trial, finding, rule)


def _witnessed(trial: Trial, finding: Finding, rule: Rule, others: list[Rule]) -> Iterator[Result]:
    """What the request of a finding shows of the rule it speaks of, and of the other rules."""
    if finding.witness is None:
        return
    request, meaning = finding.witness.request, trial.facts.meaning
    truth = holds(rule.match.expression, request)
    yield claimed(truth in CLAIMS.get(finding.check, {True}), f"{finding.message}: {request} is {truth}")
    yield compared(f"{finding.message}: {request}", rule.match.evaluate(request), truth)
    point = point_of(meaning, request)
    yield claimed(possible(meaning, request) and point in trial.facts.possible, f"{request} can arrive")
    if not trial.facts.live(rule).opaque():
        yield compared(f"{finding.message}: {request}", point in trial.facts.live(rule), truth is True)
    taking = [other for other in others if trial.takes(other, request)]
    alike = [other for other in trial.facts.phase(rule).active if other.outcome.kind == rule.outcome.kind]

    def takes(other: Rule) -> bool:
        return not other.conditional and trial.takes(other, request)

    shows: dict[str, Callable[[], bool]] = {
        "shadowed-rule": lambda: bool(taking) and taking[0].order < rule.order,
        "conflicting-overlap": lambda: bool(taking),
        "pass-skips-later-rules": lambda: others[0] in taking,
        "unguarded-lookup-fails-open": lambda: not any(trial.takes(other, request) for other in alike),
        "alternate-entry-bypass": lambda: rule.outcome.kind != "block" or not any(map(takes, alike)),
        "loose-regex": lambda: (" also catches " in finding.message) is (truth is True),
        "prefix-boundary": lambda: (" also catches " in finding.message) is (truth is True),
        "wildcard-misses-apex": lambda: not any(map(takes, alike)),
    }
    if finding.check in shows:
        yield claimed(shows[finding.check](), f"{finding.message}: {request}")


def _unrefuted(trial: Trial, finding: Finding, rule: Rule) -> Iterator[Result]:
    """What a finding says of all requests, tried on some."""
    phase = trial.facts.phase(rule)
    for request in trial.requests:
        match finding.check:
            case "never-matches" | "always-matches":
                expected = finding.check == "always-matches"
                truth = holds(rule.match.expression, request) is True
                yield compared(f"{finding.message}: {request}", expected, truth)
            case "shadowed-rule":
                yield claimed(rule not in trial.quiet(phase, request), f"{finding.message}: {request}")
            case "scope-without-traffic" if trial.takes(rule, request):
                route = route_of(trial.facts.policy, request)
                yield claimed(route is None or route.default, f"{finding.message}: {request}")
            case "cross-stage-unreachable" if trial.takes(rule, request):
                route = route_of(trial.facts.policy, request)
                ended = any(step.final for step in steps(trial.facts.policy, request))
                elsewhere = route is None or route.action == "redirect"
                yield claimed(ended or elsewhere, f"{finding.message}: {request}")
            case "unbounded-deny":
                route = route_of(trial.facts.policy, request)
                closed = route is not None and route.id in {one.subject.id for one in finding.related}
                taken = any(trial.takes(one, request) for one in (rule, *trial.before(rule)))
                yield claimed(taken or not closed, f"{finding.message}: {request}")
            case "redundant-rule" if finding.related and phase.algorithm == "first_match":
                spared = [one.outcome for one in trial.quiet(phase, request, without=rule)]
                yield compared(finding.message, spared, [one.outcome for one in trial.quiet(phase, request)])


def _questions(least: int, most: int) -> st.SearchStrategy[Question]:
    return st.tuples(documents(least, most, hard=True), st.lists(requests(), min_size=10, max_size=20))


def ask_starved(question: Question) -> Iterator[Result]:
    """The same where bounds are so tight that much is unknown: nothing may break, and nothing wrong be said."""
    with limited(STARVED):
        yield from ask_findings(question)


KINDS = (
    Kind("order", _questions(4, 20), ask_order, 6),
    Kind("findings", _questions(4, 25), ask_findings, 10),
    Kind("findings-starved", _questions(4, 25), ask_starved, 10),
)
