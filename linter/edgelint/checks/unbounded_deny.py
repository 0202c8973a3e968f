"""Rules that refuse, challenge or hold every request of a service."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from edgelint.evidence import witness
from edgelint.facts import Facts, related_routes, subject
from edgelint.finding import Confidence, Finding, Severity
from edgelint.knowledge.landings import Landings
from edgelint.knowledge.scope import bounds, caught
from edgelint.model.expression import Constant
from edgelint.model.policy import Route, Rule
from edgelint.model.request import Request
from edgelint.routing import Service, origins_of

_SHOWN = 4
_VERBS = {"block": "blocks", "challenge": "challenges", "queue": "holds"}


def check(facts: Facts) -> Iterator[Finding]:
    """Report unconditional rules that leave no request for a service alone, unless closing it seems to be their purpose."""
    for rule in facts.subjects(*_VERBS):
        if not (rule.conditional or _purposeful(rule) or _told_elsewhere(facts, rule)):
            closed = _closed(facts, rule)
            request = next(filter(None, (caught(facts, rule, service) for service in closed)), None)
            if request is not None:
                yield _finding(facts, rule, closed, request)


def _purposeful(rule: Rule) -> bool:
    """Whether a rule says where it stands, and is a challenge, a waiting room, or a block with an answer of its own."""
    return bounds(rule, "host", "path") and (rule.outcome.passable or "status" in rule.chosen)


def _told_elsewhere(facts: Facts, rule: Rule) -> bool:
    """Whether a rule has conditions that are always true, which is a fault of its own."""
    return not isinstance(rule.match.expression, Constant) and facts.always(rule.match.expression)


def _closed(facts: Facts, rule: Rule) -> list[Service]:
    """The services for which a rule leaves no request alone, other than those for hosts that no route knows."""
    landings = facts.once(Landings)
    met = frozenset(facts.routing.meeting(facts.live(rule)))
    return [
        service
        for service, routes in facts.once(_forwarding)
        if met.issuperset(routes) and all(landings.closed(rule, route) for route in routes)
    ]


def _forwarding(facts: Facts) -> list[tuple[Service, list[Route]]]:
    """The services with the routes of theirs that lead to an origin, of which one is no default."""
    leading = (
        (service, [route for route in service.routes if origins_of(route)]) for service in facts.routing.services
    )
    return [(service, routes) for service, routes in leading if any(not route.default for route in routes)]


def _finding(facts: Facts, rule: Rule, closed: Sequence[Service], request: Request) -> Finding:
    doubt = _doubt(rule, closed)
    return Finding(
        check="unbounded-deny",
        severity=Severity.MEDIUM if doubt else Severity.CRITICAL if rule.outcome.kind == "block" else Severity.HIGH,
        confidence=Confidence.LIKELY if doubt else Confidence.PROVEN,
        message=_message(rule, closed),
        subject=subject(rule),
        place=rule.match.place,
        related=related_routes(closed[:_SHOWN]),
        witness=witness(facts, request),
        detail=(f"{doubt}; if it is so on purpose, say so with an ignore entry",) if doubt else (),
        advice="say which host, path or clients it is meant for, or disable it: a saved rule acts at once, there is no trial",
    )


def _doubt(rule: Rule, closed: Sequence[Service]) -> str:
    if bounds(rule, "host", "path"):
        return "assumes that the service is not closed on purpose"
    if rule.outcome.passable and len(closed) == 1:
        return "assumes that it is not meant for whoever comes, people and programs alike"
    return ""


def _message(rule: Rule, closed: Sequence[Service]) -> str:
    verb = _VERBS[rule.outcome.kind]
    names = ", ".join(f"`{service.name}`" for service in closed[:_SHOWN])
    more = f" and {len(closed) - _SHOWN} more" if len(closed) > _SHOWN else ""
    if isinstance(rule.match.expression, Constant):
        return f"{rule} has no conditions: it {verb} every request, those for {names}{more}"
    return f"{rule} {verb} every request for {names}{more}"
