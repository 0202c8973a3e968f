"""CEL: our evaluator, our model of an expression and its regions, against other implementations of the language.

Expressions are real ones and random ones. Requests are random ones, and those on the edges of what an expression is about: a
request for which it is true, false or failing, and what becomes of it when one of its parts is changed a little.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, lru_cache

from hypothesis import strategies as st

from cel_strategies import booleans, cookies, quantified, requests
from cel_strategies import text as literal
from edgelint.languages.cel.syntax import AllOf, AnyOf, Binary, Conditional, Index, Macro, Name, Node, Unary
from edgelint.languages.cel.unparse import unparse
from edgelint.languages.p2pstream import InvalidExpression, Program, compile_match
from edgelint.meaning import Meaning
from edgelint.model.expression import Constant, Expression, Opaque
from edgelint.model.policy import Verdict as Truth
from edgelint.model.request import Request
from edgelint.model.walk import atoms, rewrite
from edgelint.platforms.p2pstream import P2PSTREAM
from edgelint.record import replace
from edgelint.space.limits import Unbounded
from edgelint.space.questions import member
from edgelint.space.region import Region
from model_interpreter import OpaqueMetError, holds
from oracles.asking import Kind, Result, compared, undecided, unknown
from oracles.cel_implementations import CelCpp, CelPython, Implementation, NoAnswerError, missing
from oracles.points import address_texts, point_of, possible
from oracles.real_rules import expressions

Question = tuple[str, list[Request]]

MEANING = Meaning(P2PSTREAM)
NO_MODEL = "a condition without a model"


@cache
def real_requests() -> tuple[Request, ...]:
    """Requests on the edges of the real expressions."""
    return tuple(dict.fromkeys(request for text in expressions() for request in at_the_edges(text)))


def at_the_edges(text: str) -> list[Request]:
    """Requests for which an expression is true, false and failing, each also a little changed."""
    found: dict[Request, None] = {}
    for region in _regions(compile_match(text).expression):
        point = member(region).point
        if point is not None:
            request = MEANING.request(point)
            found.update(dict.fromkeys([request, *(other for other in _changed(request) if possible(MEANING, other))]))
    return list(found)


@lru_cache(maxsize=1024)
def _regions(expression: Expression) -> tuple[Region, ...]:
    """The regions where an expression is true, false and failing; none where they are too large to tell."""
    meaning = Meaning(P2PSTREAM)
    try:
        return meaning.true(expression), meaning.false(expression), meaning.fails(expression)
    except Unbounded:
        return ()


def _changed(request: Request) -> Iterator[Request]:
    yield replace(request, path=request.path + "x")
    yield replace(request, path=request.path[:-1])
    yield replace(request, path=request.path + "\n")
    yield replace(request, path=request.path.swapcase())
    yield replace(request, host="x" + request.host)
    yield replace(request, host=request.host.partition(".")[2])
    yield replace(request, method=request.method + "X")
    for name in ("headers", "query"):
        pairs = getattr(request, name)
        if pairs:
            (key, value), *rest = pairs
            yield replace(request, **{name: tuple(rest)})
            yield replace(request, **{name: ((key, value + "x"), *rest)})
            yield replace(request, **{name: ((key, "x"), *pairs)})


def ask(implementation: Implementation, question: Question) -> Iterator[Result]:
    """What an implementation says to each of the requests of a question and those at the edges, compared with us."""
    expression, some = question
    program = compile_match(expression)
    reason = implementation.deviates(expression)
    for request in [*some, *at_the_edges(expression)]:
        yield undecided(reason) if reason else _asked(implementation, expression, program, request)


def _asked(implementation: Implementation, text: str, program: Program, request: Request) -> Result:
    try:
        expected = implementation.evaluate(text, request)
    except NoAnswerError as error:
        return undecided(str(error))
    evaluated = program.evaluate(request)
    result = compared(f"evaluator, {request}", evaluated, expected)
    if evaluated is not expected:
        return result
    try:
        modelled = _modelled(program.expression, request)
    except OpaqueMetError:
        return unknown(NO_MODEL)
    return compared(f"model and region, {request}", modelled, (expected, expected))


def _modelled(expression: Expression, request: Request) -> tuple[Truth, Truth]:
    """What the model says of a request as a plain reading finds it, and as the regions say it."""
    grounded = rewrite(expression, lambda node: _decided(node, request))
    truth = holds(grounded, request)
    regions = _regions(expression)
    if not regions or not possible(MEANING, request):
        return truth, truth
    opaque = {node.name: _decided(node, request) == Constant(value=True) for node in _opaque(expression)}
    point = point_of(MEANING, request, opaque | address_texts(expression, request))
    (where,) = [truth for truth, region in zip((True, False, None), regions, strict=True) if point in region]
    return truth, where


def _opaque(expression: Expression) -> list[Opaque]:
    return [atom for atom, _ in atoms(expression) if isinstance(atom, Opaque)]


def _decided(node: Expression, request: Request) -> Expression:
    """A part without a model as the constant it comes to for a request: its name is the part's text."""
    if not isinstance(node, Opaque):
        return node
    failing = node.name.startswith("fails: ")
    try:
        value = compile_match(node.name.removeprefix("fails: ")).evaluate(request)
    except InvalidExpression:
        raise OpaqueMetError from None
    return Constant(value is None if failing else value is True)


@st.composite
def absorbing(draw: st.DrawFn) -> Node:
    """Conditions that fail for some requests, joined so that others may absorb that."""
    lookup = st.builds(Binary, st.sampled_from(("==", "!=")), cookies, st.sampled_from(("", "a")).map(literal))
    parts = draw(
        st.lists(st.one_of(booleans(1), lookup, lookup.map(lambda node: Unary("!", node))), min_size=2, max_size=4)
    )
    joined = draw(st.sampled_from((AllOf, AnyOf)))(tuple(draw(st.permutations(parts))))
    return draw(st.sampled_from((joined, Unary("!", joined), Conditional(parts[0], joined, parts[-1]))))


def _over(kind: str, body: Node, last: Node, quantifier: str) -> Node:
    source = Index(Name("headers"), literal("x"))
    made = Macro("filter", source, "v", body, None) if kind == "filter" else Macro("map", source, "v", body, Name("v"))
    return Macro(quantifier, made, "w", last, None)


streams = st.builds(
    _over,
    st.sampled_from(("filter", "map")),
    booleans(1, ("v",)),
    booleans(1, ("w",)),
    st.sampled_from(("all", "exists", "exists_one")),
)
"""Quantifiers over those values of a header for which something holds."""


def _questions() -> st.SearchStrategy[Question]:
    texts = st.one_of(booleans(2), quantified, absorbing(), streams).map(unparse)
    questions = st.tuples(texts, st.lists(requests, min_size=4, max_size=8))
    real = st.lists(st.deferred(lambda: st.sampled_from(real_requests())), min_size=4, max_size=8)
    return questions | st.tuples(st.deferred(lambda: st.sampled_from(expressions())), real)


def _kind(name: str, module: str, implementation: Callable[[], Implementation]) -> Kind[Question]:
    made = cache(implementation)
    return Kind(name, _questions(), lambda question: ask(made(), question), 40, missing(module))


KINDS = (_kind("cel-cpp", "cel_expr_python.cel", CelCpp), _kind("cel-python", "celpy", CelPython))
