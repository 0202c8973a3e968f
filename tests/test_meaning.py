"""The algebra of regions against a naive evaluator: on random conditions, requests and questions."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgelint.meaning import Meaning
from edgelint.model.expression import And, Not, Opaque, Or
from edgelint.model.walk import atoms
from edgelint.platforms.p2pstream import P2PSTREAM
from edgelint.space.addresses import address
from edgelint.space.language import words
from edgelint.space.questions import (
    covers,
    differing,
    largest,
    member,
    minimal,
    missing,
    outside,
    overlap,
    projection,
    touched,
)
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


def reads_cookies(expression):
    found = (atom.field for atom, _ in atoms(expression) if not isinstance(atom, Opaque))
    return any("cookie" in (field.kind, field.name) for field in found)


def single(kind, value):
    return address(value) if kind == "address" else words([value])


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
        met = [regions[position] for position in cover.used]
        needed = [met[position] for position in minimal(MEANING.true(region), met)]
        assert covers(needed, MEANING.true(region))
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
        assert differing(true(first), true(second)).no


@CASES
@given(expressions, expressions, requests())
def test_regions_differ_exactly_when_a_request_is_in_one_of_them_only(one, other, request):
    true = MEANING.true
    answer = differing(true(one), true(other))
    if answer.no:
        assert (evaluate(one, request) is True) == (evaluate(other, request) is True)
    elif answer.yes:
        found = MEANING.request(answer.point)
        assert (evaluate(one, found) is True) != (evaluate(other, found) is True)


@CASES
@given(expressions, requests())
def test_every_request_is_true_false_or_failing_and_a_region_is_universal_when_none_is_missing(expression, request):
    verdicts = {True: MEANING.true, False: MEANING.false, None: MEANING.fails}
    for verdict, region in verdicts.items():
        answer = missing(region(expression))
        if answer.no:
            assert evaluate(expression, request) is verdict
        elif answer.yes:
            assert evaluate(expression, MEANING.request(answer.point)) is not verdict


@CASES
@given(expressions, requests())
def test_a_projection_has_the_values_of_every_request_of_a_region(expression, request):
    region, point = MEANING.true(expression), point_of(request)
    for kind in ("host", "path", "method", "address"):
        theory = MEANING.space.theory(Axis(kind))
        values = projection(region, Axis(kind))
        if evaluate(expression, request) is True:
            assert theory.holds(values, point[Axis(kind)])
        if not region.opaque() and not reads_cookies(expression) and (value := theory.member(values)) is not None:
            assert overlap(region, MEANING.space.region(Axis(kind), single(kind, value))).yes


@CASES
@given(expressions, st.lists(expressions, min_size=1, max_size=3))
def test_the_touched_classes_and_the_largest_share_are_told(expression, parts):
    region, classes = MEANING.true(expression), [MEANING.true(part) for part in parts]
    answers = touched(region, classes)
    for part, answer in zip(parts, answers, strict=True):
        if answer.yes:
            found = MEANING.request(answer.point)
            assert evaluate(expression, found) is True
            assert evaluate(part, found) is True
    most = largest(region, classes)
    assert (most is None) == all(answer.no for answer in answers)
    if most is not None and any(covers([one], region) for one in classes):
        assert covers([classes[most]], region)


@pytest.mark.slow
@settings(max_examples=8_000, deadline=None)
@given(expressions, several)
def test_a_long_run_finds_no_disagreement_either(expression, many):
    region = MEANING.true(expression)
    for request in many:
        assert (point_of(request) in region) == (evaluate(expression, request) is True)
