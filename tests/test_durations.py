from fractions import Fraction

import pytest

from edgelint.model.durations import lasting


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 seconds"),
        (1, "1 second"),
        (Fraction(1, 10), "0.1 seconds"),
        (60, "1 minute"),
        (90.0, "90 seconds"),
        (600, "10 minutes"),
        (2300, "2,300 seconds"),
        (7200, "2 hours"),
        (86400, "1 day"),
        (Fraction(172800), "2 days"),
    ],
)
def test_times_are_said_in_the_largest_unit_that_divides_them(seconds, words):
    assert lasting(seconds) == words
