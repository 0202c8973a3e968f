"""The parts of a request by the fields that rules look at."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat

from edgelint.model.expression import Field
from edgelint.model.request import Request, write_cookies
from edgelint.record import replace


def values_of(request: Request, field: Field) -> tuple[str, ...]:
    """Every value of a field in a request, in order; of a cookie the first, as edges read it."""
    match field.kind:
        case "header":
            return request.values(field.name)
        case "query":
            return request.parameters(field.name)
        case "cookie":
            jar = request.cookies()
            return (jar[field.name],) if field.name in jar else ()
        case _:
            return (getattr(request, field.kind),)


def with_values(request: Request, field: Field, values: Sequence[str]) -> Request:
    """The same request with other values of a field. All but headers and parameters have one, the last."""
    pairs = tuple(zip(repeat(field.name), values))
    match field.kind:
        case "header":
            return replace(request, headers=(*_without(request.headers, field.name), *pairs))
        case "query":
            return replace(request, query=(*_without(request.query, field.name), *pairs))
        case "cookie":
            written = ("cookie", write_cookies((request.cookies() | dict(pairs)).items()))
            return replace(request, headers=(*_without(request.headers, "cookie"), written))
        case _:
            return replace(request, **{field.kind: values[-1]})


def _without(pairs: Sequence[tuple[str, str]], name: str) -> tuple[tuple[str, str], ...]:
    return tuple(pair for pair in pairs if pair[0] != name)
