"""The locator against trying every box, on random boxes over a small space."""

from hypothesis import given
from hypothesis import strategies as st

from box_samples import SPACE, boxes
from edgelint.space.language import words
from edgelint.space.locator import Locator
from edgelint.space.region import OPAQUE, Box, Point
from edgelint.space.theory import Axis
from edgelint.space.values import PRESENT

OPEN = Axis(OPAQUE, "at night")
opened = st.tuples(boxes, st.booleans()).map(
    lambda pair: Box(SPACE, pair[0].constraints | {OPEN: PRESENT}) if pair[1] else pair[0]
)


@given(st.lists(opened, min_size=1, max_size=12), boxes, st.data())
def test_the_first_box_that_holds_a_request_is_found(many, box, data):
    point = box.member()
    if point is None:
        return
    owners = sorted(data.draw(st.lists(st.integers(0, 9), min_size=len(many), max_size=len(many))))
    limit = data.draw(st.integers(0, 10))
    before = [(owner, one) for owner, one in zip(owners, many, strict=True) if owner < limit]
    parts = Locator(many, owners).before(limit)
    wanted = data.draw(st.sets(st.integers(0, 9)))
    held = [owner for owner, one in zip(owners, many, strict=True) if owner in wanted and point in one]
    assert owner_of(Locator(many, owners).owned(wanted).holder(point), point) == min(held, default=None)
    sure = [owner for owner, one in before if point in one]
    assert owner_of(parts.holder(point), point) == min(sure, default=None)
    hoped = [(owner, one) for owner, one in before if point in one.solid()]
    assert owner_of(parts.solid().holder(point), point) == min((owner for owner, _ in hoped), default=None)
    assert parts.doubts(point) == (("at night",) if any(one.opaque for _, one in hoped) else ())


def test_what_would_have_to_be_met_is_told_for_owners_in_question_only():
    many = [Box(SPACE, {Axis("path"): words([path]), OPEN: PRESENT}) for path in ("/a", "/b", "/a")]
    locator, point = Locator(many, [0, 1, 2]), Point(SPACE, {Axis("path"): "/a"})
    assert locator.owned({0, 1}).holder(point) is None
    assert locator.owned({0, 1}).doubts(point) == ("at night",)
    assert locator.owned({1}).doubts(point) == ()


def owner_of(found, point):
    assert found is None or point in found[1]
    return found and found[0]
