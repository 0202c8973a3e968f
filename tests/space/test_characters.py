"""Laws of sets of characters, against plain sets of code points."""

import copy
import pickle
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgelint.space.characters import EVERYTHING, LAST, NOTHING, Characters, partition

EDGES = [0, 1, 2, 0x40, 0x41, 0x5A, 0x61, 0x7A, 0x7F, 0xD7FE, 0xD7FF, 0xD800, 0xDFFF, 0xE000, 0xE001, LAST - 1, LAST]
POINTS = st.one_of(st.sampled_from(EDGES), st.integers(0, 0x80))
RANGES = st.lists(st.tuples(POINTS, POINTS).map(sorted).map(tuple), max_size=5)
SETS = RANGES.map(Characters)
WORLD = [chr(point) for point in sorted({*range(0x82), *EDGES}) if not 0xD800 <= point <= 0xDFFF]


def members(characters):
    return {character for character in WORLD if character in characters}


@given(RANGES)
def test_a_set_holds_the_characters_of_its_ranges_and_no_other(ranges):
    expected = {character for character in WORLD if any(low <= ord(character) <= high for low, high in ranges)}
    assert members(Characters(ranges)) == expected


@given(SETS)
def test_ranges_are_sorted_apart_and_free_of_surrogates(characters):
    flat = [edge for pair in characters for edge in pair]
    assert flat == sorted(flat)
    gaps = [(left[1], right[0]) for left, right in pairwise(characters)]
    assert all(end + 1 < start for end, start in gaps)
    assert not any(low <= 0xDFFF and high >= 0xD800 for low, high in characters)


@given(SETS, SETS)
def test_operators_are_those_of_sets(one, other):
    assert members(one | other) == members(one) | members(other)
    assert members(one & other) == members(one) & members(other)
    assert members(one - other) == members(one) - members(other)
    assert members(~one) == set(WORLD) - members(one)


@given(SETS, SETS)
def test_equal_sets_are_one_object(one, other):
    assert one | other is other | one
    assert ~(one & other) is ~one | ~other
    assert one - other is one & ~other
    assert ~~one is one
    assert hash(one | other) == hash(other | one)


@given(SETS)
def test_copies_of_a_set_are_the_set(characters):
    assert copy.deepcopy(characters) is characters
    assert pickle.loads(pickle.dumps(characters)) is characters


@given(SETS)
def test_only_the_empty_set_is_false(characters):
    assert bool(characters) == (characters is not NOTHING)


def test_everything_leaves_out_surrogates():
    assert list(EVERYTHING) == [(0, 0xD7FF), (0xE000, LAST)]
    assert Characters([(0xD800, 0xDFFF)]) is NOTHING
    assert "\ud800" not in EVERYTHING


def test_a_set_cannot_be_changed():
    with pytest.raises(AttributeError):
        EVERYTHING.ranges = ()


@given(SETS.filter(bool))
def test_smallest_and_readable_are_members(characters):
    assert characters.smallest() == min(members(characters) or {characters.smallest()})
    assert characters.readable() in characters


@pytest.mark.parametrize(
    ("characters", "expected"),
    [
        (EVERYTHING, "a"),
        (Characters.of("Z9-"), "9"),
        (Characters.of("Z/_.-"), "-"),
        (Characters.of("/_."), "."),
        (Characters.of("!Z/"), "/"),
        (Characters.of(" !Z"), "Z"),
        (Characters.of(" !é"), "!"),
        (Characters.of("\x00 é"), " "),
        (Characters.of("\x00\x85é"), "é"),
        (Characters.of("\x01\x85"), "\x01"),
    ],
)
def test_a_readable_member_is_preferred(characters, expected):
    assert characters.readable() == expected


@given(st.lists(SETS, max_size=5))
def test_a_partition_is_the_coarsest_that_keeps_to_the_sets(sets):
    marks = {}
    for index, characters in enumerate(sets):
        marks[characters] = marks.get(characters, 0) | 1 << index
    classes = partition(marks)
    assert [pair[0].smallest() for pair in classes] == sorted(pair[0].smallest() for pair in classes)
    assert len({mark for _, mark in classes}) == len(classes)
    for character in WORLD:
        expected = sum(1 << index for index, characters in enumerate(sets) if character in characters)
        assert [mark for characters, mark in classes if character in characters] == [expected]
