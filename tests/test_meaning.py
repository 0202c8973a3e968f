"""The algebra of regions against a naive evaluator: on random conditions, requests and questions."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgelint.meaning import Meaning
from edgelint.model.expression import And, Not, Or
from edgelint.platforms.p2pstream import P2PSTREAM
from edgelint.space.questions import covers, equal, member, minimal, outside, overlap
from edgelint.space.region import Point
from edgelint.space.theory import Axis
from model_interpreter import holds as evaluate
from strategies import expressions, requests

MEANING = Meaning(P2PSTREAM)
CASES = settings(max_examples=1250, deadline=None)
several = st.lists(requests(), min_size=8, max_size=8)  # with 1,250 conditions: 10,000 cases


def point_of(request):
    """The point of the space that a request is."""
    names = {name for name, _ in request.headers} | {"x-plan", "cookie"}
    values = {Axis("header", name): request.values(name) for name in names}
    values[Axis("query", "q")] = request.parameters("q")
    values[Axis("entry")] = f"{request.listener}/{request.protocol}"
    for kind in ("method", "host", "path", "address"):
        values[Axis(kind)] = getattr(request, kind)
    return Point(MEANING.space, values)


@CASES
@given(expressions, several)
def test_a_request_is_in_the_true_false_or_failing_region_as_it_evaluates(expression, many):
    true, false, fails = MEANING.true(expression), MEANING.false(expression), MEANING.fails(expression)
    for request in many:
        point, verdict = point_of(request), evaluate(expression, request)
        assert (point in true) == (verdict is True)
        assert (point in false) == (verdict is False)
        assert (point in fails) == (verdict is None)


@CASES
@given(expressions, expressions)
def test_a_member_of_an_overlap_satisfies_both_conditions(one, other):
    answer = overlap(MEANING.true(one), MEANING.true(other))
    if answer.yes:
        request = MEANING.request(answer.point)
        assert evaluate(one, request) is True
        assert evaluate(other, request) is True


@CASES
@given(expressions, st.lists(expressions, max_size=3), requests())
def test_a_union_covers_exactly_when_no_request_escapes_it(region, parts, request):
    regions = [MEANING.true(part) for part in parts]
    cover = outside(MEANING.true(region), regions)
    escapes = evaluate(region, request) is True and not any(evaluate(part, request) is True for part in parts)
    if cover.answer.no:
        assert not escapes
        needed = minimal(MEANING.true(region), regions, cover.used)
        assert covers([regions[position] for position in needed], MEANING.true(region))
    elif cover.answer.yes:
        found = MEANING.request(cover.answer.point)
        assert evaluate(region, found) is True
        assert not any(evaluate(part, found) is True for part in parts)


@CASES
@given(expressions, requests())
def test_an_empty_region_has_no_request(expression, request):
    answer = member(MEANING.true(expression))
    if answer.no:
        assert evaluate(expression, request) is not True
    elif answer.yes:
        assert evaluate(expression, MEANING.request(answer.point)) is True


@CASES
@given(expressions, expressions)
def test_rewritings_that_mean_the_same_give_equal_regions(one, other):
    true = MEANING.true
    for first, second in (
        (Not(Not(one)), one),
        (And((one, other)), And((other, one))),
        (Or((one, other)), Or((other, one))),
        (Not(And((one, other))), Or((Not(one), Not(other)))),
    ):
        assert equal(true(first), true(second))


@pytest.mark.slow
@settings(max_examples=8_000, deadline=None)
@given(expressions, several)
def test_a_long_run_finds_no_disagreement_either(expression, many):
    region = MEANING.true(expression)
    for request in many:
        assert (point_of(request) in region) == (evaluate(expression, request) is True)
