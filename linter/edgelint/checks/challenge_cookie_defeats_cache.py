"""Challenges whose pass keeps visitors from the cache of the same host."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from edgelint.evidence import reached, witness
from edgelint.facts import Facts, related, subject
from edgelint.finding import Confidence, Finding, Severity
from edgelint.knowledge.caching import Cache
from edgelint.knowledge.origins import to_origin
from edgelint.knowledge.scope import bounds
from edgelint.model.expression import HOST, Equals, Test
from edgelint.model.policy import Rule
from edgelint.model.request import Request
from edgelint.space.questions import projection
from edgelint.space.theory import Axis

_NAMED = 4
"""How many cache rules are named beside one challenge."""


def check(facts: Facts) -> Iterator[Finding]:
    """Report waiting rooms, and captchas for whole hosts, where the cache passes by every request that carries a pass."""
    platform, store = facts.policy.platform, facts.policy.store
    if not platform.challenges.cookie or "cookie" not in platform.caching.bypassing or (store and not store.enabled):
        return
    for rule in facts.subjects("challenge", "queue"):
        if rule.outcome.kind == "challenge" and bounds(rule, "path"):
            continue
        found = list(islice(_caches(facts, rule), _NAMED))
        stopped = _challenged(facts, rule, found[0][1].host) if found else None
        if stopped is not None:
            yield _finding(facts, rule, stopped, [cache for cache, _ in found], found[0][1])


def _caches(facts: Facts, rule: Rule) -> Iterator[tuple[Rule, Request]]:
    """The cache rules for the hosts of a challenge, each with a request that it can answer."""
    space = facts.meaning.space
    hosts = space.region(Axis("host"), projection(facts.live(rule), Axis("host")))
    here = facts.both(facts.once(Cache).ordinary, hosts)
    phases = (one for one in facts.policy.phases if any(each.outcome.kind == "cache" for each in one.rules))
    for phase in phases:
        for cache in facts.sharing(phase, here):
            request = None
            if cache.outcome.kind == "cache":
                request = to_origin(facts, cache, facts.both(facts.live(cache), here))
            if request is not None:
                yield cache, request


def _challenged(facts: Facts, rule: Rule, host: str) -> Request | None:
    return reached(facts, rule, facts.both(facts.live(rule), facts.matching(Test(HOST, Equals(host)))))


def _finding(facts: Facts, rule: Rule, stopped: Request, caches: Sequence[Rule], answered: Request) -> Finding:
    names = ", ".join(f"`{cache.name}`" for cache in caches)
    does = "answers" if len(caches) == 1 else "answer"
    return Finding(
        check="challenge-cookie-defeats-cache",
        severity=Severity.HIGH if rule.outcome.kind == "queue" else Severity.MEDIUM,
        confidence=Confidence.PROVEN,
        message=(
            f"{rule} gives visitors of `{stopped.host}` a pass that goes with every request as cookie, and cache"
            f" {names} {does} no request with one"
        ),
        subject=subject(rule),
        place=rule.at("outcome"),
        related=related(caches, "is passed by"),
        witness=witness(facts, stopped, [rule]),
        detail=(
            f"without the pass this could be answered from the cache: {answered.curl()}",
            *(
                ("this happens while the rule is active, which is when the cache is needed",)
                if rule.conditional
                else ()
            ),
        ),
        advice="serve what is cached from a host of its own that no challenge covers, such as `static.example.com`",
    )
