"""Match expressions: a language-neutral, three-valued boolean tree over the fields of a request.

Atoms never fail; what can fail in a language is written out with `If` and `FAILS`. A lookup of an absent header, for
example, is `If(Present(header), AnyValue(header, ...), FAILS)`. `And` and `Or` absorb failures on either side, `Not` and
`If` hand them on: the logic of CEL's specification, section "Logical Operators". Languages without failures never use FAILS.

Equality ignores `span`, the place of a node in the expression's text.
"""

from __future__ import annotations

from typing import Literal

from edgelint.record import field as attribute
from edgelint.record import record

FieldKind = Literal["listener", "method", "protocol", "host", "path", "address", "header", "cookie", "query"]
Comparison = Literal["==", "!=", "<", "<=", ">", ">="]
Spanned = tuple[int, int] | None


@record
class Field:
    """Something a rule can look at. Headers, cookies and query parameters have a name; header names are lower-case."""

    kind: FieldKind
    name: str = ""

    def __str__(self) -> str:
        return f"{self.kind} `{self.name}`" if self.name else self.kind


LISTENER, METHOD, PROTOCOL = Field("listener"), Field("method"), Field("protocol")
HOST, PATH, ADDRESS = Field("host"), Field("path"), Field("address")


# Predicates: what a single string (or address) can be asked.


@record
class Equals:
    """The value is this text."""

    text: str


@record
class StartsWith:
    """The value begins with this text."""

    text: str


@record
class EndsWith:
    """The value ends with this text."""

    text: str


@record
class Contains:
    """The value has this text somewhere."""

    text: str


@record
class Matches:
    """A regular expression in RE2 syntax is found somewhere in the value."""

    pattern: str


@record
class PathPrefix:
    """The path is this one or lies below it, by whole segments; `/` and the empty text mean every path."""

    text: str


@record
class HostPattern:
    """The host is this one; `*.example.com` means every subdomain at any depth but not the apex; empty means every host."""

    text: str


@record
class Length:
    """The number of code points of the value compares so with a number."""

    comparison: Comparison
    number: int


@record
class Ordered:
    """The value compares so with this text, by code points."""

    comparison: Literal["<", "<=", ">", ">="]
    text: str


@record
class InNetwork:
    """The address lies in this network, in CIDR notation; an IPv4 address is in no IPv6 network and vice versa.

    A text of another field lies in an IPv4 network when it spells one of its addresses, white space around it passed over.
    """

    network: str


@record
class Every:
    """All of these hold of the value; of none: always."""

    predicates: tuple[Predicate, ...]


@record
class Some:
    """At least one of these holds of the value; of none: never."""

    predicates: tuple[Predicate, ...]


@record
class Never:
    """This does not hold of the value."""

    predicate: Predicate


Predicate = (
    Equals
    | StartsWith
    | EndsWith
    | Contains
    | Matches
    | PathPrefix
    | HostPattern
    | Length
    | Ordered
    | InNetwork
    | Every
    | Some
    | Never
)


# Atoms: true or false for every request.


@record
class Test:
    """A field that every request has (listener, method, protocol, host, path, address) satisfies a predicate."""

    __test__ = False  # not a test class for pytest
    field: Field
    predicate: Predicate
    span: Spanned = attribute(default=None, compare=False)


@record
class Present:
    """The request has this header, cookie or query parameter."""

    field: Field
    span: Spanned = attribute(default=None, compare=False)


@record
class AnyValue:
    """Some value of this header or query parameter satisfies a predicate; false when there is none."""

    field: Field
    predicate: Predicate
    span: Spanned = attribute(default=None, compare=False)


@record
class ValueAt:
    """The value at this position, from 0, exists and satisfies a predicate. Cookies have position 0 only."""

    field: Field
    index: int
    predicate: Predicate
    span: Spanned = attribute(default=None, compare=False)


@record
class Count:
    """The number of values of this header or query parameter, 0 when absent, compares so with a number."""

    field: Field
    comparison: Comparison
    number: int
    span: Spanned = attribute(default=None, compare=False)


@record
class Opaque:
    """A condition that is not modelled, named by its canonical text. Equal names mean the same condition."""

    name: str
    span: Spanned = attribute(default=None, compare=False)


Atom = Test | Present | AnyValue | ValueAt | Count | Opaque


@record
class Constant:
    """True or false for every request."""

    value: bool
    span: Spanned = attribute(default=None, compare=False)


@record
class Fails:
    """Evaluation ends in an error for every request; use the value FAILS where no span is known."""

    span: Spanned = attribute(default=None, compare=False)


@record
class Not:
    """True where the operand is false."""

    operand: Expression
    span: Spanned = attribute(default=None, compare=False)


@record
class And:
    """Conjunction; a false operand wins over a failing one."""

    operands: tuple[Expression, ...]
    span: Spanned = attribute(default=None, compare=False)


@record
class Or:
    """Disjunction; a true operand wins over a failing one."""

    operands: tuple[Expression, ...]
    span: Spanned = attribute(default=None, compare=False)


@record
class If:
    """The second operand where the first is true, the third where it is false, failing where the first fails."""

    condition: Expression
    then: Expression
    otherwise: Expression
    span: Spanned = attribute(default=None, compare=False)


Expression = Atom | Constant | Fails | Not | And | Or | If

TRUE, FALSE, FAILS = Constant(True), Constant(False), Fails()
