"""Patterns that are plain string tests: the simplification is exact, and finds what it should."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from edgelint.space.automaton import compile_pattern, search
from edgelint.space.characters import partition
from edgelint.space.literals import simplify
from regex_samples import PATTERNS, TEXTS, classes, real_patterns
from support import many

TESTS = {
    "equals": lambda text, sought: text == sought,
    "prefix": str.startswith,
    "suffix": str.endswith,
    "contains": str.__contains__,
}
WRITTEN = {"equals": "^(?:{})$", "prefix": "^(?:{})", "suffix": "(?:{})$", "contains": "{}"}
PLAIN = st.recursive(
    st.sampled_from(["a", "b", "ab", "", "^", "$", "\\A", "\\z", ".*", "a?", "[ab]", "(?i:1)", "\n", "é", "(?s:.)*"]),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=4).map("".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda branches: "(" + "|".join(branches) + ")"),
        st.tuples(inner, st.sampled_from(["?", "*", "{2}", "{1,2}", "{0}"])).map("({0[0]}){0[1]}".format),
    ),
    max_leaves=8,
)


def difference(one, other):
    """A text that one automaton accepts and the other does not, if there is one."""
    texts = {(one.start, other.start): ""}
    for pair in (todo := [(one.start, other.start)]):
        if one.accepting(pair[0]) != other.accepting(pair[1]):
            return texts[pair]
        marks = {}
        for index, characters in enumerate((*classes(one, pair[0]), *classes(other, pair[1]))):
            marks[characters] = marks.get(characters, 0) | 1 << index
        for characters, _ in partition(marks):
            following = one.step(pair[0], characters.smallest()), other.step(pair[1], characters.smallest())
            if following not in texts:
                texts[following] = texts[pair] + characters.smallest()
                todo.append(following)
    return None


@settings(max_examples=many(500))
@given(st.one_of(PLAIN, PLAIN.map("^{}$".format), PATTERNS))
@example("^^a|^b.*")
@example(".*^a")
@example("^.*a")
@example("a.*$")
@example("a$.*")
def test_a_string_test_is_true_of_the_same_texts_as_its_pattern(pattern):
    simple = simplify(pattern)
    if simple:
        kind, texts = simple
        written = WRITTEN[kind].format("|".join(f"\\Q{text}\\E" for text in texts))
        assert difference(compile_pattern(pattern), compile_pattern(written)) is None


@given(PLAIN, st.lists(TEXTS, max_size=10))
def test_a_string_test_answers_as_the_pattern_does(pattern, texts):
    simple = simplify(pattern)
    if simple:
        kind, sought = simple
        for text in [*texts, *sought, *(one + other for one in sought for other in texts)]:
            assert any(TESTS[kind](text, one) for one in sought) == search(pattern, text)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("^/admin$", ("equals", ("/admin",))),
        ("\\A/admin\\z", ("equals", ("/admin",))),
        ("^/admin", ("prefix", ("/admin",))),
        ("^/admin.*", ("prefix", ("/admin",))),
        ("\\.php$", ("suffix", (".php",))),
        (".*\\.php$", ("suffix", (".php",))),
        ("admin", ("contains", ("admin",))),
        ("(.*)/wp-(admin|login)(.*)", ("contains", ("/wp-admin", "/wp-login"))),
        ("\\.(css|js)$", ("suffix", (".css", ".js"))),
        ("^(GET|POST)$", ("equals", ("GET", "POST"))),
        ("^/a$|^/b$", ("equals", ("/a", "/b"))),
        ("^(?:/a|/ab)", ("prefix", ("/a",))),
        ("(?:php|\\.php)$", ("suffix", ("php",))),
        ("https?", ("contains", ("http",))),
        ("^https?://$", ("equals", ("http://", "https://"))),
        ("^/v[0-9]/", ("prefix", tuple(f"/v{digit}/" for digit in range(10)))),
        ("ba{2,}", ("contains", ("baa",))),
        ("(?:ab){3}", ("contains", ("ababab",))),
        ("(?i)^/1-2$", ("equals", ("/1-2",))),
        ("", ("contains", ("",))),
        ("^$", ("equals", ("",))),
        (".*", ("contains", ("",))),
        ("[ab][ab][ab][ab][ab][ab]$", 64),
    ],
)
def test_plain_patterns_are_simplified(pattern, expected):
    found = simplify(pattern)
    assert found == expected or (found and len(found[1]) == expected)


@pytest.mark.parametrize(
    "pattern",
    [
        "^.*a",
        "a.*$",
        "^/a.b$",
        "a+b",
        "(?m)^a",
        "\\badmin",
        "(?i)admin",
        "[aA]b",
        "^a|b",
        "a^b",
        "[a-z]",
        "[^a]",
        "[^\\x00-\\x{10FFFF}]",
        "[ab]{7}",
        "|".join(map(str, range(100, 165))),
        "(?:ab|cd){1000}",
        "a{1000}" * 12 + "b",
    ],
    ids=lambda value: ascii(value[:30]),
)
def test_other_patterns_are_left_alone(pattern):
    assert simplify(pattern) is None


def test_many_patterns_of_real_rule_sets_are_plain():
    plain = 0
    for pattern in real_patterns():
        try:
            simple = simplify(pattern)
        except ValueError:
            continue
        if simple:
            plain += 1
            kind, texts = simple
            written = WRITTEN[kind].format("|".join(f"\\Q{text}\\E" for text in texts))
            assert difference(compile_pattern(pattern), compile_pattern(written)) is None
    assert plain > 10
