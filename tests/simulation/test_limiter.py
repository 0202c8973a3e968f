from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgelint.budgets import Budget
from edgelint.model.limiting import Limiting
from edgelint.platforms.p2pstream import P2PSTREAM
from edgelint.simulation.limiter import Limiter, Limiters
from test_budgets import ALGORITHMS, budgets, instants

MINUTE = Fraction(60)


def sent(budget, times, limiting=None):
    """What a limiter admits of so many requests of one client at some times."""
    limiters = Limiters([budget], limiting or Limiting())
    return [limiters.send(["client"], time, count) for time, count in times]


def test_a_fixed_window_begins_anew_at_multiples_of_its_length():
    budget = Budget("fixed_window", 5, MINUTE, 0)
    assert sent(budget, [(59, 9), (60, 9), (119, 9), (120, 1)]) == [5, 5, 0, 1]


def test_a_sliding_window_looks_back_over_its_length():
    budget = Budget("sliding_window", 5, MINUTE, 0)
    assert sent(budget, [(0, 3), (30, 3), (59, 1), (60, 9), (90, 9)]) == [3, 2, 0, 3, 2]


@pytest.mark.parametrize("algorithm", ["token_bucket", "leaky_bucket"])
def test_a_bucket_gives_its_burst_and_then_its_rate(algorithm):
    budget = Budget(algorithm, 60, MINUTE, 5)
    assert sent(budget, [(0, 9), (Fraction(1, 2), 9), (1, 9), (3, 9), (1000, 9)]) == [5, 0, 1, 2, 5]


@given(st.integers(1, 6), st.integers(1, 6), st.integers(1, 8), instants)
def test_a_leaky_bucket_is_a_token_bucket_from_the_other_side(limit, window, burst, times):
    level, last, passed = Fraction(0), Fraction(0), []
    for time in times:
        level = max(Fraction(0), level - (time - last) * Fraction(limit, window))
        last = time
        if level + 1 <= burst:
            level += 1
            passed.append(1)
        else:
            passed.append(0)
    assert sent(Budget("leaky_bucket", limit, Fraction(window), burst), [(time, 1) for time in times]) == passed


@given(budgets, instants, st.integers(1, 4))
def test_equal_requests_together_are_the_same_as_one_after_the_other(budget, times, count):
    single = sent(budget, [(time, 1) for time in times for _ in range(count)])
    together = sent(budget, [(time, count) for time in times])
    assert together == [sum(single[start : start + count]) for start in range(0, len(single), count)]


@given(budgets, instants)
def test_a_larger_limit_never_admits_fewer_requests_in_all(budget, times):
    larger = Budget(budget.algorithm, budget.limit + 1, budget.window, budget.burst + 1)
    sends = [(time, 2) for time in times]
    assert sum(sent(larger, sends)) >= sum(sent(budget, sends))


@given(st.lists(budgets, min_size=2, max_size=3), instants, st.integers(1, 4))
def test_limiters_in_a_row_are_charged_until_one_denies(limits, times, count):
    together = Limiters(limits, Limiting())
    apart = [Limiter(budget, Limiting()) for budget in limits]
    for time in times:
        left = 0
        for _ in range(count):
            left += all(limiter.charge("client", time, 1) for limiter in apart)
        assert together.send(["client"] * len(limits), time, count) == left


def test_what_a_later_limiter_denies_stays_charged_to_the_ones_before():
    wide, narrow = Budget("sliding_window", 10, MINUTE, 0), Budget("sliding_window", 2, MINUTE, 0)
    limiters = Limiters([wide, narrow], Limiting())
    assert limiters.send(["a", "a"], 0, 10) == 2
    assert limiters.send(["a", None], 0) == 0
    first = Limiters([narrow, wide], Limiting())
    assert first.send(["a", "a"], 0, 10) == 2
    assert first.send([None, "a"], 0, 9) == 8


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_silent_client_is_forgotten_after_a_quarter_of_an_hour(algorithm):
    budget = Budget(algorithm, 5, Fraction(86400), 5)
    assert sent(budget, [(0, 6), (900, 6)], P2PSTREAM.limiting) == [5, 0]
    assert sent(budget, [(0, 6), (960, 6), (1920, 6)], P2PSTREAM.limiting) == [5, 5, 5]
    assert sent(budget, [(0, 6), (600, 6), (1200, 6), (1800, 6)], P2PSTREAM.limiting) == [5, 0, 0, 0]


def test_idle_state_is_looked_for_at_most_once_a_minute():
    limiters = Limiters([Budget("sliding_window", 5, Fraction(86400), 0)], P2PSTREAM.limiting)
    limiters.send(["a"], 0, 5)
    limiters.send(["b"], 880)
    assert limiters.send(["a"], 930, 5) == 0
    limiters.send(["b"], 1850)
    assert limiters.send(["a"], 1851, 5) == 5


def test_the_key_seen_least_recently_makes_room_for_a_new_one():
    limiter = Limiter(Budget("sliding_window", 1, MINUTE, 0), Limiting(keys=2))
    assert [limiter.charge(key, time, 1) for time, key in enumerate("abacab")] == [1, 1, 0, 1, 0, 1]
    assert len(limiter) == 2


@given(budgets, st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 50)), max_size=30))
def test_keys_have_nothing_to_do_with_one_another(budget, requests):
    requests = sorted(requests, key=lambda pair: pair[1])
    limiters = Limiters([budget], Limiting())
    mixed = [(key, limiters.send([key], time)) for key, time in requests]
    for name in "abc":
        alone = sent(budget, [(time, 1) for key, time in requests if key == name])
        assert [passed for key, passed in mixed if key == name] == alone
