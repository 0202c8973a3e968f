"""The index of boxes against asking about every pair, on random boxes over a small space."""

from hypothesis import given
from hypothesis import strategies as st

from box_samples import SPACE, boxes
from edgelint.space import leaves
from edgelint.space.index import Index, bits
from edgelint.space.language import words
from edgelint.space.region import Box
from edgelint.space.theory import Axis


def meets(box, other):
    met = box.meet(other)
    return met is not None and met.member() is not None


@given(st.lists(boxes, min_size=1, max_size=12), boxes)
def test_the_index_names_exactly_the_boxes_that_share_a_request(many, box):
    together = [position for position, other in enumerate(many) if meets(box, other)]
    index = Index(many)
    assert list(bits(index.overlapping(box))) == together
    assert list(bits(index.overlapping(box))) == together  # by what was found before


def test_boxes_are_all_named_where_nothing_is_said_of_what_they_speak_of():
    many = [Box(SPACE, {Axis("path"): leaves.prefix(text)}) for text in ("/a", "/b")]
    asked = Box(SPACE, {Axis("host"): leaves.suffix(".x"), Axis("path"): leaves.prefix("/")})
    assert list(bits(Index(many).overlapping(asked))) == [0, 1]


def test_no_further_axis_is_asked_once_no_box_is_left():
    many = [Box(SPACE, {Axis("host"): words(["a.x"]), Axis("path"): leaves.prefix("/a")})]
    asked = Box(SPACE, {Axis("host"): words(["b.x"]), Axis("path"): leaves.prefix("/a")})
    assert list(bits(Index(many).overlapping(asked))) == []
