"""Divisions of the characters, against looking each character up."""

from hypothesis import given
from hypothesis import strategies as st

from edgelint.space.division import (
    LAST_CODE_POINT,
    NOWHERE,
    WHOLE,
    apart,
    crossed,
    readability,
    renamed,
    representatives,
    sets,
    turned,
)

CHARACTERS = st.sampled_from("\0abz/~é\ud7ff\ue000\U0010ffff")
KINDS = st.integers(NOWHERE, 3)
DIVISIONS = st.builds(apart, st.dictionaries(CHARACTERS, KINDS), KINDS)
PROBES = [
    chr(point)
    for character in "\0abz/~é\ud7ff\ue000\U0010ffff"
    for point in (max(ord(character) - 1, 0), ord(character), min(ord(character) + 1, LAST_CODE_POINT))
]


@given(st.dictionaries(CHARACTERS, KINDS), KINDS)
def test_characters_set_apart_are_of_their_kind(kinds, rest):
    division = apart(kinds, rest)
    assert all(division.kind(character) == kinds.get(character, rest) for character in PROBES)


@given(st.lists(DIVISIONS, min_size=1, max_size=3), st.booleans())
def test_a_crossed_division_tells_apart_what_any_of_its_parts_does(divisions, every):
    found = crossed(tuple(divisions), every=every)
    for one in PROBES:
        kinds = [division.kind(one) for division in divisions]
        assert (found.kind(one) == NOWHERE) == (any if every else all)(each == NOWHERE for each in kinds)
        for other in PROBES:
            if NOWHERE not in (found.kind(one), found.kind(other)):
                alike = [division.kind(other) for division in divisions] == kinds
                assert (found.kind(one) == found.kind(other)) == alike


@given(DIVISIONS)
def test_in_a_turned_division_every_character_leads_somewhere_and_the_same_ones_are_alike(division):
    found = turned(division)
    for one in PROBES:
        assert found.kind(one) != NOWHERE
        for other in PROBES:
            assert (found.kind(one) == found.kind(other)) == (division.kind(one) == division.kind(other))


@given(DIVISIONS, st.lists(KINDS, min_size=6, max_size=6))
def test_a_renamed_division_has_the_kinds_that_are_given_for_its_own(division, kinds):
    whole = turned(division)
    assert all(renamed(whole, kinds).kind(character) == kinds[whole.kind(character)] for character in PROBES)


@given(st.lists(DIVISIONS, min_size=1, max_size=3).map(frozenset))
def test_what_is_not_told_apart_is_represented_by_its_most_readable_character(divisions):
    def kinds(character):
        return tuple(division.kind(character) for division in divisions)

    found = representatives(divisions)
    assert len(set(map(kinds, found))) == len(found)
    assert set(map(kinds, found)) >= {row for row in map(kinds, PROBES) if NOWHERE not in row}
    assert list(found) == sorted(found, key=readability)
    for character in found:
        assert NOWHERE not in kinds(character)
        rivals = [probe for probe in PROBES if probe.isascii() and kinds(probe) == kinds(character)]
        assert all(readability(character) <= readability(rival) for rival in rivals)


def test_surrogates_alone_are_not_represented():
    assert representatives(frozenset([sets([(0xD800, 0xDFFF, 1)])])) == ()
    assert representatives(frozenset([sets([(0xD800, 0xE001, 1)])])) == ("\ue000",)
    assert representatives(frozenset([WHOLE])) == ("a",)


def test_what_is_in_no_range_leads_nowhere():
    assert all(sets([]).kind(character) == NOWHERE for character in PROBES)
    division = sets([(5, LAST_CODE_POINT, 2), (0, 3, 1)])
    assert [division.kind(chr(point)) for point in (0, 3, 4, 5, 200, LAST_CODE_POINT)] == [1, 1, NOWHERE, 2, 2, 2]


def test_equal_divisions_are_one():
    assert apart({"a": 1}, 0) is apart({"a": 1, "b": 0}, 0)
    assert sets([(0, LAST_CODE_POINT, 0)]) is WHOLE
