from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgelint.simulation.baseline import steepest


def rises(times, gain, window):
    """How many times the average the requests in the window are, at each request but the first."""
    average = None
    for position, now in enumerate(times):
        requests = sum(now - earlier <= window for earlier in times[: position + 1])
        if average is not None:
            yield requests / average
        average = requests if average is None else average + gain * (requests - average)


@given(st.lists(st.integers(0, 30), max_size=60), st.sampled_from([0.05, 0.1, 0.3]))
def test_no_traffic_rises_further(pauses, gain):
    times = [sum(pauses[:position]) for position in range(len(pauses) + 1)]
    assert max(rises(times, gain, 10), default=0) <= steepest(gain) + 1e-9


@pytest.mark.parametrize("gain", [0.05, 0.1, 0.3])
def test_requests_at_once_after_a_lull_rise_so_far(gain):
    assert max(rises([0] * 100, gain, 10)) == pytest.approx(steepest(gain))


def test_an_average_that_moves_by_a_tenth_is_exceeded_by_little_more_than_three_times():
    # The fifth of five requests at once: 5 / (1 + 0.1 + 0.19 + 0.271), averages by hand.
    assert steepest(0.1) == pytest.approx(5 / 1.561)


def test_an_average_that_stands_still_sets_no_bound():
    assert steepest(0) == inf
