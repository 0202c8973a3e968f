"""Cache rules over requests whose clients are known by something the platform does not take for a login."""

from __future__ import annotations

from collections.abc import Iterator

from edgelint.evidence import witness
from edgelint.facts import Facts, related, subject
from edgelint.finding import Confidence, Finding, Severity
from edgelint.knowledge.caching import Cache, storing
from edgelint.knowledge.credentials import Credential, Credentials, is_name_of_one
from edgelint.knowledge.same_key import sharing_one_answer
from edgelint.model.policy import Rule, Target
from edgelint.model.request import Request

_EXCEPTION = "where everybody gets the same, say `topology.upstreams: [{host: ..., static: true}]`"


def check(facts: Facts) -> Iterator[Finding]:
    """Report rules that give one client's answer to another, by the first credential; else those behind a login of the edge."""
    for rule in facts.subjects("cache"):
        known = (one for one in facts.once(Credentials).known if not storing(rule).keys(one.field))
        found = next((finding for one in known if (finding := _known_apart(facts, rule, one))), None)
        found = found or next(_logged_in(facts, rule), None)
        if found:
            yield found


def _known_apart(facts: Facts, rule: Rule, known: Credential) -> Finding | None:
    here = facts.both(facts.once(Cache).pages(rule), known.region)
    pair = sharing_one_answer(facts, rule, here, known.field)
    if pair is None:
        return None
    source = f"{known.rule} does" if known.rule else "`topology.trusted_headers` says"
    return Finding(
        check="header-authenticated-cache",
        severity=Severity.HIGH,
        confidence=Confidence.LIKELY,
        message=f"{rule} gives the answers to clients with one {known.field} to clients with another: its key leaves it out",
        subject=subject(rule),
        place=rule.match.place,
        related=related((known.rule,), "knows clients by it") if known.rule else (),
        witness=witness(facts, pair[0]),
        detail=(
            f"what is kept for this request also answers {pair[1].curl()}",
            f"assumes that the application knows its clients by it, as {source}, and answers neither `private` nor"
            f" with it in `Vary`; {_EXCEPTION}",
        ),
        advice="leave these paths out, or let the application answer `Cache-Control: private`",
    )


def _logged_in(facts: Facts, rule: Rule) -> Iterator[Finding]:
    """Routes of a rule to targets at which the edge itself logs in."""
    cache = facts.once(Cache)
    for route in cache.reaching(cache.pages(rule)):
        target = next((one for one in route.targets if one.enabled and any(map(is_name_of_one, one.injected))), None)
        request = cache.stored(rule, cache.pages(rule), route) if target else None
        if target and request:
            yield _behind_login(facts, rule, target, request)


def _behind_login(facts: Facts, rule: Rule, target: Target, request: Request) -> Finding:
    header = next(filter(is_name_of_one, target.injected))
    return Finding(
        check="header-authenticated-cache",
        severity=Severity.MEDIUM,
        confidence=Confidence.LIKELY,
        message=f"{rule} keeps the answers of target `{target.name}`, at which the edge logs in with header `{header}`",
        subject=subject(rule),
        place=rule.match.place,
        witness=witness(facts, request),
        detail=(
            "an origin that is shown a login need not mark its answers as private, and the cache sees no login",
            f"assumes that these answers are not for everybody; {_EXCEPTION}",
        ),
        advice="leave these paths out, or let the origin answer `Cache-Control: private`",
    )
