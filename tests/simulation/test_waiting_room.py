from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgelint.simulation.waiting_room import Leak, Room, WaitingRoom, leak

SMALL = Room(capacity=1, rate=1, ttl=Fraction(10), poll=Fraction(2), timeout=Fraction(5))
DEFAULT = Room(capacity=50, rate=10, ttl=Fraction(600), poll=Fraction(5), timeout=Fraction(1800))


def answers(room, *asked):
    """The answers to requests given as a time and a visitor, None for a new one."""
    state = WaitingRoom(room)
    return [state.ask(Fraction(now), visitor) for now, visitor in asked]


def test_a_slot_is_taken_for_its_time_and_no_longer():
    asked = (0, None), (1, None), ("9.9", 0), (10, 0), ("10.5", 0)
    assert answers(SMALL, *asked) == [("admitted", 0), ("waits", 1), ("passes", 0), ("admitted", 0), ("passes", 0)]


def test_who_never_asks_again_holds_up_the_queue_until_the_place_is_lost():
    asked = (0, None), (6, None), (7, None), (9, 2), (11, 2), ("11.5", 2)
    assert [answer for answer, _ in answers(SMALL, *asked)] == [
        "admitted", "waits", "waits", "waits", "waits", "admitted",
    ]  # fmt: skip


def test_who_comes_back_after_losing_the_place_stands_at_the_end():
    asked = (0, None), (1, None), (4, None), ("6.5", 1), (9, 2), (10, 1), (10, 2), (11, 1)
    found = [answer for answer, _ in answers(SMALL, *asked)]
    assert found == ["admitted", "waits", "waits", "waits", "waits", "admitted", "waits", "passes"]


def test_so_many_come_in_at_once_as_in_a_second():
    room = Room(100, 2, Fraction(60), Fraction(1), Fraction(60))
    asked = (0, None), (0, None), (0, None), ("0.4", 2), ("0.5", 2), ("0.5", None)
    assert [answer for answer, _ in answers(room, *asked)] == [
        "admitted", "admitted", "waits", "waits", "admitted", "waits",
    ]  # fmt: skip


def test_without_cookies_everybody_is_new():
    assert [who for _, who in answers(DEFAULT, (0, None), (1, None), (2, None))] == [0, 1, 2]


ROOMS = st.builds(
    Room,
    capacity=st.integers(1, 4),
    rate=st.integers(1, 3),
    ttl=st.fractions(1, 20, max_denominator=4),
    poll=st.just(Fraction(1)),
    timeout=st.fractions(1, 20, max_denominator=4),
)
REQUESTS = st.lists(st.tuples(st.fractions(0, 6, max_denominator=4), st.none() | st.integers(0, 9)), max_size=60)


def told(room, requests):
    """A history: times, visitors and answers of requests, each given as a pause and the number of a visitor known by then."""
    state, now, known, history = WaitingRoom(room), Fraction(0), [], []
    for pause, chosen in requests:
        now += pause
        visitor = None if chosen is None or not known else known[chosen % len(known)]
        answer, name = state.ask(now, visitor)
        known += [name] if visitor is None else []
        history.append((now, name, answer))
    return history


@given(ROOMS, REQUESTS)
def test_no_more_are_inside_than_there_are_slots(room, requests):
    entries = [now for now, _, answer in told(room, requests) if answer == "admitted"]
    for now in entries:
        assert sum(now - room.ttl < entry <= now for entry in entries) <= room.capacity


@given(ROOMS, REQUESTS)
def test_no_more_come_in_than_the_rate_allows(room, requests):
    entries = [now for now, _, answer in told(room, requests) if answer == "admitted"]
    for first in range(len(entries)):
        for last in range(first, len(entries)):
            assert last - first + 1 <= room.rate + room.rate * (entries[last] - entries[first])


@given(ROOMS, REQUESTS)
def test_only_who_was_let_in_passes_and_only_for_the_time_of_a_slot(room, requests):
    entered = {}
    for now, name, answer in told(room, requests):
        inside = name in entered and now < entered[name] + room.ttl
        assert (answer == "passes") == inside
        if answer == "admitted":
            entered[name] = now


@given(ROOMS, REQUESTS)
def test_nobody_overtakes_who_stands_before_and_has_not_lost_the_place(room, requests):
    since = {}
    for now, name, answer in told(room, requests):
        since = {who: start for who, start in since.items() if now - start <= room.timeout}
        if answer == "admitted":
            assert next(iter(since), name) == name
            since.pop(name, None)
        elif answer == "waits":
            since.setdefault(name, now)


def test_a_health_check_fills_a_room_and_jams_it():
    found = leak(DEFAULT, [Fraction(10)])
    assert found == Leak(held=50, full=Fraction(490), jammed=Fraction(500), came=Fraction(505), waited=Fraction(1800))


def test_a_room_large_enough_loses_some_slots_only():
    room = Room(100, 10, Fraction(600), Fraction(5), Fraction(1800))
    assert leak(room, [Fraction(10)]) == Leak(held=60)
    assert leak(room, [Fraction(10), Fraction(60)]) == Leak(held=70)


def test_programs_that_come_faster_than_the_door_jam_it_before_it_is_full():
    room = Room(5000, 1, Fraction(60), Fraction(5), Fraction(60))
    found = leak(room, [Fraction(1, 10)])
    assert (found.held, found.full, found.jammed) == (1, None, Fraction(1, 10))


def test_a_visitor_who_comes_too_rarely_loses_the_place():
    room = Room(1, 1, Fraction(1000), Fraction(7), Fraction(20))
    assert leak(room, [Fraction(100)]).waited is None


def test_too_many_requests_are_not_replayed():
    assert leak(Room(50_000, 1_000, Fraction(600), Fraction(5), Fraction(60)), [Fraction(1, 100)]) is None
    assert leak(Room(50, 10, Fraction(600), Fraction(1, 1000), Fraction(3600)), [Fraction(10)]) is None


@given(st.integers(1, 5), st.fractions(1, 10, max_denominator=2), st.integers(1, 9))
def test_a_visitor_waits_as_long_whoever_comes_behind(capacity, every, poll):
    room = Room(capacity, 2, Fraction(60), Fraction(poll), Fraction(90))
    found = leak(room, [every])
    if found.came is None:
        return
    asked = [(number * every, None) for number in range(1 + int((found.came + 90) / every))]
    asked += [(found.came + number * poll, "she") for number in range(1 + 90 // poll)]
    state, name, answer = WaitingRoom(room), None, ""
    for now, who in sorted(asked, key=lambda one: one[0]):
        if who is None:
            state.ask(now)
        elif answer != "admitted":
            answer, name = state.ask(now, name)
            waited = now - found.came
    assert found.waited == (waited if answer == "admitted" else None)


@given(st.integers(1, 200), st.integers(1, 300))
def test_one_program_holds_as_many_slots_as_it_sends_requests_in_the_time_of_one(capacity, every):
    room = Room(capacity, 10, Fraction(600), Fraction(5), Fraction(60))
    found = leak(room, [Fraction(every)])
    assert found.held == min(capacity, ceil(600 / every))
    assert (found.jammed is not None) == (600 / every > capacity)


@pytest.mark.parametrize("capacity", [1, 7])
def test_the_room_is_full_when_the_last_slot_is_taken(capacity):
    found = leak(Room(capacity, 10, Fraction(600), Fraction(5), Fraction(60)), [Fraction(3)])
    assert found.full == 3 * (capacity - 1)
