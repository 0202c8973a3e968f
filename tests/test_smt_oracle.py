"""The engine against an SMT solver's theory of strings: overlap, subset and union on random rules.

The solver knows nothing of boxes or derivatives; it is given the condition, the domain of the fields and a question. Where it
gives up in its time the question does not count. Word boundaries and the text of the cookie header are left out.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgelint.meaning import Meaning
from edgelint.model import expression as ex
from edgelint.model.walk import literal_atoms
from edgelint.platforms.p2pstream import P2PSTREAM
from edgelint.space.addresses import network
from edgelint.space.questions import outside, overlap
from strategies import expressions

smt = pytest.importorskip("cvc5.pythonic", reason="the SMT solver is not installed: `oracles` group")

pytestmark = pytest.mark.slow
MEANING = Meaning(P2PSTREAM)
SECONDS = 1
VALUES = 5  # more values than a random condition can demand of one list


def text(value):
    return smt.StringVal(value)


def letters(characters):
    return smt.Union(*[smt.Re(text(character)) for character in characters])


ALPHANUMERIC = smt.Union(smt.Range("a", "z"), smt.Range("0", "9"))
ANY = smt.AllChar()
REST = smt.Star(ANY)
LINE = smt.Star(smt.Intersect(ANY, smt.Complement(smt.Re(text("\n")))))
PATTERNS = {
    "^/admin": smt.Concat(smt.Re("/admin"), REST),
    "x$": smt.Concat(REST, smt.Re("x")),
    "(?i)admin": smt.Concat(REST, *[letters([c, c.upper()]) for c in "admin"], REST),
    r"\.(js|css)$": smt.Concat(REST, smt.Re("."), smt.Union(smt.Re("js"), smt.Re("css"))),
    "^[a-f]+$": smt.Plus(smt.Range("a", "f")),
    "": REST,
    "^/admin.*$": smt.Concat(smt.Re("/admin"), LINE),
    "[^a]": smt.Concat(REST, smt.Intersect(ANY, smt.Complement(smt.Re("a"))), REST),
}
LABEL = smt.Plus(smt.Union(ALPHANUMERIC, letters("!$&'()+,;=_~%-")))
NAMES = smt.Option(smt.Concat(LABEL, smt.Star(smt.Concat(smt.Re("."), LABEL))))


class World:
    """The fields of a request as variables, and what their domains say of them."""

    def __init__(self):
        self.method, self.host, self.path = (smt.String(name) for name in ("method", "host", "path"))
        self.tls, self.address = smt.Bool("tls"), smt.Int("address")
        self.lists = {}
        self.facts = [
            smt.InRe(
                self.method, smt.Plus(smt.Union(smt.Range("A", "Z"), smt.Range("0", "9"), letters("!#$%&'*+-.^_`|~")))
            ),
            smt.InRe(self.host, NAMES),
            smt.PrefixOf(text("/"), self.path),
            *[smt.Not(smt.Contains(self.path, text(part))) for part in ("//", "/./", "/../", "\\")],
            *[smt.Not(smt.SuffixOf(text(part), self.path)) for part in ("/.", "/..")],
            *[self.path != text(path) for path in P2PSTREAM.reserved],
            self.address >= 0,
            self.address < (1 << 32) + (1 << 128),
        ]

    def values(self, field):
        """How many values a list has, and the values."""
        if field not in self.lists:
            size = smt.Int(f"{field.kind} {field.name}")
            most = 1 if field.kind == "cookie" else VALUES
            values = [smt.String(f"{field.kind} {field.name} {position}") for position in range(most)]
            self.lists[field] = size, values
            self.facts += [size >= 0, size <= most]
            self.facts += [smt.Implies(size > at, self.domain(field, value)) for at, value in enumerate(values)]
        return self.lists[field]

    @staticmethod
    def domain(field, value):
        if field.kind == "query":
            return smt.BoolVal(True)
        shown = smt.Star(smt.Range(" ", "~"))
        if field.kind == "cookie":
            return smt.And(smt.InRe(value, shown), *[smt.Not(smt.Contains(value, text(c))) for c in '"\\;'])
        edges = [smt.Not(edge(text(" "), value)) for edge in (smt.PrefixOf, smt.SuffixOf)]
        return smt.And(smt.InRe(value, shown), *edges)

    def holds(self, condition):  # noqa: C901 - one case for each node
        match condition:
            case ex.Constant(value):
                return smt.BoolVal(value)
            case ex.Not(operand):
                return smt.Not(self.holds(operand))
            case ex.And(operands):
                return smt.And(smt.BoolVal(True), *map(self.holds, operands))
            case ex.Or(operands):
                return smt.Or(smt.BoolVal(False), *map(self.holds, operands))
            case ex.If(condition, then, otherwise):
                return smt.If(self.holds(condition), self.holds(then), self.holds(otherwise))
            case ex.Test(field, predicate):
                return self.tests(field, predicate)
        size, values = self.values(condition.field)
        match condition:
            case ex.Present():
                return size > 0
            case ex.AnyValue(_, predicate):
                return smt.Or(*[smt.And(size > at, asks(predicate, value)) for at, value in enumerate(values)])
            case ex.ValueAt(_, index, predicate):
                return smt.And(size > index, asks(predicate, values[index]))
            case ex.Count(_, comparison, number):
                return compare(comparison, size, number)
        raise TypeError(condition)

    def tests(self, field, predicate):
        match field.kind:
            case "protocol":
                spoken = [
                    smt.And(self.tls, asks(predicate, text("https"))),
                    smt.And(smt.Not(self.tls), asks(predicate, text("http"))),
                ]
                return smt.Or(*spoken)
            case "address":
                return self.lies(predicate)
        return asks(predicate, getattr(self, field.kind))

    def lies(self, predicate):
        match predicate:
            case ex.InNetwork(net):
                ((first, last),) = network(net).ranges
            case ex.Equals(one):
                ((first, last),) = network(f"{one}/{128 if ':' in one else 32}").ranges
            case ex.Every(predicates):
                return smt.And(smt.BoolVal(True), *map(self.lies, predicates))
            case ex.Some(predicates):
                return smt.Or(smt.BoolVal(False), *map(self.lies, predicates))
            case ex.Never(one):
                return smt.Not(self.lies(one))
        return smt.And(self.address >= first, self.address < last)


def compare(comparison, left, right):
    return {
        "==": left == right,
        "!=": left != right,
        "<": left < right,
        "<=": left <= right,
        ">": left > right,
        ">=": left >= right,
    }[comparison]


def asks(predicate, value):  # noqa: C901 - one case for each predicate
    match predicate:
        case ex.Equals(other):
            return value == text(other)
        case ex.StartsWith(other):
            return smt.PrefixOf(text(other), value)
        case ex.EndsWith(other):
            return smt.SuffixOf(text(other), value)
        case ex.Contains(other):
            return smt.Contains(value, text(other))
        case ex.PathPrefix(other):
            below = smt.PrefixOf(text(other if other.endswith("/") else other + "/"), value)
            return smt.BoolVal(True) if other in ("", "/") else smt.Or(value == text(other), below)
        case ex.HostPattern(other):
            if other.startswith("*."):
                return smt.SuffixOf(text(other[1:]), value)
            return value == text(other) if other else smt.BoolVal(True)
        case ex.Matches(pattern):
            return smt.InRe(value, PATTERNS[pattern])
        case ex.Length(comparison, number):
            return compare(comparison, smt.Length(value), number)
        case ex.Every(predicates):
            return smt.And(smt.BoolVal(True), *[asks(one, value) for one in predicates])
        case ex.Some(predicates):
            return smt.Or(smt.BoolVal(False), *[asks(one, value) for one in predicates])
        case ex.Never(one):
            return smt.Not(asks(one, value))
    raise TypeError(predicate)


def expressible(condition):
    """Whether the solver can be asked: no failing parts, no order of texts, no word boundaries, no cookie header."""
    shown = repr(condition)
    leaves = [predicate for _, predicate, _ in literal_atoms(condition)]
    return (
        "Fails" not in shown
        and "name='cookie'" not in shown
        and not any(isinstance(leaf, ex.Ordered) for leaf in leaves)
        and all(leaf.pattern in PATTERNS for leaf in leaves if isinstance(leaf, ex.Matches))
    )


conditions = expressions.filter(expressible)


def solved(*wanted):
    """Whether a request satisfies the first conditions and none of the negated ones; None when the solver gives up."""
    world = World()
    asked = [world.holds(condition) for condition in wanted]
    solver = smt.Solver()
    solver.setOption("tlimit-per", SECONDS * 1000)
    solver.setOption("strings-exp", True)
    solver.add(*world.facts, *asked)
    found = solver.check()
    return True if found == smt.sat else False if found == smt.unsat else None


@settings(max_examples=100, deadline=None)
@given(conditions, conditions)
def test_two_rules_overlap_where_the_solver_finds_a_request(one, other):
    answer, expected = overlap(MEANING.true(one), MEANING.true(other)), solved(one, other)
    assert expected is None or answer.reason or answer.yes == expected


@settings(max_examples=100, deadline=None)
@given(conditions, st.lists(conditions, min_size=1, max_size=5))
def test_rules_cover_another_where_the_solver_finds_no_request_outside(one, others):
    answer = outside(MEANING.true(one), [MEANING.true(other) for other in others]).answer
    expected = solved(one, *map(ex.Not, others))
    assert expected is None or answer.reason or answer.yes == expected
