r"""Patterns taken strictly: what becomes of dots, anchors and classes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgelint.patterns import (
    across_lines,
    begins_with,
    from_start,
    whole_labels,
    whole_numbers,
    with_ending_dots,
    with_label_dots,
)
from edgelint.space import automaton


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("api.example.com", r"api\.example\.com"),
        (r"^api\.example.com$", r"^api\.example\.com$"),
        (".*.example.com", r".*\.example\.com"),
        ("[a-z.]+.example.com", r"[a-z.]+\.example\.com"),
        (r"^api\.example\.com$", None),
        (r"\Qa.b", None),
        ("a.{3}b", None),
    ],
)
def test_only_lone_dots_between_labels_become_dots(pattern, expected):
    assert with_label_dots(pattern) == expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (".js$", r"\.js$"),
        (".(css|js)$", r"\.(css|js)$"),
        ("/robots.txt", r"/robots\.txt"),
        (r"\.js$", None),
        ("^/a.b/c", None),
        ("^/.*$", None),
    ],
)
def test_only_dots_before_an_ending_become_dots(pattern, expected):
    assert with_ending_dots(pattern) == expected


def test_a_rewriting_that_comes_to_no_pattern_is_none():
    assert from_start(r"\Q/admin") is None


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("/admin", True),
        ("(?i)/(admin|login)", True),
        ("^/a|/b$", True),
        ("admin", False),
        (r"\.php$", False),
        ("a^", False),
    ],
)
def test_what_a_pattern_begins_with(pattern, expected):
    assert begins_with(pattern, "/") is expected


@pytest.mark.parametrize(
    ("host", "found"),
    [("example.com", True), ("www.example.com", True), ("myexample.com", False), ("example.com.evil.example", False)],
)
def test_labels_are_whole(host, found):
    assert automaton.search(whole_labels(r"example\.com"), host) is found


@pytest.mark.parametrize(
    ("pattern", "address", "found"),
    [
        (r"10\.1", "10.1.2.3", True),
        (r"10\.1", "10.11.2.3", False),
        (r"10\.1", "110.1.2.3", False),
        (r"^10\.1\.", "10.1.2.3", True),
        ("^2001:db8:", "2001:db8::1", True),
        (r"\.1$", "10.1.2.1", True),
    ],
)
def test_numbers_are_whole(pattern, address, found):
    assert automaton.search(whole_numbers(pattern), address) is found


texts = st.text("ab./\n-1", max_size=8)
patterns = st.lists(
    st.sampled_from(["a", "b", ".", r"\.", "/", "a*", "(a|b)", "^", "$", "[a.]"]), min_size=1, max_size=6
).map("".join)


@given(patterns, texts)
def test_strict_patterns_fit_no_text_that_loose_ones_do_not(pattern, text):
    loose = automaton.search(pattern, text)
    for strict in (from_start, whole_labels, with_label_dots, with_ending_dots, whole_numbers):
        rewritten = strict(pattern)
        assert rewritten is None or loose or not automaton.search(rewritten, text)


@given(patterns, texts)
def test_dots_across_lines_fit_all_that_dots_fit(pattern, text):
    assert not automaton.search(pattern, text) or automaton.search(across_lines(pattern), text)


@given(st.text("ab./", max_size=8))
def test_a_prefix_is_what_python_takes_for_one(text):
    assert automaton.search(from_start("/a"), text) is bool(re.match("/a", text))
