from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from edgelint.budgets import Budget, dominates, duration, granted, span
from edgelint.model.limiting import Limiting
from edgelint.simulation.limiter import Limiters
from policy_samples import policy_of

ALGORITHMS = ("fixed_window", "sliding_window", "token_bucket", "leaky_bucket")
budgets = st.builds(
    Budget,
    st.sampled_from(ALGORITHMS),
    st.integers(1, 6),
    st.integers(1, 6).map(Fraction),
    st.integers(1, 8),
)
instants = st.lists(st.integers(0, 120).map(lambda quarter: Fraction(quarter, 4)), min_size=1, max_size=40).map(sorted)


def admitted(limits, times):
    """The times at which some limiters in a row let a request through."""
    limiters = Limiters(limits, Limiting())
    keys = ["client"] * len(limits)
    return [time for time in times if limiters.send(keys, time)]


@given(budgets, instants)
def test_no_interval_admits_more_than_the_bound(budget, times):
    passed = admitted([budget], times)
    for first in range(len(passed)):
        for last in range(first, len(passed)):
            assert last - first + 1 <= budget.most(passed[last] - passed[first])


@given(budgets, instants, st.integers(1, 40).map(lambda quarter: Fraction(quarter, 4)))
def test_no_half_open_interval_admits_more_than_its_bound(budget, times, length):
    passed = admitted([budget], times)
    for start in passed:
        assert sum(start <= time < start + length for time in passed) <= budget.most_within(length)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize(("limit", "window", "burst"), [(1, 1, 1), (3, 2, 5), (4, 3, 2)])
def test_the_bound_is_reached(algorithm, limit, window, burst):
    budget = Budget(algorithm, limit, Fraction(window), burst)
    late = Fraction(1, 1000)  # a greedy client that begins at the end of a window
    times = [
        time for time in (window - late, *(window + Fraction(step, 100) for step in range(1200))) for _ in range(9)
    ]
    passed = admitted([budget], times)
    for length in (0, Fraction(1, 2), window, window + 1, 2 * window):
        most = max(sum(start <= time <= start + length + late for time in passed) for start in passed)
        assert most >= budget.most(Fraction(length))


def test_bounds_of_the_four_algorithms():
    minute = Fraction(60)
    assert Budget("fixed_window", 10, minute, 0).most(0) == 10
    assert Budget("fixed_window", 10, minute, 0).most(1) == 20
    assert Budget("fixed_window", 10, minute, 0).most(61) == 30
    assert Budget("sliding_window", 10, minute, 0).most(59) == 10
    assert Budget("sliding_window", 10, minute, 0).most(60) == 20
    assert Budget("token_bucket", 10, minute, 5).most(0) == 5
    assert Budget("leaky_bucket", 10, minute, 5).most(60) == 15


@given(budgets, budgets, instants)
def test_a_dominated_limiter_behind_the_other_never_denies(one, other, times):
    assume(dominates(one, other))
    assert admitted([one, other], times) == admitted([one], times)


@given(budgets)
def test_every_budget_with_a_steady_bound_dominates_its_multiple(budget):
    double = Budget(budget.algorithm, 2 * budget.limit, budget.window, 2 * budget.burst)
    assert dominates(budget, double)
    assert not dominates(double, budget)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("sliding_window", 60, 60, 0), ("sliding_window", 120, 60, 0), True),
        (("sliding_window", 60, 60, 0), ("sliding_window", 59, 60, 0), False),
        (("fixed_window", 60, 60, 0), ("sliding_window", 119, 60, 0), False),
        (("fixed_window", 60, 60, 0), ("sliding_window", 120, 60, 0), True),
        (("fixed_window", 10, 60, 0), ("fixed_window", 600, 3600, 0), True),
        (("fixed_window", 10, 3600, 0), ("fixed_window", 10, 60, 0), True),
        (("fixed_window", 10, 50, 0), ("fixed_window", 29, 60, 0), False),
        (("sliding_window", 60, 60, 0), ("token_bucket", 60, 60, 60), True),
        (("fixed_window", 60, 60, 0), ("token_bucket", 60, 60, 60), False),
        (("token_bucket", 60, 60, 10), ("leaky_bucket", 60, 60, 10), True),
        (("token_bucket", 60, 60, 10), ("sliding_window", 69, 60, 0), True),
        (("token_bucket", 60, 60, 10), ("sliding_window", 68, 60, 0), False),
    ],
)
def test_which_of_two_budgets_leaves_the_other_nothing_to_deny(one, other, expected):
    first, second = (Budget(name, limit, Fraction(window), burst) for name, limit, window, burst in (one, other))
    assert dominates(first, second) is expected


def test_lengths_of_time_in_words():
    assert [duration(seconds) for seconds in (1, 10, 60, 600, 3600, 86400)] == [
        "second",
        "10 seconds",
        "minute",
        "10 minutes",
        "hour",
        "day",
    ]
    assert [span(seconds) for seconds in (0, 1, Fraction(1, 2), 90, 960, 172800)] == [
        "0 seconds",
        "1 second",
        "0.5 seconds",
        "90 seconds",
        "16 minutes",
        "2 days",
    ]


@pytest.mark.parametrize(
    ("algorithm", "limit", "burst", "words"),
    [
        ("sliding_window", 5, 0, "one bucket of 5 requests per minute"),
        ("fixed_window", 1, 0, "one bucket of 1 request per minute"),
        ("fixed_window", 5, 20, "one bucket of 5 requests per minute"),
        ("token_bucket", 5, 0, "one bucket of 5 requests per minute"),
        ("token_bucket", 5, 20, "one bucket of 5 requests per minute (20 at once)"),
        ("leaky_bucket", 5, 1, "one bucket of 5 requests per minute (1 at once)"),
    ],
)
def test_what_a_limit_grants_is_said_with_its_burst_where_it_has_one_of_its_own(algorithm, limit, burst, words):
    rule = {"name": "a", "algorithm": algorithm, "limit": limit, "window_millis": 60_000, "burst": burst}
    (found,) = policy_of({"rate_limit_rules": [rule]}).rules
    assert granted(found) == words
