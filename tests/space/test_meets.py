"""Whether regions share a request, without looking for one: against looking for one."""

from hypothesis import given
from hypothesis import strategies as st

from box_samples import SPACE, boxes
from edgelint.space.limits import Unbounded
from edgelint.space.questions import meets, overlap
from edgelint.space.region import Region
from oracles import random_conditions as rnd
from support import facts_of

regions = st.lists(boxes, max_size=3).map(lambda many: Region(SPACE, tuple(many)))
MEANING = facts_of("true").meaning


def agree(one, other):
    answer, found = overlap(one, other), meets(one, other)
    if answer.yes or answer.no:
        assert found is answer.yes
    else:
        assert found is None


@given(regions, regions)
def test_it_is_what_overlap_answers(one, other):
    agree(one, other)


@given(rnd.alternatives(rnd.atoms), rnd.alternatives(rnd.atoms))
def test_also_where_cookies_and_their_header_depend_on_one_another(one, other):
    try:
        first, second = MEANING.true(one), MEANING.true(other)
    except Unbounded:
        return
    agree(first, second)


def test_what_rests_on_a_condition_without_a_model_is_not_decided():
    facts = facts_of('remote_ip.endsWith(":1")', 'path == "/a"', 'path == "/b" && remote_ip.endsWith(":1")')
    opaque, plain, narrow = map(facts.region, facts.policy.rules)
    assert meets(opaque, plain) is None
    assert meets(plain, narrow) is False
    assert meets(plain, plain) is True
