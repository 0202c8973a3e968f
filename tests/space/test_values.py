"""Sets of value lists against their definition, over every short list of a few strings."""

import itertools
from functools import reduce
from operator import or_

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgelint.space import language as lang
from edgelint.space import leaves
from edgelint.space import values as val
from edgelint.space.limits import Unbounded

STRINGS = ("", "a", "b", "ab")
LISTS = [tuple(found) for size in range(4) for found in itertools.product(STRINGS, repeat=size)]
DOMAIN = lang.words(STRINGS)

languages = st.lists(st.sampled_from(STRINGS), max_size=3).map(lang.words)
basic = st.one_of(
    st.just((val.PRESENT, bool)),
    st.just((val.ABSENT, lambda found: not found)),
    languages.map(lambda language: (val.some_value(language), lambda found: any(one in language for one in found))),
    st.tuples(st.integers(0, 2), languages).map(
        lambda at: (val.value_at(*at), lambda found: len(found) > at[0] and found[at[0]] in at[1])
    ),
    st.tuples(st.integers(0, 3), st.integers(0, 3)).map(
        lambda ends: (val.sized(*ends), lambda found: ends[0] <= len(found) <= ends[1])
    ),
)
sets = st.recursive(
    basic,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda two: (two[0][0] & two[1][0], lambda f: two[0][1](f) and two[1][1](f))),
        st.tuples(inner, inner).map(lambda two: (two[0][0] | two[1][0], lambda f: two[0][1](f) or two[1][1](f))),
        inner.map(lambda one: (~one[0], lambda f: not one[1](f))),
    ),
    max_leaves=5,
)


@given(sets)
def test_a_set_of_lists_holds_exactly_the_lists_its_formula_describes(pair):
    values, holds = pair
    assert [found for found in LISTS if found in values] == [found for found in LISTS if holds(found)]


@given(sets)
def test_a_member_is_in_the_set_and_none_is_found_only_where_there_is_none(pair):
    values, holds = pair
    found = values.member(DOMAIN)
    if found is None:
        assert not any(holds(one) for one in LISTS)
    else:
        assert found in values
        assert all(value in DOMAIN for value in found)


@given(sets)
def test_shapes_that_no_list_has_are_left_out_without_a_change(pair):
    values, holds = pair
    found = values.possible(DOMAIN)
    assert [one for one in LISTS if one in found] == [one for one in LISTS if holds(one)]
    assert all(shape.slots(DOMAIN) is not None for shape in found.shapes)


def test_what_is_denied_twice_is_as_it_was():
    only = ~val.some_value(lang.words(["a"]))  # every value is another one
    assert [found for found in LISTS if found in ~~only] == [found for found in LISTS if "a" not in found]
    assert [found for found in LISTS if found in ~only] == [found for found in LISTS if "a" in found]


def test_two_demands_may_be_met_by_two_values_but_not_by_one():
    both = val.some_value(lang.words(["a"])) & val.some_value(lang.words(["b"]))
    assert sorted(both.member(DOMAIN)) == ["a", "b"]
    assert (both & val.sized(1, 1)).member(DOMAIN) is None


def test_nothing_can_be_demanded_that_is_forbidden_for_every_value():
    assert (val.some_value(lang.words(["a"])) & ~val.some_value(leaves.prefix("a"))).member(DOMAIN) is None


def test_a_value_shown_to_people_is_not_empty_where_that_can_be_helped():
    assert val.PRESENT.member(DOMAIN) == ("a",)


def test_too_many_demands_on_few_values_end_in_a_reason():
    demands = val.sized(0, 6)
    for letter in "cdefghijk":
        demands &= val.some_value(leaves.substring(letter))
    hopeless = demands & ~val.some_value(leaves.length(2, None))
    with pytest.raises(Unbounded, match="too many conditions"):
        hopeless.member(lang.ANYTHING)


def test_no_list_has_more_values_than_its_length():
    assert val.sized(2, 1).member(DOMAIN) is None


def test_demands_share_few_values_where_taking_the_first_that_fits_would_not_do():
    demands = [lang.words(words) for words in (["pp", "qq"], ["qq", "rr"], ["pp"], ["rr"])]
    found = val.sized(0, 2)
    for demand in demands:
        found &= val.some_value(demand)
    assert found.member(lang.words(["pp", "qq", "rr"])) == ("pp", "rr")


@pytest.mark.parametrize("values", [val.sized(10**9, None), val.value_at(10**9 - 1, lang.words(["a"]))])
def test_a_list_that_would_be_too_long_to_show_ends_in_a_reason(values):
    with pytest.raises(Unbounded, match="at least 1000000000 values"):
        values.member(DOMAIN)


def test_too_many_alternatives_end_in_a_reason():
    alternatives = [val.value_at(position, leaves.suffix("x")) for position in range(1, val.SHAPES + 2)]
    with pytest.raises(Unbounded, match="too many alternative"):
        reduce(or_, alternatives)


def test_what_is_not_of_a_length_is_shorter_or_longer():
    bounded = ~(val.PRESENT & val.sized(2, 2))
    assert [found for found in LISTS if found in bounded] == [found for found in LISTS if len(found) != 2]
