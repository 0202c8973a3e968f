"""Two other implementations of CEL, each as a function from an expression and a request to true, false or None for an error."""

from __future__ import annotations

import importlib
import logging
import sys
from collections import defaultdict
from collections.abc import Callable
from functools import lru_cache
from types import ModuleType
from typing import Protocol

from edgelint.languages import p2pstream_functions
from edgelint.languages.cel.syntax import Binary, Index, ListOf, Literal, Macro, Node, parse, walk
from edgelint.model.request import Request

FUNCTIONS: dict[str, Callable[[str, str], bool]] = {
    name: getattr(p2pstream_functions, name) for name in ("host_match", "path_prefix", "cidr")
}
"""The functions that p2pstream adds to CEL; no implementation has them, so all are given ours."""

SCALARS = ("method", "protocol", "host", "path", "remote_ip")


class NoAnswerError(Exception):
    """An implementation breaks on an expression that it should know."""


class Implementation(Protocol):
    """An implementation of CEL. `evaluate` raises NoAnswerError where it is known to break."""

    def deviates(self, text: str) -> str:
        """Why its answer about an expression does not count: where it is known to leave the specification; else empty."""

    def evaluate(self, text: str, request: Request) -> bool | None:
        """The value of an expression, None for an error."""


def lists(pairs: tuple[tuple[str, str], ...]) -> dict[str, list[str]]:
    """Values by name, in order."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name, value in pairs:
        found[name].append(value)
    return dict(found)


def variables(request: Request) -> dict[str, object]:
    """What p2pstream's expressions can look at."""
    return {
        "method": request.method,
        "protocol": request.protocol,
        "host": request.host,
        "path": request.path,
        "remote_ip": request.address,
        "headers": lists(request.headers),
        "cookies": request.cookies(),
        "query": lists(request.query),
    }


class CelCpp:
    """Google's cel-cpp, by its wrapper `cel-expr-python`."""

    def __init__(self) -> None:
        self.cel = cel = importlib.import_module("cel_expr_python.cel")
        text, many = cel.Type.STRING, cel.Type.Map(cel.Type.STRING, cel.Type.List(cel.Type.STRING))
        overloads = {
            name: cel.Overload(name, return_type=cel.Type.BOOL, parameters=[text, text], impl=function)
            for name, function in FUNCTIONS.items()
        }
        self.environment = cel.NewEnv(
            variables={
                **dict.fromkeys(SCALARS, text),
                "headers": many,
                "query": many,
                "cookies": cel.Type.Map(text, text),
            },
            functions=[cel.FunctionDecl(name, [overload]) for name, overload in overloads.items()],
        )
        self.program = lru_cache(maxsize=256)(self.environment.compile)

    def deviates(self, text: str) -> str:
        for node in walk(parse(text)):
            match node:
                case Binary("in", _, ListOf(())):
                    return "it looks at the left side of `in []`, which cel-go's optimiser takes away"
        return ""

    def evaluate(self, text: str, request: Request) -> bool | None:
        value = self.program(text).eval(data=variables(request))
        if value.type() == self.cel.Type.ERROR:
            return None
        return bool(value.value())


class CelPython:
    """cel-python."""

    def __init__(self) -> None:
        self.celpy: ModuleType = importlib.import_module("celpy")
        logging.getLogger("celpy").setLevel(logging.CRITICAL)  # it logs every failing evaluation, and breaks on some
        self.program = lru_cache(maxsize=256)(self._program)

    def _program(self, text: str) -> object:
        truth = self.celpy.celtypes.BoolType

        def on_texts(question: Callable[[str, str], bool]) -> object:
            return lambda one, other: truth(question(str(one), str(other)))

        limit = sys.getrecursionlimit()
        environment = self.celpy.Environment()
        sys.setrecursionlimit(limit)  # it raises the limit for everybody
        called = {name: on_texts(function) for name, function in FUNCTIONS.items()}
        return environment.program(environment.compile(text), functions=called)

    def deviates(self, text: str) -> str:
        return next(filter(None, map(_celpy_deviates, walk(parse(text)))), "")

    def evaluate(self, text: str, request: Request) -> bool | None:
        try:
            return bool(self.program(text).evaluate(self._activation(request)))  # type: ignore[attr-defined]
        except self.celpy.CELEvalError:
            return None
        except IndexError:
            raise NoAnswerError("it loses count of an operand that failed") from None

    def _activation(self, request: Request) -> dict[str, object]:
        return {name: self._converted(value) for name, value in variables(request).items()}

    def _converted(self, value: object) -> object:
        types = self.celpy.celtypes
        match value:
            case dict():
                return types.MapType({types.StringType(key): self._converted(found) for key, found in value.items()})
            case list():
                return types.ListType(map(self._converted, value))
            case _:
                return types.StringType(value)


def _celpy_deviates(node: Node) -> str:
    match node:
        case Macro(kind="map", predicate=predicate) if predicate is not None:
            return "it knows no `map` with three arguments"
        case Binary("+"):
            return "it gives joined texts no functions"
        case Binary("in", _, ListOf(())):
            return "it looks at the left side of `in []`, which cel-go's optimiser takes away"
        case Index(_, Literal("int", -1)):
            return "it takes negative positions in a list"
    return ""


def missing(module: str) -> str:
    """Why an implementation cannot be asked here; empty when it can."""
    try:
        importlib.import_module(module)
    except ImportError as error:
        return f"{error}; it comes with the `oracles` dependency group"
    return ""
