"""Laws of the algebra of languages, against plain string functions over a small alphabet."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgelint.space import language as lang
from edgelint.space import leaves
from edgelint.space.division import LAST_CODE_POINT, NOWHERE, WHOLE
from edgelint.space.limits import Unbounded
from edgelint.space.search import is_empty, shortest

ALPHABET = "ab/"
WORLD = ["".join(letters) for size in range(5) for letters in itertools.product(ALPHABET, repeat=size)]
texts = st.text(ALPHABET, max_size=3)


def below_path(text):
    return lambda word: not text or word == text or word.startswith(text if text.endswith("/") else text + "/")


LEAVES = st.one_of(
    st.lists(texts, max_size=3).map(lambda words: (lang.words(words), lambda word: word in words)),
    texts.map(lambda text: (leaves.prefix(text), lambda word: word.startswith(text))),
    texts.map(lambda text: (leaves.suffix(text), lambda word: word.endswith(text))),
    texts.map(lambda text: (leaves.substring(text), lambda word: text in word)),
    texts.map(lambda text: (leaves.below_path(text), below_path(text))),
    texts.map(lambda text: (leaves.below(text, inclusive=False), lambda word: word < text)),
    texts.map(lambda text: (leaves.below(text, inclusive=True), lambda word: word <= text)),
    st.tuples(st.integers(0, 4), st.integers(0, 4)).map(
        lambda ends: (leaves.length(*ends), lambda word: ends[0] <= len(word) <= ends[1])
    ),
    st.sampled_from(["a+b", "^a", "b$", "(ab|/)*", "^(a|b)?/", "^$", "a{2}", r"\ba"]).map(
        lambda text: (leaves.pattern(text), lambda word: re.search(text, word) is not None)
    ),
)


def joined(pairs):
    return st.one_of(
        st.tuples(pairs, pairs).map(lambda two: (two[0][0] & two[1][0], lambda w: two[0][1](w) and two[1][1](w))),
        st.tuples(pairs, pairs).map(lambda two: (two[0][0] | two[1][0], lambda w: two[0][1](w) or two[1][1](w))),
        st.tuples(pairs, pairs).map(lambda two: (two[0][0] - two[1][0], lambda w: two[0][1](w) and not two[1][1](w))),
        pairs.map(lambda one: (~one[0], lambda w: not one[1](w))),
    )


FORMULAS = st.recursive(LEAVES, joined, max_leaves=6)


@given(FORMULAS)
def test_a_language_holds_exactly_the_words_its_formula_describes(pair):
    language, holds = pair
    assert [word for word in WORLD if word in language] == [word for word in WORLD if holds(word)]


@given(FORMULAS)
def test_reading_a_word_letter_by_letter_answers_what_membership_answers(pair):
    language, holds = pair
    for word in WORLD:
        walked = language
        for letter in word:
            walked = walked.step(letter)
        assert walked.nullable == holds(word)
        assert language.advance(word).nullable == holds(word)


@given(FORMULAS)
def test_the_shortest_member_is_a_member_and_none_is_shorter(pair):
    language, holds = pair
    found = shortest(language)
    smallest = next((word for word in WORLD if holds(word)), None)
    if found is None:
        assert smallest is None
    else:
        assert found in language
        assert smallest is None or len(found) <= len(smallest)


@given(FORMULAS)
def test_every_member_begins_with_the_head_and_ends_with_the_tail(pair):
    language, holds = pair
    for word in filter(holds, WORLD):
        assert word.startswith(language.head)
        assert word.endswith(language.tail)


@given(FORMULAS)
def test_characters_of_one_kind_lead_to_the_same_language_and_those_that_lead_nowhere_to_none(pair):
    language, _ = pair
    division, reached = language.division(), {}
    starts = [start for start, _ in division.beyond]
    ends = [end - 1 for end in (*starts[1:], LAST_CODE_POINT + 1)]
    for character in map(chr, sorted({*range(128), *starts, *ends})):
        if not "\ud800" <= character <= "\udfff":
            following = language.step(character)
            kind = division.kind(character)
            assert reached.setdefault(kind, following) is following
            assert kind != NOWHERE or following is lang.NOTHING


@given(FORMULAS, FORMULAS, FORMULAS)
def test_the_algebra_obeys_the_laws_of_sets(one, two, three):
    a, b, c = one[0], two[0], three[0]
    assert a & b is b & a
    assert a | b is b | a
    assert is_empty(a & ~a)
    assert (a | ~a) is lang.ANYTHING or is_empty(~(a | ~a))
    for same in (((a & b) | (a & c), a & (b | c)), (~(a & b), ~a | ~b), (a - b, a & ~b), (~~a, a)):
        assert is_empty(same[0] & ~same[1])
        assert is_empty(same[1] & ~same[0])


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (leaves.prefix("/admin") & ~lang.words(["/admin"]), "/admina"),
        (leaves.below_path("/admin") & ~lang.words(["/admin"]), "/admin/"),
        (leaves.suffix(".css") & leaves.prefix("/"), "/.css"),
        (leaves.substring("bot") & leaves.suffix("x"), "botx"),
        (leaves.pattern("^/v[0-9]+/") & leaves.suffix(".js"), "/v0/.js"),
        (leaves.length(3, 3), "aaa"),
        (leaves.prefix("a") & lang.words(["b", "c"]), None),
        (leaves.prefix("aaa") | lang.words(["/a"]), "/a"),
    ],
)
def test_witnesses_are_short_and_readable(language, expected):
    assert shortest(language) == expected


def test_a_language_with_too_many_states_ends_in_a_reason_not_in_a_hang():
    last_but_nineteen = [leaves.pattern(f"^[ab]*{letter}[ab]{{19}}$") for letter in "ab"]
    with pytest.raises(Unbounded, match=r"too many|more than"):
        shortest(lang.intersection(last_but_nineteen))


@pytest.mark.parametrize("size", [0, 1, 2, 3, 8])
def test_many_endings_are_read_like_one_after_the_other(size):
    endings = ["a", ".b", "/", "(a", "b$", "\\", "ab/", "[a]"][:size]
    language = leaves.any_suffix(endings)
    for word in [*WORLD, *endings, *("b" + ending for ending in endings), *(ending + "b" for ending in endings)]:
        assert (word in language) == any(word.endswith(ending) for ending in endings), word


@given(st.lists(LEAVES, min_size=13, max_size=20), st.booleans())
def test_of_many_parts_each_counts(pairs, every):
    joined, one = (lang.intersection, all) if every else (lang.union, any)
    for negate in (False, True):
        parts = [(~leaf if negate else leaf, holds) for leaf, holds in pairs]
        language = joined(leaf for leaf, _ in parts)
        expected = [word for word in WORLD if one(holds(word) is not negate for _, holds in parts)]
        assert [word for word in WORLD if word in language] == expected


def test_many_endings_decide_like_each_of_them():
    endings = [f"{first}{second}" for first in "ab/" for second in "ab/"]
    several = [leaves.suffix(ending) & ~leaves.prefix(ending) for ending in endings]
    contained = [leaves.substring(text) for text in ("a/a", "b/b", "aab", "bba")]
    union, rest = lang.union([*several, *contained]), lang.intersection([~one for one in (*several, *contained)])
    for word in WORLD:
        holds = any(word in one for one in (*several, *contained))
        assert (word in union) is holds
        assert (word in rest) is not holds


def test_everything_is_left_of_everything_whatever_is_read():
    assert lang.ANYTHING.step("a") is lang.ANYTHING
    assert lang.ANYTHING.advance("ab") is lang.ANYTHING
    assert lang.ANYTHING.division() is WHOLE


def test_what_no_text_fails_has_nothing_as_its_opposite():
    wide = ~leaves.prefix("a") | ~leaves.prefix("b")
    assert ~wide is lang.NOTHING
    assert ~lang.NOTHING is lang.ANYTHING
