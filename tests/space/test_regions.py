"""Regions and the questions about them against sets of all requests of a small universe."""

from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from edgelint.space import questions as ask
from edgelint.space import region as regions_module
from edgelint.space.addresses import EVERY_ADDRESS, network
from edgelint.space.language import words
from edgelint.space.limits import Unbounded
from edgelint.space.locator import Locator
from edgelint.space.region import OPAQUE, Box, Coupling, Point, Region, Space, intersection
from edgelint.space.theory import AddressTheory, Axis, TextTheory, ValuesTheory
from edgelint.space.values import ABSENT, PRESENT, some_value

HOST, PATH, HEADER, NIGHT = Axis("host"), Axis("path"), Axis("header", "x"), Axis(OPAQUE, "at night")
VALUES = {HOST: ("a", "b", "c"), PATH: ("/x", "/y", "/z"), HEADER: ((), ("p",), ("q",)), NIGHT: ((), ("true",))}
SPACE = Space(
    {
        "host": TextTheory(words(VALUES[HOST])),
        "path": TextTheory(words(VALUES[PATH])),
        "header": ValuesTheory(words(["p", "q"]), most=1),
        OPAQUE: ValuesTheory(words(["true"]), most=1),
    }
)
UNIVERSE = [dict(zip(VALUES, values, strict=True)) for values in product(*VALUES.values())]
EVERY = frozenset(range(len(UNIVERSE)))


class Sample:
    """A region, and the numbers of its members worked out from the sets of values it was made of."""

    def __init__(self, region, members):
        self.region = region
        self.members = members

    def __repr__(self):
        return f"{[box.constraints for box in self.region.boxes]}"


def chosen(axis, values):
    """The constraint that exactly some values satisfy."""
    if axis in (HOST, PATH):
        return words(values)
    present = some_value(words([text for value in values for text in value]))
    return present | ABSENT if () in values else present


def sample(drawn):
    """The union of some boxes, each drawn as values by axis."""
    boxes = tuple(Box(SPACE, {axis: chosen(axis, values) for axis, values in box.items()}) for box in drawn)
    members = {
        number
        for number, request in enumerate(UNIVERSE)
        if any(all(request[axis] in values for axis, values in box.items()) for box in drawn)
    }
    return Sample(Region(SPACE, boxes), frozenset(members))


def unions(*axes):
    some = {axis: st.sets(st.sampled_from(VALUES[axis]), min_size=1) for axis in axes}
    return st.lists(st.fixed_dictionaries({}, optional=some), max_size=3).map(sample)


plain, opaque = unions(HOST, PATH, HEADER), unions(HOST, PATH, HEADER, NIGHT)


def points():
    return [Point(SPACE, dict(request)) for request in UNIVERSE]


def members(region):
    return frozenset(number for number, point in enumerate(points()) if point in region)


def number(point):
    """The number of a request; where an axis says nothing any will do."""
    return next(
        place for place, request in enumerate(UNIVERSE) if all(point[axis] == request[axis] for axis in request)
    )


@given(opaque, opaque)
def test_the_operators_are_those_of_sets(one, other):
    assert members(one.region) == one.members
    assert members(one.region & other.region) == one.members & other.members
    assert members(one.region | other.region) == one.members | other.members
    assert members(one.region - other.region) == one.members - other.members
    assert members(~one.region) == EVERY - one.members


@given(st.lists(opaque, min_size=1, max_size=4))
def test_the_intersection_of_many_is_that_of_all(many):
    found = intersection([one.region for one in many])
    assert members(found) == EVERY.intersection(*(one.members for one in many))


@given(opaque)
def test_equal_regions_are_equal_and_have_one_hash(one):
    again = Region(SPACE, one.region.boxes)
    assert one.region == again
    assert hash(one.region) == hash(again)
    assert one.region != "region"


@given(opaque)
def test_a_solid_region_takes_what_is_opaque_as_met(one):
    day = frozenset(place for place, request in enumerate(UNIVERSE) if request[NIGHT] == ())
    found = members(one.region.solid())
    assert found >= one.members
    assert {place ^ 1 for place in found} == found  # night and day stand side by side, and make no difference any more
    assert one.region.opaque() == (("at night",) if any(box.opaque for box in one.region.boxes) else ())
    assert day


@given(plain)
def test_the_axes_of_a_region_are_those_it_speaks_of(one):
    assert set(one.region.axes()) == {axis for box in one.region.boxes for axis in box.constraints}


def certain(answer, truth):
    """Without opaque conditions an answer is yes with a member, or no."""
    assert answer.yes == bool(truth)
    assert answer.no == (not truth)
    if answer.yes:
        assert number(answer.point) in truth


@given(plain, plain, st.lists(plain, max_size=3))
def test_questions_are_answered_as_sets_answer_them(one, other, more):
    certain(ask.member(one.region), one.members)
    certain(ask.overlap(one.region, other.region), one.members & other.members)
    assert ask.meets(one.region, other.region) is bool(one.members & other.members)
    certain(ask.missing(one.region), EVERY - one.members)
    certain(ask.differing(one.region, other.region), one.members ^ other.members)
    assert [answer.yes for answer in ask.touched(one.region, [part.region for part in more])] == [
        bool(one.members & part.members) for part in more
    ]
    values = {UNIVERSE[place][HOST] for place in one.members}
    assert {host for host in VALUES[HOST] if host in ask.projection(one.region, HOST)} == values


@given(plain, st.lists(plain, max_size=4))
def test_a_union_covers_what_lies_in_its_parts(one, parts):
    left = one.members.difference(*(part.members for part in parts))
    many = [part.region for part in parts]
    cover = ask.outside(one.region, many)
    certain(cover.answer, left)
    assert ask.covers(many, one.region) is not left
    if not left:
        assert one.members <= frozenset().union(*(parts[place].members for place in cover.used))
        few = ask.minimal(one.region, many)
        assert one.members <= frozenset().union(*(parts[place].members for place in few)) or not one.members
        for place in few if len(few) > 1 else ():
            assert one.members - frozenset().union(*(parts[rest].members for rest in few if rest != place))


@given(plain, st.lists(plain, max_size=4))
def test_the_largest_part_holds_the_shares_of_most(one, parts):
    shares = {place: one.members & part.members for place, part in enumerate(parts) if one.members & part.members}
    held = {place: sum(other <= mine for other in shares.values()) for place, mine in shares.items()}
    found = ask.largest(one.region, [part.region for part in parts])
    assert found == max(held, key=lambda place: (held[place], -place), default=None)


@given(opaque, st.lists(opaque, max_size=3))
def test_what_rests_on_opaque_conditions_is_never_taken_for_certain(one, parts):
    """Certain is what holds by night and by day: a request counts when both of its sides do."""
    surely = frozenset(place for place in one.members if place ^ 1 in one.members)
    found = ask.member(one.region)
    assert not found.yes or number(found.point) in surely
    assert found.no == (not one.members)
    assert found.yes or found.no or found.reason == "it depends on `at night`"
    rest = one.members.difference(*(part.members for part in parts))
    cover = ask.outside(one.region, [part.region for part in parts]).answer
    if cover.yes:
        place = number(cover.point)
        assert {place, place ^ 1} <= rest
    if cover.no:
        assert not rest
    known = ask.meets(one.region, one.region)
    assert known is None or known is bool(one.members)


@given(plain, st.lists(plain, max_size=2), st.lists(plain, max_size=3), st.data())
def test_several_kinds_of_parts_are_one_union(one, few, many, data):
    owners = sorted(data.draw(st.lists(st.integers(0, 5), min_size=len(many), max_size=len(many))))
    owned = [(owner, box) for owner, part in zip(owners, many, strict=True) for box in part.region.boxes]
    wanted = data.draw(st.sets(st.integers(0, 5)))
    locator = Locator([box for _, box in owned], [owner for owner, _ in owned])
    parts = ask.Several(ask.listed([part.region for part in few]), locator.owned(wanted))
    taken = [part.members for owner, part in zip(owners, many, strict=True) if owner in wanted]
    left = one.members.difference(*(part.members for part in few), *taken)
    certain(ask.outside(one.region, parts).answer, left)
    certain(ask.outside(one.region, parts.solid()).answer, left)


@given(plain, plain, st.integers(0, len(UNIVERSE) - 1))
def test_a_box_falls_apart_around_what_both_share(one, other, place):
    for mine, theirs in product(one.region.boxes, other.region.boxes):
        point = points()[place]
        assume(point in mine and point in theirs)
        pieces = list(mine.minus(theirs, meeting=True))
        assert members(Region(SPACE, tuple(pieces))) == members(Region(SPACE, (mine,)) - Region(SPACE, (theirs,)))


def test_a_point_is_read_as_a_mapping():
    point = Point(SPACE, {HOST: "a"})
    assert point[PATH] == "/x"
    assert dict(point) == {HOST: "a", PATH: "/x"}
    assert len(point) == 2


# Bounds


def test_a_union_in_too_many_pieces_is_not_decided(monkeypatch):
    monkeypatch.setattr(ask, "CUTS", 2)
    halves = [Region(SPACE, (Box(SPACE, {HOST: words([host])}),)) for host in VALUES[HOST]]
    assert ask.outside(SPACE.everything, halves).answer.reason == "a union of regions has too many pieces"
    assert not ask.covers(halves, SPACE.everything)


def test_a_region_of_too_many_boxes_is_not_made(monkeypatch):
    monkeypatch.setattr(regions_module, "BOXES", 2)
    cells = [
        Box(SPACE, {HOST: words([host]), PATH: words([path])}) for host, path in (("a", "/x"), ("b", "/y"), ("c", "/z"))
    ]
    with pytest.raises(Unbounded, match="too many alternatives"):
        Region(SPACE, tuple(cells[:2])) | Region(SPACE, tuple(cells[2:]))
    assert (
        ask.overlap(Region(SPACE, tuple(cells)), SPACE.everything).reason
        == "a match expression has too many alternatives"
    )


def test_boxes_are_joined_only_where_that_is_little_work(monkeypatch):
    halves = [Region(SPACE, (Box(SPACE, {HOST: words([host])}),)) for host in ("a", "b")]
    assert len((halves[0] | halves[1]).boxes) == 1
    monkeypatch.setattr(regions_module, "JOINS", 1)
    assert len((halves[0] | halves[1]).boxes) == 2


def test_few_networks_file_a_set_of_addresses_and_many_do_not():
    theory = AddressTheory()
    assert theory.affixes(network("10.0.0.0/8") & EVERY_ADDRESS) == (("400001010",),)
    scattered = network("10.0.0.1/32")
    for last in range(3, 600, 2):
        scattered |= network(f"10.0.{last // 256}.{last % 256}/32")
    assert theory.affixes(scattered) == (("",),)


# Coupled axes

WHOLE, PART = Axis("header", "cookie"), Axis("cookie", "k")


def written(pairs):
    return "; ".join(f"{name}={value}" for name, value in pairs)


def read(values):
    return dict(pair.split("=", 1) for value in values for pair in value.split("; ") if "=" in pair)


COUPLED = Space(
    {"header": ValuesTheory(words(["k=p", "k=q", "rest"])), "cookie": ValuesTheory(words(["p", "q"]), most=1)},
    Coupling(WHOLE, "cookie", written, read),
)


def coupled(**constraints):
    found = {WHOLE: constraints.get("whole"), PART: constraints.get("part")}
    return Box(COUPLED, {axis: constraint for axis, constraint in found.items() if constraint is not None})


def test_a_present_part_makes_the_whole_present():
    point = coupled(part=some_value(words(["q"]))).member()
    assert point[WHOLE] == ("k=q",)
    assert point[PART] == ("q",)
    assert Point(COUPLED, {})[PART] == ()


def test_a_part_of_nothing_is_absent():
    assert coupled(whole=ABSENT, part=PRESENT).member() is None
    assert coupled(whole=ABSENT, part=ABSENT).member()[PART] == ()
    assert coupled(part=ABSENT).member()[PART] == ()
    nothing = Region(COUPLED, (coupled(whole=ABSENT, part=PRESENT),))
    assert ask.member(nothing).no
    assert ask.outside(nothing, []).answer.no


def test_what_whole_and_part_ask_for_together_may_be_open():
    box = coupled(whole=some_value(words(["rest"])), part=some_value(words(["p"])))
    with pytest.raises(Unbounded, match="tested together"):
        box.member()
    region = Region(COUPLED, (box,))
    assert ask.member(region).reason
    assert not ask.member(region).no
    assert ask.meets(region, COUPLED.everything) is None
    assert ask.member(Region(COUPLED, (box, coupled(part=PRESENT)))).yes
    assert ask.outside(region, []).answer.reason
    assert "p" in [text for text in ("p", "q") if (text,) in ask.projection(region, PART)]
    assert ask.largest(COUPLED.everything, [region]) in (None, 0)


def test_a_box_without_one_it_does_not_meet_is_left_whole():
    one, other = Box(SPACE, {HOST: words(["a"]), PATH: words(["/x"])}), Box(SPACE, {HOST: words(["b"])})
    assert Region(SPACE, tuple(one.minus(other))) == Region(SPACE, (one,))


def test_a_member_is_named_though_it_rests_on_what_is_opaque():
    night = Box(SPACE, {HOST: words(["a"]), NIGHT: PRESENT})
    rests = ask.member(Region(SPACE, (night,)))
    assert not rests.yes
    assert not rests.no
    assert rests.point[HOST] == "a"
    sure = ask.member(Region(SPACE, (night, Box(SPACE, {HOST: words(["b"])}))))
    assert sure.yes
    assert sure.point[HOST] == "b"
