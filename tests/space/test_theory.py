"""What axes answer about their constraints, where looking at every value is possible, and rare values of a domain."""

from hypothesis import given
from hypothesis import strategies as st

from edgelint.space import language as lang
from edgelint.space import leaves
from edgelint.space.language import words
from edgelint.space.theory import Rare, TextTheory

USUAL = ("", "a", "b", "ab", "ba", "abb", "x/a", "x/b", "x/ab")
RARE = ("a:", "b:b", "x/:")
pieces = st.sampled_from(
    [
        leaves.prefix("a"),
        leaves.prefix("x/"),
        leaves.prefix("b:"),
        leaves.suffix("b"),
        leaves.suffix(":"),
        leaves.substring("b"),
        leaves.below_path("x"),
        leaves.length(1, 2),
        leaves.pattern("^a+b*$"),
        words(["a", "ab", "b:b", "c"]),
        words(["b:b", "c:"]),
        words([""]),
    ]
)
constraints = st.recursive(
    pieces,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda pair: pair[0] & pair[1]),
        st.tuples(inner, inner).map(lambda pair: pair[0] | pair[1]),
        inner.map(lambda one: ~one),
    ),
    max_leaves=4,
)
theories = st.sampled_from([(), ("ab", "nowhere"), ("x/a",)]).map(
    lambda samples: TextTheory(words(USUAL), samples, Rare(":", lambda: words(RARE)))
)


@given(theories, constraints, constraints)
def test_questions_about_texts_are_answered_as_looking_at_each_does(theory, one, other):
    values = [text for text in (*USUAL, *RARE) if text in one]
    assert theory.vacant(one) == (not values)
    found = theory.member(one)
    assert found in values if values else found is None
    assert theory.compatible(one, other) == any(text in other for text in values)
    assert {text for text in (*USUAL, *RARE, "c", "c:") if theory.admits(text)} == {*USUAL, *RARE}


@given(theories, constraints)
def test_usual_values_are_preferred_and_samples_before_all(theory, one):
    found, usual = theory.member(one), [text for text in USUAL if text in one]
    samples = [text for text in theory.samples if text in one]
    if samples:
        assert found == samples[0]
    elif usual:
        assert found in usual
        assert found or usual == [""]  # an empty value says little


@given(constraints)
def test_members_begin_with_one_of_the_affixes_in_each_spelling(one):
    theory = TextTheory(words(USUAL))
    for texts, place in zip(theory.affixes(one), (0, 1), strict=True):
        for text in USUAL:
            if text in one:
                assert theory.spelled(text)[place].startswith(texts)


def test_a_domain_without_rare_values_never_makes_any():
    theory = TextTheory(leaves.pattern("^[a-z]*$"))
    assert theory.domain == theory.usual
    assert theory.rare is lang.NOTHING
    assert theory.vacant(words(["A"]))
    assert not theory.compatible(leaves.prefix("a"), words(["A"]))


def test_the_domain_holds_rare_values_too():
    theory = TextTheory(words(USUAL), (), Rare(":", lambda: words(RARE)))
    assert {text for text in (*USUAL, *RARE, "c") if text in theory.domain} == {*USUAL, *RARE}


def test_a_common_text_that_no_guess_comes_to_is_searched_for():
    theory = TextTheory(leaves.pattern("^[ab/]*$"))
    choice = leaves.pattern("^a+b$") | leaves.pattern("^b+a$")
    assert theory.compatible(choice, leaves.pattern("^b{3}a*$"))
    assert theory.compatible(leaves.pattern("^b{3}a*$"), choice)
    assert not theory.compatible(choice, leaves.pattern("^b{3}(?:aa)*$"))
    assert theory.compatible(leaves.pattern("^b{4}(?:aaa)+$"), leaves.pattern("^(?:bb)+(?:aa)+$"))
    assert not theory.compatible(leaves.pattern("^b{3}(?:aa)*$"), leaves.pattern("^(?:bb)+a*$"))


def test_a_prefix_goes_on_in_any_part_of_a_choice():
    theory = TextTheory(leaves.pattern("^[ab/]*$"))
    choice = leaves.pattern("/a$") | leaves.pattern("/b+$")
    assert theory.compatible(leaves.prefix("a/b"), choice)
    assert not theory.compatible(leaves.prefix("c"), choice)


def test_what_follows_a_prefix_is_found_among_usual_and_then_among_rare_values():
    theory = TextTheory(words(USUAL), (), Rare(":", lambda: words(RARE)))
    end = leaves.suffix("b")
    assert [theory.compatible(leaves.prefix(text), end) for text in ("x/a", "x/a", "b:", "x/b:")] == [
        True,
        True,
        True,
        False,
    ]
    assert not theory.compatible(leaves.prefix("x/"), leaves.substring("c"))


def test_only_words_with_the_mark_are_looked_for_among_rare_values():
    theory = TextTheory(words(USUAL), (), Rare(":", lambda: words(RARE)))
    assert theory.vacant(words(["c", "d"]))
    assert "rare" not in vars(theory)
    assert not theory.vacant(words(["c", "b:b"]))
