"""What each rule of a policy really catches, what it touches of the route table, and what it does."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Literal

from edgelint.evidence import reached
from edgelint.facts import Facts
from edgelint.knowledge.landings import Landings
from edgelint.model.policy import Phase, Policy, Route, Rule
from edgelint.model.request import Request
from edgelint.picture.buckets import Bucket, bucket
from edgelint.picture.deaths import Death, death
from edgelint.picture.overlaps import Overlap, Overlaps
from edgelint.record import record
from edgelint.routing import Service, refers
from edgelint.space.limits import Unbounded
from edgelint.space.questions import covers, outside
from edgelint.space.region import Region
from edgelint.wording.description import Description, describe

Extent = Literal["wholly", "partly", "perhaps"]
"""Whether a rule touches all that there is, a part of it, or it is not decided whether any."""

_DESCRIBED = 4
"""Of how many earlier rules it is said what they take."""

_STOPS = 6
"""How many rules of earlier phases are named that stop a part of a rule's requests."""

_WITNESSES = 8
"""In how many alternatives of a rule a short request is looked for."""


@record(eq=False)
class Touched:
    """A route that requests take for which a rule takes effect; `wholly` if they are all that earlier rules of the phase leave."""

    route: Route
    extent: Extent


@record(eq=False)
class TouchedService:
    """A service a rule touches through its routes."""

    service: Service
    extent: Extent


@record(eq=False)
class Share:
    """What an earlier rule of the phase has to do with the requests of a rule; `what` they share is said for the first few."""

    overlap: Overlap
    what: Description | None = None


@record(eq=False)
class Stop:
    """A rule of an earlier phase that refuses, challenges or holds requests of a rule: `wholly` all it is left, or a part."""

    rule: Rule
    extent: Extent


@record(eq=False)
class View:
    """One rule as it is shown.

    `place` is where it stands among the enabled rules of its phase, from 1, and None for a disabled rule. It catches what
    `own` says, where `bound_to` names routes only on the way to these, less what the `earlier` rules take; `beside` are the
    overlaps with rules that apply as well. `stops` are some rules of earlier phases. `doubt` says why it is not decided whether
    anything is left, empty where it is.
    """

    rule: Rule
    place: int | None
    own: Description
    bound_to: tuple[Route, ...]
    earlier: tuple[Share, ...]
    beside: tuple[Overlap, ...]
    stops: tuple[Stop, ...]
    routes: tuple[Touched, ...]
    services: tuple[TouchedService, ...]
    bucket: Bucket | None
    witness: Request | None
    death: Death | None
    doubt: str


@record(eq=False)
class Section:
    """A phase and those of its rules that are shown, in the order in which they are looked at."""

    phase: Phase
    views: tuple[View, ...]


@record(eq=False)
class Overview:
    """A policy as it is shown, with all its rules if `complete`. `routes` and `services` are all those in force."""

    policy: Policy
    sections: tuple[Section, ...]
    routes: tuple[Route, ...]
    services: tuple[Service, ...]
    complete: bool


def overview(facts: Facts, chosen: Collection[Rule] | None = None) -> Overview:
    """All rules of a policy as they are shown, or some of them."""
    sections = []
    for phase in facts.policy.phases:
        rules = [rule for rule in phase.rules if chosen is None or rule in chosen]
        sections.append(Section(phase, tuple(_view(facts, rule) for rule in rules)))
    return Overview(facts.policy, tuple(sections), facts.routing.routes, facts.routing.services, chosen is None)


def _view(facts: Facts, rule: Rule) -> View:
    try:
        return _examined(facts, rule)
    except Unbounded as limit:
        return _unknown(facts, rule, limit.reason)


def _examined(facts: Facts, rule: Rule) -> View:
    overlaps = facts.once(Overlaps).of(rule)
    touched = tuple(_touched(facts, rule)) if rule.enabled else ()
    return View(
        rule=rule,
        place=_place(facts, rule),
        own=describe(facts, facts.matching(rule.match.expression, rule.match.text)),
        bound_to=_bound_to(facts, rule),
        earlier=tuple(_shares(facts, rule, overlaps)),
        beside=tuple(one for one in overlaps if one.relation == "both-apply"),
        stops=tuple(_stops(facts, rule)) if rule.enabled else (),
        routes=touched,
        services=tuple(_services(facts, touched)),
        bucket=bucket(facts, rule),
        witness=_witness(facts, rule) if rule.enabled else None,
        death=death(facts, rule),
        doubt=facts.effective(rule).answer.reason if rule.enabled else "",
    )


def _unknown(facts: Facts, rule: Rule, reason: str) -> View:
    """A rule of which nothing is known but that it is there."""
    nothing = Description((), exact=False)
    place = _place(facts, rule)
    return View(rule, place, nothing, _bound_to(facts, rule), (), (), (), (), (), None, None, None, reason)


def _place(facts: Facts, rule: Rule) -> int | None:
    return facts.phase(rule).active.index(rule) + 1 if rule.enabled else None


def _bound_to(facts: Facts, rule: Rule) -> tuple[Route, ...]:
    references = [one for one in rule.references if one.kind != "captcha provider"]
    return tuple(route for route in facts.routing.routes if any(refers(one, route) for one in references))


def _shares(facts: Facts, rule: Rule, overlaps: Sequence[Overlap]) -> Iterator[Share]:
    taking = [one for one in overlaps if one.later is rule and one.relation != "both-apply"]
    for number, one in enumerate(taking):
        said = number < _DESCRIBED and one.relation != "earlier-takes-all"
        yield Share(one, describe(facts, facts.region(one.earlier), facts.live(rule)) if said else None)


def _stops(facts: Facts, rule: Rule) -> Iterator[Stop]:
    """The rules of earlier phases that stop requests of a rule: all that stop whatever they are left, of the others the first."""
    live, parts = facts.live(rule), 0
    for other in facts.stops(rule, live):
        whole = covers((facts.region(other),), live)
        if whole or parts < _STOPS:
            shared = facts.both(live, facts.region(other))
            if outside(shared, facts.before(other)).answer.yes:
                parts += not whole
                yield Stop(other, "wholly" if whole else "partly")


def _touched(facts: Facts, rule: Rule) -> Iterator[Touched]:
    landings, live, before = facts.once(Landings), facts.live(rule), facts.before(rule)
    for route in facts.routing.meeting(live):
        answer = facts.routing.landing(live, route, before)
        if answer.yes:
            yield Touched(route, "wholly" if landings.closed(rule, route) else "partly")
        elif answer.reason:
            yield Touched(route, "perhaps")


def _services(facts: Facts, touched: Sequence[Touched]) -> Iterator[TouchedService]:
    extents = {one.route: one.extent for one in touched}
    for service in facts.routing.services:
        found = [extents[route] for route in service.routes if route in extents]
        if found:
            whole = len(found) == len(service.routes) and set(found) == {"wholly"}
            yield TouchedService(service, "wholly" if whole else "perhaps" if set(found) == {"perhaps"} else "partly")


def _witness(facts: Facts, rule: Rule) -> Request | None:
    """The shortest of the confirmed requests that a rule takes by its first alternatives."""
    boxes = facts.live(rule).boxes[:_WITNESSES]
    found = (reached(facts, rule, Region(facts.meaning.space, (box,))) for box in boxes)
    return min(filter(None, found), key=lambda request: len(request.curl()), default=None) or reached(facts, rule)
