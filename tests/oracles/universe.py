"""A universe so small that every request of it can be looked at, and sets of its requests as bits.

Methods, entries, hosts and paths of up to three further characters, addresses, one header, one parameter, the `cookie`
header with two cookies, and two conditions without a model. Domains are exactly what is listed, but for addresses: these
stand for the classes that the networks of the universe tell apart. A set of requests is an integer with a bit for each
request of a table, and a table spans only the axes that a question speaks of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from itertools import product
from operator import and_, or_

from edgelint.meaning import Meaning
from edgelint.model import expression as ex
from edgelint.model.request import Request
from edgelint.model.walk import atoms
from edgelint.platforms.p2pstream import P2PSTREAM
from edgelint.record import replace
from edgelint.space.language import words
from edgelint.space.region import OPAQUE, Box, Point, Region
from edgelint.space.theory import Axis, TextTheory, Value, ValuesTheory
from model_interpreter import atom as holds_of

METHODS = ("GET", "PUT")
HOSTS = tuple("".join(letters) for size in range(4) for letters in product("a./", repeat=size))
PATHS = tuple("/" + host for host in HOSTS)
NETWORKS = ("10.0.0.0/8", "10.1.0.0/16", "0.0.0.0/0", "::/0")
ADDRESSES = ("10.1.2.3", "10.1.0.9", "10.9.9.9", "192.0.2.1", "2001:db8::1")
VALUES = ("", "a")
COOKIES = ("s", "t")
JARS = tuple(
    "; ".join(f"{name}={value}" for name, value in zip(names, values, strict=True))
    for names in (("s",), ("t",), COOKIES)
    for values in product(VALUES, repeat=len(names))
)
WRITTEN = (*VALUES, *JARS, 's="a"', "s", "s=a;s=")
"""What the `cookie` header, and any other header, can say."""

OPEN = ("at night", "on sundays")
HEADER, COOKIE, PARAMETER = Axis("header", "h"), Axis("header", "cookie"), Axis("query", "q")


def up_to_two(values: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """The lists of up to two values."""
    return tuple(found for size in range(3) for found in product(values, repeat=size))


AXES: Mapping[Axis, Sequence[Value]] = {
    Axis("entry"): ("/http", "/https"),
    Axis("method"): METHODS,
    Axis("host"): HOSTS,
    Axis("path"): PATHS,
    Axis("address"): ADDRESSES,
    HEADER: up_to_two(WRITTEN),
    COOKIE: up_to_two(WRITTEN),
    PARAMETER: up_to_two(VALUES),
    **{Axis(OPAQUE, name): ((), ("true",)) for name in OPEN},
}

TINY = replace(P2PSTREAM, cookie="a?")


def tiny() -> Meaning:
    """The space of the requests of the universe."""
    meaning = Meaning(TINY)
    meaning.space.theories = {
        **meaning.space.theories,
        "method": TextTheory(words(METHODS)),
        "host": TextTheory(words(HOSTS)),
        "path": TextTheory(words(PATHS)),
        "header": ValuesTheory(words(WRITTEN), most=2),
        "query": ValuesTheory(words(VALUES), most=2),
    }
    return meaning


def axis_of(atom: ex.Atom) -> Axis:
    """The axis of the universe that an atom looks at; a cookie is part of its header."""
    if isinstance(atom, ex.Opaque):
        return Axis(OPAQUE, atom.name)
    match atom.field.kind:
        case "cookie":
            return COOKIE
        case "protocol":
            return Axis("entry")
    return Axis(atom.field.kind, atom.field.name)


class Table:
    """The requests of the universe as far as some axes tell them apart, numbered."""

    def __init__(self, axes: Iterable[Axis]) -> None:
        self.space = tiny().space
        self.axes = sorted({COOKIE if axis.kind == "cookie" else axis for axis in axes})
        self.sizes = [len(AXES[axis]) for axis in self.axes]
        self.size = reduce(lambda many, size: many * size, self.sizes, 1)
        self.all = (1 << self.size) - 1
        self._open = [axis for axis in self.axes if axis.kind == OPAQUE]
        self._atoms: dict[ex.Atom, int] = {}

    def column(self, axis: Axis, chosen: Sequence[bool]) -> int:
        """The requests whose value on an axis is one of those chosen; the first request is the highest bit."""
        place = self.axes.index(axis)
        inner = reduce(lambda many, size: many * size, self.sizes[place + 1 :], 1)
        block = "".join(("1" if one else "0") * inner for one in chosen)
        return int(block * (self.size // len(block)), 2)

    def atom(self, atom: ex.Atom) -> int:
        """The requests for which an atom is true."""
        found = self._atoms.get(atom)
        if found is None:
            axis = axis_of(atom)
            truths = [_true(atom, axis, value) for value in AXES[axis]]
            found = self._atoms[atom] = self.column(axis, truths)
        return found

    def true(self, expression: ex.Expression) -> int:
        """The requests for which an expression is true."""
        return self.values(expression)[0]

    def values(self, expression: ex.Expression) -> tuple[int, int]:
        """The requests for which an expression is true, and those for which it is false."""
        match expression:
            case ex.Constant(value):
                return (self.all, 0) if value else (0, self.all)
            case ex.Fails():
                return 0, 0
            case ex.Not(operand):
                true, false = self.values(operand)
                return false, true
            case ex.And(operands) | ex.Or(operands):
                pairs = [self.values(operand) for operand in operands]
                every, some = reduce(and_, (pair[0] for pair in pairs), self.all), reduce(or_, (p[1] for p in pairs), 0)
                if isinstance(expression, ex.And):
                    return every, some
                return reduce(or_, (pair[0] for pair in pairs), 0), reduce(and_, (p[1] for p in pairs), self.all)
            case ex.If(condition, then, otherwise):
                yes, no = self.values(condition)
                one, other = self.values(then), self.values(otherwise)
                return (yes & one[0]) | (no & other[0]), (yes & one[1]) | (no & other[1])
        true = self.atom(expression)
        return true, self.all & ~true

    def region(self, region: Region) -> int:
        """The requests of a region, box by box and axis by axis."""
        return reduce(or_, map(self._box, region.boxes), 0)

    def _box(self, box: Box) -> int:
        found = self.all
        for axis, constraint in box.constraints.items():
            theory = self.space.theory(axis)
            own = COOKIE if axis.kind == "cookie" else axis
            values = [Point(self.space, {own: value})[axis] for value in AXES[own]]
            found &= self.column(own, [theory.holds(constraint, value) for value in values])
        return found

    def request(self, point: Point) -> int:
        """The bit of the request that a point is; 0 when the point lies outside the universe."""
        found = self.all
        for axis in self.axes:
            value = _classed(point[axis]) if axis.kind == "address" else point[axis]
            found &= self.column(axis, [value == other for other in AXES[axis]])
        return found

    def along(self, requests: int, axis: Axis) -> list[bool]:
        """For each value of an axis, whether one of some requests has it."""
        values = range(len(AXES[axis]))
        return [bool(requests & self.column(axis, [other == value for other in values])) for value in values]

    def certain(self, requests: int) -> int:
        """The requests that are in a set whatever is so of the conditions without a model."""
        for axis in self._open:
            requests &= self._flipped(requests, axis)
        return requests

    def hoped(self, requests: int) -> int:
        """The requests that are in a set if what is so of the conditions without a model is favourable."""
        for axis in self._open:
            requests |= self._flipped(requests, axis)
        return requests

    def _flipped(self, requests: int, axis: Axis) -> int:
        """The requests that are in a set once the answer of one condition without a model is turned round."""
        place = self.axes.index(axis)
        inner = reduce(lambda many, size: many * size, self.sizes[place + 1 :], 1)
        first, second = self.column(axis, (True, False)), self.column(axis, (False, True))
        return ((requests & first) >> inner) | ((requests & second) << inner)


def _true(atom: ex.Atom, axis: Axis, value: Value) -> bool:
    if isinstance(atom, ex.Opaque):
        return bool(value)
    request = Request("GET", "http", "", "/", ADDRESSES[0])
    match axis:
        case Axis("entry"):
            request = replace(request, protocol=str(value).removeprefix("/"))
        case Axis("header", name):
            request = replace(request, headers=tuple((name, one) for one in value))
        case Axis("query", name):
            request = replace(request, query=tuple((name, one) for one in value))
        case Axis(kind):
            request = replace(request, **{kind: value})
    return holds_of(atom, request)


def _classed(address: Value) -> str:
    """The address of the universe that stands for an address."""
    assert isinstance(address, str)
    if address == ADDRESSES[0]:
        return address
    kinds = {_membership(other): other for other in ADDRESSES[1:]}
    return kinds[_membership(address)]


def _membership(address: str) -> tuple[bool, ...]:
    request = Request("GET", "http", "", "/", address)
    return tuple(holds_of(ex.Test(ex.ADDRESS, ex.InNetwork(network)), request) for network in NETWORKS)


def axes_of(expressions: Iterable[ex.Expression]) -> set[Axis]:
    """The axes that some expressions look at."""
    return {axis_of(atom) for expression in expressions for atom, _ in atoms(expression)}
