"""Captchas that cannot be solved by all who come, and waiting rooms that cannot let in those who wait."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import islice

from edgelint.evidence import reached, witness
from edgelint.facts import Facts, subject
from edgelint.finding import Confidence, Finding, Severity
from edgelint.model.durations import lasting
from edgelint.model.policy import Listener, Rule
from edgelint.simulation.waiting_room import Room, room_of

_CHOSEN = frozenset({"room_capacity", "room_rate", "room_ttl", "room_timeout"})
"""The settings that somebody has thought about where one of them is not the default."""


def check(facts: Facts) -> Iterator[Finding]:
    """Report captchas behind a proxy, whose visitors share the allowance of its addresses, and rooms whose numbers do not fit."""
    for rule in facts.subjects("challenge"):
        shared = (_shared(facts, rule, listener) for listener in facts.fronted(rule))
        yield from islice(filter(None, shared), 1)
    for rule in facts.subjects("queue"):
        found = _misfit(facts, rule) if rule.chosen & _CHOSEN else None
        if found is not None:
            yield found


def _shared(facts: Facts, rule: Rule, listener: Listener) -> Finding | None:
    bounds = facts.policy.platform.challenges
    arriving = (reached(facts, rule, here) for here in facts.entrances(rule, listener))
    request = next(filter(None, arriving), None) if bounds.solved_by_client < bounds.solved else None
    if request is None:
        return None
    behind = facts.topology.behind(listener.name)
    return Finding(
        check="challenge-capacity",
        severity=Severity.HIGH,
        confidence=Confidence.PROVEN,
        message=(
            f"{rule} lets {bounds.solved_by_client:g} visitors a minute through for each address of {behind}:"
            f" listener `{listener.name}` stands behind it and sees no other addresses"
        ),
        subject=subject(rule),
        place=rule.at("outcome"),
        witness=witness(facts, request, [rule]),
        detail=(
            f"the edge checks {bounds.solved_by_client:g} solutions a minute of one address, whatever the rule says;"
            " further ones are answered 429",
            f"an address for each visitor would make it {bounds.solved:g} a minute",
        ),
        advice="challenge visitors where their addresses are seen, or declare `preserves_client_ip` if they are",
    )


def _misfit(facts: Facts, rule: Rule) -> Finding | None:
    room = room_of(rule)
    if room is None:
        return None
    drops = room.timeout + Fraction(room.capacity, room.rate) < room.ttl
    request = reached(facts, rule) if drops or room.capacity / room.ttl < room.rate else None
    if request is None:
        return None
    return Finding(
        check="challenge-capacity",
        severity=Severity.MEDIUM if drops else Severity.INFO,
        confidence=Confidence.PROVEN,
        message=_dropped(rule, room) if drops else _trickle(rule, room),
        subject=subject(rule),
        place=rule.at("room_timeout" if drops else "room_rate"),
        witness=witness(facts, request, [rule]),
        detail=()
        if drops
        else (f"who stands behind about {_depth(room)} others loses the place before it is their turn",),
        advice=_advice(facts, rule, drops=drops),
    )


def _dropped(rule: Rule, room: Room) -> str:
    return (
        f"{rule} drops who waits after {lasting(room.timeout)}, but its slots are taken for {lasting(room.ttl)}:"
        " once it is full, the first to wait lose their place before a slot is free"
    )


def _trickle(rule: Rule, room: Room) -> str:
    return (
        f"{rule} lets in {float(60 * room.capacity / room.ttl):.3g} visitors a minute once it is full, not {room.rate} a second:"
        f" it has {room.capacity} slots, each taken for {lasting(room.ttl)}"
    )


def _depth(room: Room) -> int:
    return int(room.timeout * room.capacity / room.ttl)


def _advice(facts: Facts, rule: Rule, *, drops: bool) -> str:
    term = facts.policy.platform.term
    timeout, ttl, capacity = (term(rule.phase, f"room_{name}") for name in ("timeout", "ttl", "capacity"))
    if drops:
        return f"set `{timeout}` well above `{ttl}`"
    return f"size the room by what the application bears: `{capacity}` visitors at once, each for `{ttl}`"
