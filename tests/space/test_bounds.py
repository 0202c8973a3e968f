"""What becomes of questions that run into a bound, and of the corners that ordinary policies never touch."""

import pytest

from box_samples import SPACE
from edgelint.space import index as indexes
from edgelint.space import language as lang
from edgelint.space import leaves, search
from edgelint.space.addresses import bits
from edgelint.space.index import Index
from edgelint.space.index import bits as positions
from edgelint.space.limits import WORK, Unbounded
from edgelint.space.questions import Several, listed, outside, projection
from edgelint.space.region import OPAQUE, Box, Region
from edgelint.space.theory import Axis, TextTheory
from edgelint.space.values import PRESENT, some_value

PATH, HOST, HEADER = Axis("path"), Axis("host"), Axis("header", "x")


@pytest.fixture
def starved(monkeypatch):
    """Searches that may look at nothing."""
    monkeypatch.setattr(search, "STEPS", 0)
    monkeypatch.setattr(search, "SHORTEST", 0)


def hard(word):
    """A language nobody has asked about yet."""
    return leaves.pattern(f"^/{word}(a|b)*c.*{word}$")


def test_a_member_that_was_not_found_is_not_looked_for_again(starved):
    theory = TextTheory(leaves.prefix("/"))
    constraint = hard("once")
    for _ in range(2):
        with pytest.raises(Unbounded, match="too many states"):
            theory.member(constraint)


def test_constraints_that_cannot_be_compared_count_as_overlapping(starved):
    one, other = Box(SPACE, {PATH: hard("same")}), Box(SPACE, {PATH: leaves.pattern("^/same[ab]*d.*e$")})
    assert list(positions(Index([one]).overlapping(other))) == [0]


def test_an_index_forgets_answers_when_they_are_too_many(monkeypatch):
    monkeypatch.setattr(indexes, "_REMEMBERED", 0)
    boxes = [Box(SPACE, {PATH: leaves.below_path(f"/{number}")}) for number in range(150)]
    index = Index(boxes)
    assert [list(positions(index.overlapping(box))) for box in boxes] == [[number] for number in range(150)]


def test_a_projection_keeps_what_may_be_empty(starved):
    region = Region(SPACE, (Box(SPACE, {PATH: hard("kept")}),))
    assert projection(region, PATH) is region.boxes[0].constraints[PATH]


def test_a_projection_leaves_out_what_is_empty():
    region = Region(SPACE, (Box(SPACE, {HOST: lang.NOTHING}), Box(SPACE, {PATH: leaves.below_path("/a")})))
    assert projection(region, PATH) is leaves.below_path("/a")


def test_a_box_without_a_member_has_none():
    assert Box(SPACE, {HOST: lang.NOTHING}).member() is None


def test_equal_regions_are_one_key():
    one, other = (SPACE.region(PATH, leaves.below_path("/a")) for _ in range(2))
    assert {one: 1}[other] == 1


def test_languages_without_a_common_member_are_incompatible_even_when_one_is_empty():
    theory = TextTheory(leaves.pattern("^[a-z]*$"))
    assert not theory.compatible(leaves.pattern("^[0-9]a*$"), leaves.pattern("^[a-z]b*$"))


def test_everything_goes_on_as_everything():
    assert lang.ANYTHING.advance("abc") is lang.ANYTHING


def test_a_text_that_is_no_address_has_no_bits():
    assert bits("nobody") == ""


def test_lists_are_not_filed():
    theory = SPACE.theory(HEADER)
    assert theory.spelled(("a",)) == theory.affixes(some_value(lang.words(["a"]))) == ()


def test_parts_of_several_kinds_are_one_union_opaque_conditions_included():
    night = SPACE.region(Axis(OPAQUE, "at night"), PRESENT)
    one, other = (SPACE.region(PATH, leaves.below_path(path)) for path in ("/a", "/b"))
    whole = SPACE.region(PATH, lang.words(["/a", "/b"]))
    assert outside(whole, Several(listed([one]), listed([other]))).answer.no
    open_part = outside(whole, Several(listed([one]), listed([other & night]))).answer
    assert "at night" in open_part.reason


def test_an_allowance_ends_what_goes_on_too_long_and_nothing_after_it():
    with WORK.allowance(10):
        WORK.spend(10)
        assert not WORK.exhausted
        with pytest.raises(Unbounded, match="too hard to analyse"):
            WORK.spend(1)
        assert WORK.exhausted
    WORK.spend(1)
