"""How many slips of the fingers lie between two names, and which names look mistyped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgelint.typos import mistyped, slips

WORDS = st.text("abc.", max_size=6)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("", "", 0),
        ("", "abc", 3),
        ("example", "exmaple", 1),
        ("example", "exampel", 1),
        ("example", "examples", 1),
        ("example", "eample", 1),
        ("example", "exemple", 1),
        ("ca", "abc", 3),
    ],
)
def test_slips_are_counted(one, other, expected):
    assert slips(one, other) == slips(other, one) == expected


@given(WORDS, WORDS)
def test_only_equal_names_are_no_slip_apart_and_no_more_slips_are_needed_than_characters(one, other):
    assert (slips(one, other) == 0) == (one == other)
    assert abs(len(one) - len(other)) <= slips(one, other) <= max(len(one), len(other))


@given(WORDS, st.data())
def test_a_swap_of_neighbours_is_one_slip(word, data):
    if len(word) < 2:
        return
    at = data.draw(st.integers(0, len(word) - 2))
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    assert slips(word, swapped) == (word != swapped)


@pytest.mark.parametrize(
    ("host", "other", "expected"),
    [
        ("app.exmaple.com", "app.example.com", True),
        ("appexample.com", "app.example.com", True),
        ("shpo.example.com", "shop.example.com", True),
        ("*.exampel.com", "*.example.com", True),
        ("app.example.com", "app.example.com", False),
        ("api.example.com", "app.example.com", False),
        ("app.example.co", "app.example.com", False),
        ("blog.example.com", "shop.example.com", False),
        ("staging.example.com", "string.example.com", True),
        ("app.example.org", "app.example.com", False),
    ],
)
def test_short_labels_are_names_of_their_own(host, other, expected):
    assert mistyped(host, other) is mistyped(other, host) is expected
