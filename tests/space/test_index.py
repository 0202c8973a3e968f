"""The index of boxes against asking about every pair, on random boxes over a small space."""

from hypothesis import given
from hypothesis import strategies as st

from box_samples import boxes
from edgelint.space.index import Index, bits


def meets(box, other):
    met = box.meet(other)
    return met is not None and met.member() is not None


@given(st.lists(boxes, min_size=1, max_size=12), boxes)
def test_the_index_names_exactly_the_boxes_that_share_a_request(many, box):
    together = [position for position, other in enumerate(many) if meets(box, other)]
    index = Index(many)
    assert list(bits(index.overlapping(box))) == together
    assert list(bits(index.overlapping(box))) == together  # by what was found before
