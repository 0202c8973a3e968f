"""Assertions about all requests that an expression matches, proved by the engine, or refuted with a request that was replayed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from edgelint.evidence import DisagreementError, taking
from edgelint.facts import Facts
from edgelint.knowledge.arrivals import arriving
from edgelint.knowledge.caching import Cache
from edgelint.model.assertion import Assertion, Treatment
from edgelint.model.expression import Expression
from edgelint.model.policy import Language, OutcomeKind, Phase, Policy, Rule
from edgelint.model.request import Request
from edgelint.proving import DemandError, Proof
from edgelint.proving.limits import shortcoming
from edgelint.replay import applies
from edgelint.space.limits import WORK, Unbounded
from edgelint.space.questions import Answer, Parts, listed, member, outside
from edgelint.space.region import Region

_STEPS = 3_000_000
"""How many steps of searching one assertion may take, some seconds; it then stays undecided."""

KINDS: dict[Treatment, OutcomeKind] = {
    "blocked": "block",
    "challenged": "challenge",
    "rate_limited": "limit",
    "shaped": "shape",
    "cached": "cache",
}

_DONE: dict[OutcomeKind, str] = {
    "block": "blocks it",
    "challenge": "challenges it",
    "queue": "holds it in a waiting room",
    "limit": "limits it",
    "shape": "shapes it",
    "cache": "caches it",
}


class Doubt(NamedTuple):
    """A way in which an assertion may fail: a request that shows it, what becomes of that, and how a replay confirms it."""

    answer: Answer
    reason: str
    confirm: Callable[[Request], bool]


def prove(facts: Facts, assertion: Assertion) -> Proof:
    """Whether an assertion holds for every request it is about. Raises DemandError where that is no expression.

    Demands of limits, shapers and the cache are about requests that get there: what a rule blocks is neither limited nor
    cached, and need not be. A visitor who has solved a captcha, or was admitted from a waiting room, does get there.
    """
    wanted = _read(facts.policy, assertion)
    with WORK.allowance(_STEPS):
        region = facts.both(facts.matching(wanted, assertion.subject), facts.possible)
        if member(region).no:
            return Proof(assertion, "refuted", "no request is like that, so that it demands nothing")
        open_ones = []
        for doubt in _doubts(facts, assertion, region):
            request = _shown(facts, doubt)
            if request is not None:
                return Proof(assertion, "refuted", doubt.reason, request)
            if doubt.answer.reason:
                open_ones.append(doubt.answer.reason)
    return Proof(assertion, "undecided", open_ones[0]) if open_ones else Proof(assertion, "proved")


def _read(policy: Policy, assertion: Assertion) -> Expression:
    try:
        expression, _, _ = _language(policy).read(assertion.subject)
    except ValueError as error:
        raise DemandError(
            f"{assertion.place.location().spot()}: `{assertion.name}` is about no requests: {error}"
        ) from None
    return expression


def _language(policy: Policy) -> Language:
    found = next((rule.match.language for rule in policy.rules if rule.match.language is not None), None)
    if found is None:
        from edgelint.languages.p2pstream import LANGUAGE  # late: the policy has no condition at all

        return LANGUAGE
    return found


def _shown(facts: Facts, doubt: Doubt) -> Request | None:
    """The request of a doubt, when the plain interpreter confirms it."""
    if doubt.answer.point is None:
        return None
    request = facts.request(doubt.answer)
    try:
        agreed = doubt.confirm(request)
    except Unbounded:
        return None
    if not agreed and doubt.answer.yes:
        raise DisagreementError(f"the replay of {request.curl()} does not confirm that {doubt.reason}")
    return request if agreed else None


def _doubts(facts: Facts, assertion: Assertion, region: Region) -> Iterator[Doubt]:
    kind = KINDS[assertion.treatment]
    phase = next(phase for phase in facts.policy.phases if phase.name == _PHASES[kind])
    if kind == "cache":
        region = facts.both(region, facts.once(Cache).ordinary) if assertion.denied else region
    if assertion.denied:
        yield from _done(facts, phase, kind, region)
    elif kind in ("block", "challenge"):
        yield from _otherwise(facts, phase, kind, region)
    else:
        yield from _left_out(facts, phase, assertion, region)


_PHASES: dict[OutcomeKind, str] = {
    "block": "waf",
    "challenge": "waf",
    "limit": "rate_limit",
    "shape": "shaper",
    "cache": "cache",
}


def _done(facts: Facts, phase: Phase, kind: OutcomeKind, region: Region) -> Iterator[Doubt]:
    """Each rule that may do what must not be done."""
    for rule in facts.sharing(phase, region):
        if rule.outcome.kind == kind:
            answer = arriving(facts, facts.both(region, facts.live(rule)), facts.before(rule), phase.name)
            yield Doubt(answer, f"{rule} {_DONE[kind]}{_at_times(rule)}", _takes(facts, rule))


def _otherwise(facts: Facts, phase: Phase, kind: OutcomeKind, region: Region) -> Iterator[Doubt]:
    """No rule at all, or each that may do something else first. What is blocked need not be challenged."""
    yield Doubt(outside(region, facts.matched(phase)).answer, f"no {phase.title} rule takes it", _free(facts, phase))
    for rule in facts.sharing(phase, region):
        if rule.outcome.kind not in (kind, "block"):
            answer = outside(facts.both(region, facts.live(rule)), facts.before(rule)).answer
            yield Doubt(answer, f"{rule} {_DONE[rule.outcome.kind]} instead{_at_times(rule)}", _takes(facts, rule))


def _left_out(facts: Facts, phase: Phase, assertion: Assertion, region: Region) -> Iterator[Doubt]:
    """Requests that get to a phase where no rule does what is demanded: none at all first, then those that fall short."""
    rules = [rule for rule in facts.sharing(phase, region) if not rule.conditional]
    short = {rule: _short(facts, rule, assertion, region) for rule in rules}
    good = [rule for rule in rules if not short[rule]]

    def missing(
        region: Region, spared: Sequence[Rule], caught: Sequence[Rule]
    ) -> tuple[Answer, Callable[[Request], bool]]:
        parts: Parts = listed([facts.live(rule) for rule in spared])

        def confirm(request: Request) -> bool:
            policy = facts.policy
            none = not any(applies(policy, rule, request) for rule in spared)
            return none and all(applies(policy, rule, request) for rule in caught)

        return arriving(facts, region, parts, phase.name), confirm

    answer, confirm = missing(region, rules, ())
    yield Doubt(answer, f"no {phase.title} rule takes it", confirm)
    for rule in rules:
        if short[rule]:
            answer, confirm = missing(facts.both(region, facts.live(rule)), good, (rule,))
            yield Doubt(answer, f"{rule} {short[rule]}", confirm)
    yield from _uncached(facts, phase, region) if phase.name == "cache" else ()


def _short(facts: Facts, rule: Rule, assertion: Assertion, region: Region) -> str:
    if rule.outcome.kind != "limit":
        return ""
    return shortcoming(facts, rule, assertion, facts.both(region, facts.live(rule)))


def _uncached(facts: Facts, phase: Phase, region: Region) -> Iterator[Doubt]:
    """Requests whose answers are never kept, whatever rule takes them."""
    answer = arriving(facts, region, listed([facts.once(Cache).ordinary]), phase.name)
    yield Doubt(answer, "answers to such a request are never kept", lambda _request: True)


def _at_times(rule: Rule) -> str:
    return " while it is active" if rule.conditional else ""


def _takes(facts: Facts, rule: Rule) -> Callable[[Request], bool]:
    """That a rule takes a request before all that always come first."""

    def confirm(request: Request) -> bool:
        policy = facts.policy
        return applies(policy, rule, request) and not any(applies(policy, one, request) for one in facts.blockers(rule))

    return confirm


def _free(facts: Facts, phase: Phase) -> Callable[[Request], bool]:
    def confirm(request: Request) -> bool:
        return not taking(facts, phase, request)

    return confirm
