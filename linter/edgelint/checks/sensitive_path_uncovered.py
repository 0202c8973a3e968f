"""Login, admin and API paths that no rule guards."""

from __future__ import annotations

from collections.abc import Iterator

from edgelint.evidence import witness
from edgelint.facts import Facts, related, route_subject, subject
from edgelint.finding import Confidence, Finding, Severity, Subject
from edgelint.knowledge.coverage import Exposure, exposed_routes, exposed_siblings
from edgelint.replay import route_name
from edgelint.source import Place

_SHOWN = 4
_ASSUMED = "assumes that the application does not slow down guessing by itself; if it does, say so with an ignore entry"


def check(facts: Facts) -> Iterator[Finding]:
    """Report sensitive routes without a rule, and the second door of a WordPress whose first one has a rule."""
    for exposure in exposed_routes(facts):
        place = exposure.route.place
        message = f"no rule refuses, challenges or limits requests for route {route_name(exposure.route)}"
        yield _finding(facts, exposure, route_subject(exposure.route), place, message)
    for rule in facts.subjects("challenge", "queue", "limit"):
        for exposure in exposed_siblings(facts, rule):
            message = f"{rule} guards a WordPress, whose `{exposure.path}` takes passwords, too, and has no rule"
            yield _finding(facts, exposure, subject(rule), rule.match.place, message)


def _finding(facts: Facts, exposure: Exposure, about: Subject, place: Place, message: str) -> Finding:
    return Finding(
        check="sensitive-path-uncovered",
        severity=Severity.LOW if exposure.elsewhere else Severity.INFO,
        confidence=Confidence.LIKELY,
        message=message,
        subject=about,
        place=place,
        related=related(exposure.elsewhere[:_SHOWN], "guards its like"),
        witness=witness(facts, exposure.request),
        detail=(_ASSUMED,),
        advice=f"limit requests for `{exposure.path}` by client address, or block them where nobody needs them",
    )
