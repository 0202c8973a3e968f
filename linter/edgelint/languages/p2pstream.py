"""p2pstream's match expressions: CEL over one request, with three functions and some limits of its own.

p2pstream compiles them with cel-go's standard environment and optimiser. It looks at the arguments of its functions only
where they are literals. What an evaluation costs is counted apart from what it comes to (`Program.cost`). Protocol buffer
messages (`google.protobuf.BoolValue{...}`), which it would accept, have no model here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, cast

from edgelint.languages import p2pstream_functions as functions
from edgelint.languages.cel import messages
from edgelint.languages.cel.checker import check
from edgelint.languages.cel.environment import Environment, environment
from edgelint.languages.cel.evaluator import MAX_STEPS, Evaluator, ExhaustedError, Meter
from edgelint.languages.cel.folding import is_folded
from edgelint.languages.cel.lowering import lower
from edgelint.languages.cel.messages import Issue
from edgelint.languages.cel.opacity import Vocabulary
from edgelint.languages.cel.symbols import Fields
from edgelint.languages.cel.syntax import Call, Literal, Node, SyntaxProblem, parse, walk
from edgelint.languages.cel.type_system import BOOL
from edgelint.languages.cel.unparse import unparse
from edgelint.languages.cel.values import EvaluationError, Key, Value, no_overload
from edgelint.model.expression import ADDRESS, HOST, METHOD, PATH, PROTOCOL, Expression
from edgelint.model.policy import Verdict
from edgelint.model.request import Request
from edgelint.record import record
from edgelint.space import automaton, regex
from edgelint.space.limits import Unbounded

if TYPE_CHECKING:
    from edgelint.languages.cel.cost import Prices
    from edgelint.model.reason import Reason

__all__ = ["LANGUAGE", "InvalidExpression", "Issue", "Program", "compile_match"]

MAX_EXPRESSION_BYTES, MAX_PATTERN_BYTES = 4096, 512
"""How long an expression, and the pattern of `matches`, may be in UTF-8."""

_EXPLAINING = 10
"""How many evaluations in full an explanation may take."""

_VARIABLES = {
    **dict.fromkeys(("method", "protocol", "host", "path", "remote_ip"), "string"),
    **dict.fromkeys(("headers", "query"), "map(string, list(string))"),
    "cookies": "map(string, string)",
}
_VOCABULARY = Vocabulary(
    texts={"method": METHOD, "protocol": PROTOCOL, "host": HOST, "path": PATH, "remote_ip": ADDRESS},
    maps={
        "headers": Fields("header", single=False),
        "cookies": Fields("cookie", single=True),
        "query": Fields("query", single=False),
    },
    relations=functions.RELATIONS,
)


class InvalidExpression(ValueError):
    """An expression that p2pstream refuses, and every reason for it."""

    def __init__(self, issues: tuple[Issue, ...]) -> None:
        super().__init__("; ".join(issue.message for issue in issues))
        self.issues = issues


@record
class Program:
    """A match expression ready for use: its model, and the expression itself as it runs on one request.

    `evaluate` raises Unbounded where an evaluation needs a regular expression that has no model; so does `cost`, what that
    evaluation costs, or something greater than a limit where it is more than that.
    """

    expression: Expression
    evaluate: Callable[[Request], Verdict]
    cost: Callable[[Request, int], int]


def compile_match(text: str) -> Program:
    """The program of a match expression; `InvalidExpression` when p2pstream refuses it or it is blank."""
    root = _syntax(text)
    kind, issues = check(root, _environment())
    if not issues and kind != BOOL:
        issues = (Issue(messages.not_boolean("the expression", str(kind)), root.span),)
    issues = issues or tuple(_limits(root))
    if issues:
        raise InvalidExpression(tuple(sorted(issues, key=lambda issue: issue.span)))
    expression = lower(root, _VOCABULARY, _EVALUATOR)
    return Program(expression, lambda request: _verdict(root, request), _Cost(root))


class _Language:
    """`edgelint.model.policy.Language` of p2pstream."""

    def read(self, text: str) -> tuple[Expression, Callable[[Request], Verdict], Callable[[Request, int], int]]:
        """The model of a condition, what runs it, and what that costs. InvalidExpression when p2pstream refuses it."""
        program = compile_match(text)
        return program.expression, program.evaluate, program.cost

    def explain(self, text: str, request: Request) -> tuple[Reason, ...]:
        """The parts of a condition that decide what it comes to for a request. Raises Unbounded."""
        from edgelint.languages.cel.explanation import Explainer  # late: only a trace asks for it

        explainer = Explainer(_EVALUATOR, _activation(request), text, Meter(_EXPLAINING * MAX_STEPS))
        try:
            return tuple(explainer.reasons(_syntax(text)))
        except ExhaustedError:
            raise Unbounded("the evaluation takes too many steps to be explained") from None

    def write(self, expression: Expression) -> str:
        """The text of a condition. ValueError where CEL has no words for it."""
        from edgelint.languages.p2pstream_writer import write  # late: few runs write

        return write(expression)


LANGUAGE = _Language()


@lru_cache(maxsize=4096)
def _syntax(text: str) -> Node:
    """The tree of an expression. It is asked for again when the expression is explained."""
    return _parse(text)


def _parse(text: str) -> Node:
    # p2pstream cuts off white space that CEL does not know; blanks in its place keep every offset.
    start, end = functions.leading_space(text), len(functions.trim(text))
    size = len(text[start : start + end].encode("utf-8", "surrogatepass"))
    if size > MAX_EXPRESSION_BYTES:
        message = f"the expression has {size} bytes, more than the {MAX_EXPRESSION_BYTES} that p2pstream takes"
        raise InvalidExpression((Issue(message, (start, start + end)),))
    try:
        return parse(" " * start + text[start : start + end])
    except SyntaxProblem as problem:
        raise InvalidExpression((Issue(problem.message, problem.span),)) from None


@cache
def _environment() -> Environment:
    return environment(_VARIABLES, [f"{name}(string, string) -> bool" for name in _VOCABULARY.relations])


def _verdict(root: Node, request: Request) -> Verdict:
    try:
        value = _EVALUATOR.evaluate(root, _activation(request))
    except (
        EvaluationError,
        ExhaustedError,
    ):  # so many steps are over p2pstream's cost limit, too, and that is an error
        return None
    return value if isinstance(value, bool) else None


class _Cost:
    """What evaluating an expression on a request costs. The prices are read when they are first asked for: few runs do."""

    def __init__(self, root: Node) -> None:
        self._root = root
        self._prices: Prices | None = None

    def __call__(self, request: Request, limit: int) -> int:
        if self._prices is None:
            from edgelint.languages.cel.cost import Prices

            self._prices = Prices(self._root, _EVALUATOR)
        return self._prices.cost(_activation(request), limit)


_RECENT: deque[tuple[Request, dict[str, Value]]] = deque(maxlen=4)
"""The last requests with what they are to an expression: one is put to many rules in a row, as the very same object."""


def _activation(request: Request) -> dict[str, Value]:
    for known, found in _RECENT:
        if known is request:
            return found
    made = _variables(request)
    _RECENT.append((request, made))
    return made


def _variables(request: Request) -> dict[str, Value]:
    return {
        "method": request.method,
        "protocol": request.protocol,
        "host": request.host,
        "path": request.path,
        "remote_ip": request.address,
        "headers": _lists(request.headers),
        "cookies": cast("dict[Key, Value]", request.cookies()),
        "query": _lists(request.query),
    }


def _lists(pairs: tuple[tuple[str, str], ...]) -> dict[Key, Value]:
    lists: dict[str, list[str]] = {}
    for name, together in groupby(pairs, key=itemgetter(0)):
        lists.setdefault(name, []).extend(map(itemgetter(1), together))
    return {name: tuple(values) for name, values in lists.items()}


def _on_texts(name: str, question: Callable[[str, str], bool]) -> Callable[[Value, Value], bool]:
    def ask(one: Value, other: Value) -> bool:
        if isinstance(one, str) and isinstance(other, str):
            return question(one, other)
        raise no_overload(name, one, other)

    return ask


_EVALUATOR = Evaluator(
    automaton.search,
    {
        "host_match": _on_texts("host_match", functions.host_match),
        "path_prefix": _on_texts("path_prefix", functions.path_prefix),
        "cidr": _on_texts("cidr", functions.cidr),
    },
)


def _limits(root: Node) -> Iterator[Issue]:
    """What p2pstream refuses although it is correct CEL."""
    for node in walk(root):
        if not isinstance(node, Call):
            continue
        if node.function == "matches":
            yield from _pattern_limits(node.arguments[-1])
        elif node.function in _VOCABULARY.relations and isinstance(node.arguments[1], Literal):
            yield from _argument_limits(node.function, node.arguments[1])
        elif not _converts(node):
            yield Issue(messages.never_converts(unparse(node)), node.span)


def _pattern_limits(pattern: Node) -> Iterator[Issue]:
    if not isinstance(pattern, Literal) or not isinstance(pattern.value, str):
        yield Issue("the pattern of `matches` must be a text written out, nothing computed", pattern.span)
        return
    size = len(pattern.value.encode("utf-8", "surrogatepass"))
    if size > MAX_PATTERN_BYTES:
        message = f"the pattern has {size} bytes, more than the {MAX_PATTERN_BYTES} that p2pstream takes"
        yield Issue(message, pattern.span)
        return
    try:
        regex.parse(pattern.value)
    except regex.InvalidPattern as error:
        yield Issue(f"the pattern of `matches` is no regular expression: {error.message}", pattern.span)
    except Unbounded:
        return  # accepted by Go, without a model here: such a condition stays opaque


def _argument_limits(function: str, argument: Literal) -> Iterator[Issue]:
    value = functions.trim(argument.value) if isinstance(argument.value, str) else ""
    match function:
        case "cidr" if functions.read_network(value) is None:
            yield Issue(f"`{messages.shorten(value)}` is no network in CIDR notation", argument.span)
        case "path_prefix" if not value.startswith("/"):
            yield Issue(f"the path prefix `{messages.shorten(value)}` must begin with `/`", argument.span)
        case "host_match" if not value:
            yield Issue("the host pattern must not be empty", argument.span)


def _converts(call: Call) -> bool:
    """Whether a conversion of a constant succeeds; cel-go computes it before the first request."""
    if not is_folded(call):
        return True
    try:
        _EVALUATOR.evaluate(call, {})
    except (EvaluationError, ExhaustedError, Unbounded):
        return any(not _converts(argument) for argument in call.arguments if isinstance(argument, Call))
    return True
