"""Concrete requests as points of the space of requests."""

from __future__ import annotations

from collections.abc import Mapping

from edgelint.meaning import Meaning
from edgelint.model.expression import ADDRESS, Expression, Test
from edgelint.model.request import Request
from edgelint.model.walk import atoms
from edgelint.model.words import say
from edgelint.space.region import OPAQUE, Point
from edgelint.space.theory import Axis, TextTheory, Value, ValuesTheory
from model_interpreter import holds


def point_of(meaning: Meaning, request: Request, opaque: Mapping[str, bool] | None = None) -> Point:
    """The point that a request is, with what is so of conditions without a model."""
    values: dict[Axis, Value] = {
        Axis("entry"): f"{request.listener}/{request.protocol}",
        Axis("method"): request.method,
        Axis("host"): request.host,
        Axis("path"): request.path,
        Axis("address"): request.address,
    }
    values |= {Axis("header", name): request.values(name) for name, _ in request.headers}
    values |= {Axis("query", name): request.parameters(name) for name, _ in request.query}
    values |= {Axis(OPAQUE, name): ("true",) if truth else () for name, truth in (opaque or {}).items()}
    return Point(meaning.space, values)


def possible(meaning: Meaning, request: Request) -> bool:
    """Whether every part of a request lies in the domain of its axis: regions speak of no other requests."""
    for axis, value in point_of(meaning, request).items():
        theory = meaning.space.theory(axis)
        if isinstance(theory, TextTheory) and not theory.admits(value):
            return False
        if isinstance(theory, ValuesTheory) and not all(one in theory.domain for one in value):
            return False
        if isinstance(theory, ValuesTheory) and value not in theory.bound:
            return False
    cookies = meaning.space.theory(Axis("cookie"))
    assert isinstance(cookies, ValuesTheory)
    return all(value in cookies.domain for value in request.cookies().values())


def address_texts(condition: Expression, request: Request) -> dict[str, bool]:
    """What is so of the texts of addresses that a condition asks about, by name: those of IPv6 have no model."""
    tests = [atom for atom, _ in atoms(condition) if isinstance(atom, Test) and atom.field == ADDRESS]
    return {say(atom): holds(atom, request) is True for atom in tests}
