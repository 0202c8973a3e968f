"""Regions and questions about them in the whole space of requests, against a plain reading of conditions on sampled requests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from hypothesis import strategies as st

from edgelint.meaning import Meaning
from edgelint.model import expression as ex
from edgelint.model.request import Request
from edgelint.platforms.p2pstream import P2PSTREAM
from edgelint.space.addresses import address
from edgelint.space.language import words
from edgelint.space.questions import Answer, covers, differing, member, missing, outside, overlap, projection
from edgelint.space.theory import Axis
from model_interpreter import holds
from oracles.asking import Kind, Result, claimed, unknown
from oracles.points import address_texts, point_of
from oracles.random_conditions import VALUES, comparisons, formulas, leaves, policies, requests
from oracles.random_conditions import atoms as usual

COOKIE = ex.Field("header", "cookie")

_written = formulas(
    st.one_of(
        leaves(VALUES),
        st.sampled_from(["sid=a", "sid=", "sid", "=", ";", "other=1", "sid=free; sid=b"]).flatmap(
            lambda text: st.sampled_from([ex.Equals(text), ex.StartsWith(text), ex.Contains(text), ex.EndsWith(text)])
        ),
    )
)
_whole_header = st.one_of(
    st.builds(ex.AnyValue, st.just(COOKIE), _written),
    st.builds(ex.ValueAt, st.just(COOKIE), st.integers(0, 1), _written),
    st.builds(ex.Count, st.just(COOKIE), comparisons, st.integers(-1, 3)),
)
_sid = ex.Field("cookie", "sid")
_cookies = st.one_of(
    st.builds(ex.Present, st.sampled_from([_sid, ex.Field("cookie", "other"), COOKIE])),
    st.sampled_from(VALUES).map(lambda value: ex.ValueAt(_sid, 0, ex.Equals(value))),
)
_digits = st.sampled_from(["10.", "203.", ".1", "7", ":", "10.1.2.3", "", "2001:db8::1"])
_address_texts = formulas(
    st.one_of(*[_digits.map(kind) for kind in (ex.StartsWith, ex.EndsWith, ex.Contains, ex.Equals)])
).map(lambda predicate: ex.Test(ex.ADDRESS, predicate))


class Question(NamedTuple):
    """Conditions, and requests to try them on."""

    conditions: list[ex.Expression]
    requests: list[Request]


class Asked(NamedTuple):
    """A question, the space it is asked in, and the truth of each condition for each request."""

    meaning: Meaning
    question: Question
    truths: list[list[bool | None]]

    def confirmed(self, about: str, answer: Answer, wanted: Callable[[Request], bool], seen: bool) -> Result:
        """Whether the request of an answer is what it was wanted to be, and none was seen where there is to be none."""
        if answer.reason:
            return unknown(answer.reason)
        if answer.point is None:
            return claimed(not seen, f"{about}: there is no request")
        request = self.meaning.request(answer.point)
        return claimed(wanted(request), f"{about}: {request}")


def ask(question: Question) -> Iterator[Result]:
    """Where requests lie, and every question about the conditions, confirmed or refuted by requests."""
    truths = [[holds(condition, request) for request in question.requests] for condition in question.conditions]
    asked = Asked(Meaning(P2PSTREAM), question, truths)
    for condition, found in zip(question.conditions, truths, strict=True):
        yield from _places(asked, condition, found)
    yield from _answers(asked)
    yield from _projections(asked)
    yield from _rewritings(asked)


def _places(asked: Asked, condition: ex.Expression, truths: Sequence[bool | None]) -> Iterator[Result]:
    meaning = asked.meaning
    regions = {True: meaning.true(condition), False: meaning.false(condition), None: meaning.fails(condition)}
    for request, truth in zip(asked.question.requests, truths, strict=True):
        point = point_of(meaning, request, address_texts(condition, request))
        inside = [verdict for verdict, region in regions.items() if point in region]
        yield claimed(inside == [truth], f"{request} is {truth}, lies in {inside}: {condition}")
    for verdict, region in regions.items():

        def has(request: Request, verdict: bool | None = verdict) -> bool:
            return holds(condition, request) is verdict

        yield asked.confirmed(f"{verdict}: {condition}", member(region), has, verdict in truths)
        others = any(truth is not verdict for truth in truths)
        yield asked.confirmed(f"not {verdict}: {condition}", missing(region), lambda one, has=has: not has(one), others)


def _answers(asked: Asked) -> Iterator[Result]:
    one, other, *_ = regions = [asked.meaning.true(condition) for condition in asked.question.conditions]

    def takes(request: Request) -> list[bool]:
        return [holds(condition, request) is True for condition in asked.question.conditions]

    def shared(taken: Sequence[bool]) -> bool:
        return taken[0] and taken[1]

    def unshared(taken: Sequence[bool]) -> bool:
        return taken[0] != taken[1]

    def escaping(taken: Sequence[bool]) -> bool:
        return taken[0] and not any(taken[1:])

    cover = outside(one, regions[1:])
    columns = [[truth is True for truth in found] for found in zip(*asked.truths, strict=True)]
    for answer, wanted in (
        (overlap(one, other), shared),
        (differing(one, other), unshared),
        (cover.answer, escaping),
    ):
        seen = any(map(wanted, columns))
        yield asked.confirmed(wanted.__name__, answer, lambda request, wanted=wanted: wanted(takes(request)), seen)
    if cover.answer.no:
        yield claimed(covers([regions[1 + at] for at in cover.used], one), "the parts that were used cover the region")


def _projections(asked: Asked) -> Iterator[Result]:
    condition, region = asked.question.conditions[0], asked.meaning.true(asked.question.conditions[0])
    for kind in ("host", "path", "method", "address"):
        theory, found = asked.meaning.space.theory(Axis(kind)), projection(region, Axis(kind))
        for request, truth in zip(asked.question.requests, asked.truths[0], strict=True):
            value = getattr(request, kind)
            yield claimed(truth is not True or theory.holds(found, value), f"{kind} `{value}` of {condition}")
        value = theory.member(found)
        if value is not None:
            single = address(value) if kind == "address" else words([value])
            answer = overlap(region, asked.meaning.space.region(Axis(kind), single))
            yield unknown(answer.reason) if answer.reason else claimed(answer.yes, f"{kind} `{value}` of {condition}")


def _rewritings(asked: Asked) -> Iterator[Result]:
    """Conditions that mean the same have equal regions."""
    one, other = asked.question.conditions[:2]
    for first, second in (
        (ex.Not(ex.Not(one)), one),
        (ex.And((one, other)), ex.And((other, one))),
        (ex.Or((one, other)), ex.Or((other, one))),
        (ex.Not(ex.And((one, other))), ex.Or((ex.Not(one), ex.Not(other)))),
        (ex.And((one, ex.Or((one, other)))), one),
    ):
        for region in (asked.meaning.true, asked.meaning.false):
            answer = differing(region(first), region(second))
            yield unknown(answer.reason) if answer.reason else claimed(answer.no, f"{first} is {second}")


_few = st.lists(requests(), min_size=4, max_size=12)


def _questions(basic: st.SearchStrategy[ex.Expression]) -> st.SearchStrategy[Question]:
    return st.builds(Question, policies(basic, most=4), _few)


KINDS = (
    Kind("sampling", _questions(usual | _address_texts), ask, 25),
    Kind("sampling-cookies", _questions(st.one_of(_whole_header, _cookies, _cookies, usual)), ask, 25),
)
