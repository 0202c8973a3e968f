"""Waiting rooms whose slots go to programs, which keep no cookie and so take a new slot with every request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from edgelint.evidence import witness
from edgelint.facts import Facts, subject
from edgelint.finding import Confidence, Finding, Severity
from edgelint.knowledge.machines import BY_HABIT, Caught, catches, declared
from edgelint.knowledge.scope import accuses
from edgelint.model.durations import lasting
from edgelint.model.policy import Rule
from edgelint.simulation.waiting_room import Leak, Room, leak, room_of


def check(facts: Facts) -> Iterator[Finding]:
    """Report waiting rooms that declared machines, or else likely ones, ask for entry."""
    known = declared(facts)
    for rule in facts.subjects("queue"):
        room = room_of(rule)
        found = sorted(catches(facts, rule, known or BY_HABIT), key=lambda one: not one.certain)
        sure = [one for one in found if known and one.certain]
        if sure and room:
            yield _proven(facts, rule, room, sure)
        elif found and not accuses(rule):
            yield _likely(facts, rule, found)


def _proven(facts: Facts, rule: Rule, room: Room, found: Sequence[Caught]) -> Finding:
    intervals = [Fraction(str(every)) for one in found if (every := _every(one))]
    outcome = leak(room, intervals) if intervals else None
    full = outcome is not None and (outcome.jammed is not None or outcome.full is not None)
    severity = Severity.CRITICAL if full else Severity.MEDIUM
    return Finding(
        check="waiting-room-slot-leak",
        severity=Severity.HIGH if full and rule.conditional else severity,
        confidence=Confidence.PROVEN,
        message=_message(rule, room, found, outcome),
        subject=subject(rule),
        place=rule.match.place,
        witness=witness(facts, found[0].request, [rule]),
        detail=(*(_sequence(room, outcome) if outcome else _unknown(room)), *_conditions(rule)),
        advice="leave these paths out of the condition: a waiting room is for the pages that people open",
    )


def _every(one: Caught) -> float | None:
    return one.machines.endpoint.every if one.machines.endpoint else None


def _message(rule: Rule, room: Room, found: Sequence[Caught], outcome: Leak | None) -> str:
    names = ", ".join(one.machines.name for one in found)
    if outcome is None:
        return f"{rule} gives a slot for {lasting(room.ttl)} to each request for {names}: programs keep no cookie"
    often = ", ".join(
        f"{one.machines.name} every {lasting(Fraction(str(every)))}" for one in found if (every := _every(one))
    )
    if outcome.full is not None:
        return f"{rule} gives all its {room.capacity} slots to programs: requests for {often} keep no cookie, so each takes one"
    if outcome.jammed is not None:
        return f"{rule} is jammed by programs: requests for {often} wait in its queue and never come back"
    return f"{rule} loses {outcome.held} of its {room.capacity} slots to programs: requests for {often} keep no cookie"


def _sequence(room: Room, outcome: Leak) -> Iterator[str]:
    if outcome.full is not None:
        yield f"from the start each request takes a slot for {lasting(room.ttl)}; at {lasting(outcome.full)} all {outcome.held} are taken"
    if outcome.jammed is not None:
        end = lasting(outcome.jammed + room.timeout)
        yield f"at {lasting(outcome.jammed)} one is told to wait, and stands in the queue until {end} though it never asks again"
    if outcome.came is not None:
        waits = "loses the place after" if outcome.waited is None else "is let in after"
        after = lasting(room.timeout if outcome.waited is None else outcome.waited)
        yield f"a visitor who comes at {lasting(outcome.came)} and asks every {lasting(room.poll)} {waits} {after}"


def _unknown(room: Room) -> Iterator[str]:
    pace = room.ttl / room.capacity
    yield f"where they come more often than every {lasting(pace)} they fill the room; `every` in `topology.machine_endpoints` says so"


def _conditions(rule: Rule) -> Iterator[str]:
    if rule.conditional:
        yield "this happens while the rule is active"


def _likely(facts: Facts, rule: Rule, found: Sequence[Caught]) -> Finding:
    names, habit = ", ".join(one.machines.name for one in found), found[0].machines.endpoint is None
    whose = f"requests that are likely no browser's: {names}" if habit else f"some of the requests for {names}"
    return Finding(
        check="waiting-room-slot-leak",
        severity=Severity.LOW if habit else Severity.MEDIUM,
        confidence=Confidence.LIKELY,
        message=f"{rule} gives a slot to each of {whose}; programs keep no cookie, so every request takes another",
        subject=subject(rule),
        place=rule.match.place,
        witness=witness(facts, found[0].request, [rule]),
        detail=(
            "assumes that requests such as this one come; `topology.machine_endpoints` says which do and how often",
            *_conditions(rule),
        ),
        advice="leave such paths out of the condition: a waiting room is for the pages that people open",
    )
