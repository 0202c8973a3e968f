"""Divisions of the characters, against looking each character up."""

from bisect import bisect_right

from hypothesis import given
from hypothesis import strategies as st

from edgelint.space.division import (
    LAST_CODE_POINT,
    NOWHERE,
    WHOLE,
    Division,
    apart,
    crossed,
    readability,
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


def kind(division, character):
    return division.kinds[bisect_right(division.starts, ord(character)) - 1]


@given(st.dictionaries(CHARACTERS, KINDS), KINDS)
def test_characters_set_apart_are_of_their_kind(kinds, rest):
    division = apart(kinds, rest)
    assert all(kind(division, character) == kinds.get(character, rest) for character in PROBES)


@given(st.lists(DIVISIONS, min_size=1, max_size=3), st.booleans())
def test_a_crossed_division_tells_apart_what_any_of_its_parts_does(divisions, every):
    found = crossed(divisions, every=every)
    for one in PROBES:
        kinds = [kind(division, one) for division in divisions]
        assert (kind(found, one) == NOWHERE) == (any if every else all)(each == NOWHERE for each in kinds)
        for other in PROBES:
            if NOWHERE not in (kind(found, one), kind(found, other)):
                alike = [kind(division, other) for division in divisions] == kinds
                assert (kind(found, one) == kind(found, other)) == alike


@given(DIVISIONS)
def test_in_a_turned_division_every_character_leads_somewhere_and_the_same_ones_are_alike(division):
    found = turned(division)
    assert NOWHERE not in found.kinds
    for one in PROBES:
        for other in PROBES:
            assert (kind(found, one) == kind(found, other)) == (kind(division, one) == kind(division, other))


@given(DIVISIONS)
def test_each_kind_is_represented_by_its_most_readable_character(division):
    found = representatives(division)
    assert [kind(division, character) for character in found] == list(dict.fromkeys(kind(division, c) for c in found))
    assert {kind(division, character) for character in found} == set(division.kinds) - {NOWHERE}
    assert list(found) == sorted(found, key=readability)
    for character in found:
        rivals = [probe for probe in PROBES if kind(division, probe) == kind(division, character)]
        assert all(readability(character) <= readability(rival) for rival in rivals if rival.isascii())


def test_surrogates_alone_are_not_represented():
    assert representatives(Division((0, 0xD800, 0xE000), (NOWHERE, 1, NOWHERE))) == ()
    assert representatives(Division((0, 0xD800), (NOWHERE, 1))) == ("\ue000",)
    assert representatives(WHOLE) == ("a",)


def test_what_is_in_no_range_leads_nowhere():
    assert sets([]) == Division((0,), (NOWHERE,))
    assert sets([(5, LAST_CODE_POINT, 2), (0, 3, 1)]) == Division((0, 4, 5), (1, NOWHERE, 2))
