from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from edgelint.simulation.shaper import ByteBucket, throughput

MILLISECOND = Fraction(1, 1000)
rates, bursts = st.integers(1, 5000), st.integers(1, 200)


def test_the_burst_passes_at_once_and_the_rest_at_the_rate():
    bucket = ByteBucket(rate=100, burst=50)
    assert bucket.pass_on(50, 0) == 0
    assert bucket.pass_on(100, 0) == 1
    assert bucket.pass_on(50, 10) == 10


def test_without_a_burst_it_is_what_the_rate_gives_in_a_second():
    assert ByteBucket(rate=100, burst=0).pass_on(300, 0) == 2


def test_a_burst_below_the_shortest_sleep_caps_the_throughput():
    assert throughput(ByteBucket(10_000_000, 1000, MILLISECOND), 100) == 1_000_000
    assert throughput(ByteBucket(10_000_000, 1, MILLISECOND), 100) == 1000
    assert throughput(ByteBucket(1_000_000, 1000, MILLISECOND), 100) == 1_000_000


@given(rates, bursts, st.integers(1, 30))
def test_the_long_run_is_the_smaller_of_the_rate_and_a_burst_for_each_sleep(rate, burst, number):
    assert throughput(ByteBucket(rate, burst, MILLISECOND), number) == min(rate, burst / MILLISECOND)


@given(rates, bursts, st.lists(st.tuples(st.integers(1, 300), st.integers(0, 3)), min_size=1, max_size=8))
def test_no_more_passes_than_the_burst_and_what_flows_meanwhile(rate, burst, sends):
    bucket, time, passed = ByteBucket(rate, burst, MILLISECOND), Fraction(0), 0
    for size, pause in sends:
        time = bucket.pass_on(size, time + pause)
        passed += size
        assert passed <= burst + time * rate


@given(rates, bursts, st.integers(1, 500))
def test_a_higher_rate_is_never_slower(rate, burst, size):
    assert ByteBucket(rate + 1, burst).pass_on(size, 0) <= ByteBucket(rate, burst).pass_on(size, 0)
