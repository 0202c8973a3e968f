"""Descriptions read back: what is said of a region is the region, or a bound of it on the side that is told."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgelint.facts import Facts
from edgelint.model import expression as ex
from edgelint.readers import read
from edgelint.space.limits import Unbounded
from edgelint.space.questions import differing, outside
from edgelint.space.region import Region
from edgelint.wording import MOST, lines, told
from edgelint.wording.description import describe
from edgelint.wording.minimising import BOXES
from oracles import random_conditions as rnd
from support import FIXTURES, corpus_if_any, facts_of

FACTS = facts_of("true")
SPACE = FACTS.meaning.space
conditions = rnd.alternatives(rnd.atoms) | rnd.alternatives(rnd.atoms).map(ex.Not) | rnd.conditions(rnd.atoms)


def region_of(condition):
    try:
        return FACTS.meaning.true(condition)
    except Unbounded:
        return None


def read_back(facts, alternatives):
    return facts.meaning.true(ex.Or(tuple(one.expression() for one in alternatives)))


def judge(facts, region, description, within):
    """The law of descriptions."""
    told = read_back(facts, description.alternatives)
    if description.exact:
        assert not differing(told & within, region & within).yes
    else:
        assert not outside(told & within, (region,)).answer.yes
    if description.most is not None:
        assert not outside(region & within, (read_back(facts, [description.most]),)).answer.yes


@settings(max_examples=60)
@given(conditions)
def test_an_exact_description_reads_back_as_the_region(condition):
    region = region_of(condition)
    if region is not None:
        judge(FACTS, region, describe(FACTS, region), FACTS.possible)


@settings(max_examples=60)
@given(conditions, conditions)
def test_among_some_requests_it_is_the_region_together_with_what_they_have_in_common(condition, context):
    region, within = region_of(condition), region_of(context)
    if region is not None and within is not None:
        try:
            judge(FACTS, region, describe(FACTS, region, within), within)
        except Unbounded:
            return


@settings(max_examples=60)
@given(conditions, rnd.requests(listener="1"))
def test_an_interpreter_of_conditions_agrees_about_single_requests(condition, request):
    pytest.importorskip("re2", reason="google-re2 comes with the `oracles` dependency group")
    from model_interpreter import holds

    region = region_of(condition)
    if region is None or request.protocol != "https":
        return
    description = describe(FACTS, region)
    if description.exact:
        assert holds(description.expression(), request) is (holds(condition, request) is True)


@pytest.mark.parametrize("folder", sorted((FIXTURES / "deployments").iterdir()), ids=lambda folder: folder.name)
def test_every_rule_of_the_deployments_is_described_exactly(folder):
    (policy,) = read([str(folder)], stdin=bytes).policies
    facts = Facts(policy)
    for rule in policy.rules:
        description = describe(facts, facts.region(rule))
        assert description.exact
        assert differing(facts.meaning.true(description.expression()) & facts.possible, facts.live(rule)).no
        assert lines(facts, facts.region(rule)) == lines(facts, facts.live(rule))


@pytest.mark.slow
def test_so_is_every_rule_of_the_real_exports():
    for policy in read([str(corpus_if_any() or FIXTURES / "examples")], stdin=bytes).policies:
        facts = Facts(policy)
        for rule in policy.rules:
            judge(facts, facts.region(rule), describe(facts, facts.region(rule)), facts.possible)


def pairs(number):
    """A region of so many boxes that cannot be joined."""
    parts = (
        ex.And((ex.Test(ex.HOST, ex.Equals(f"h{at}.test")), ex.Test(ex.PATH, ex.Equals(f"/p{at}"))))
        for at in range(number)
    )
    return FACTS.meaning.true(ex.Or(tuple(parts)))


def test_of_too_many_boxes_some_are_said_and_what_they_all_lie_within():
    few, many = describe(FACTS, pairs(BOXES)), describe(FACTS, pairs(BOXES + 1))
    assert (few.exact, len(few.alternatives)) == (True, BOXES)
    assert (many.exact, len(many.alternatives)) == (False, BOXES)
    judge(FACTS, pairs(BOXES + 1), many, FACTS.possible)
    assert many.most is not None
    assert many.further == 1
    assert lines(FACTS, pairs(BOXES + 1))[-2] == f"and {BOXES + 1 - MOST} more"


def test_of_many_alternatives_the_first_are_told_how_many_there_are_and_what_holds_them_all():
    found = lines(FACTS, pairs(20))
    assert found[0] == "every request to `/p0` at `h0.test`"
    assert found[MOST] == f"and {20 - MOST} more"
    assert found[-1].startswith("all of it is every request to `/p0`, `/p1`, ")
    assert len(found) == MOST + 2
    assert told(describe(FACTS, pairs(20)), {}).bound == "among others"
    assert told(describe(FACTS, pairs(MOST)), {}).bound == "exactly"


def test_a_description_is_empty_only_of_nothing():
    assert describe(FACTS, SPACE.nothing).alternatives == ()
    assert describe(FACTS, SPACE.everything).alternatives[0].conditions == ()


@settings(max_examples=30)
@given(st.lists(conditions, min_size=1, max_size=3))
def test_what_is_said_does_not_depend_on_how_the_boxes_are_ordered(many):
    region = region_of(ex.Or(tuple(many)))
    if region is not None and len(region.boxes) < BOXES:
        turned = Region(SPACE, region.boxes[::-1])
        judge(FACTS, region, describe(FACTS, turned), FACTS.possible)


def test_what_contradicts_itself_is_not_said():
    old = '!headers["x-secret"].exists(v, v == "s")'
    facts = facts_of(old, '!("x-secret" in headers && headers["x-secret"].exists(v, v == "s"))')
    then, now = map(facts.region, facts.policy.rules)
    assert lines(facts, now - then) == ("every request without header `x-secret`",)
