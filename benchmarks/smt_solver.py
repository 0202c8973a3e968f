"""Match expressions as constraints for an SMT solver's theory of strings; needs the package `cvc5`.

Left out: conditions that may fail, the order of texts, the text of the cookie header.
"""

import cvc5.pythonic as smt

from edgelint.model import expression as ex
from edgelint.platforms.p2pstream import P2PSTREAM
from edgelint.space.addresses import network

VALUES = 5  # more values than a condition is likely to demand of one list


def text(value):
    return smt.StringVal(value)


def letters(characters):
    return smt.Union(*[smt.Re(text(character)) for character in characters])


ALPHANUMERIC = smt.Union(smt.Range("a", "z"), smt.Range("0", "9"))
ANY = smt.AllChar()
REST = smt.Star(ANY)
LABEL = smt.Plus(smt.Union(ALPHANUMERIC, letters("!$&'()+,;=_~%-")))
NAMES = smt.Option(smt.Concat(LABEL, smt.Star(smt.Concat(smt.Re("."), LABEL))))


class World:
    """The fields of a request as variables, and what their domains say of them."""

    def __init__(self, pattern):
        self.pattern = pattern
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
                return smt.Or(*[smt.And(size > at, self.asks(predicate, value)) for at, value in enumerate(values)])
            case ex.ValueAt(_, index, predicate):
                return smt.And(size > index, self.asks(predicate, values[index]))
            case ex.Count(_, comparison, number):
                return compare(comparison, size, number)
        raise TypeError(condition)

    def tests(self, field, predicate):
        match field.kind:
            case "protocol":
                spoken = [
                    smt.And(self.tls, self.asks(predicate, text("https"))),
                    smt.And(smt.Not(self.tls), self.asks(predicate, text("http"))),
                ]
                return smt.Or(*spoken)
            case "address":
                return self.lies(predicate)
        return self.asks(predicate, getattr(self, field.kind))

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

    def asks(self, predicate, value):  # noqa: C901 - one case for each predicate
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
                return smt.InRe(value, self.pattern(pattern))
            case ex.Length(comparison, number):
                return compare(comparison, smt.Length(value), number)
            case ex.Every(predicates):
                return smt.And(smt.BoolVal(True), *[self.asks(one, value) for one in predicates])
            case ex.Some(predicates):
                return smt.Or(smt.BoolVal(False), *[self.asks(one, value) for one in predicates])
            case ex.Never(one):
                return smt.Not(self.asks(one, value))
        raise TypeError(predicate)


def compare(comparison, left, right):
    return {
        "==": left == right,
        "!=": left != right,
        "<": left < right,
        "<=": left <= right,
        ">": left > right,
        ">=": left >= right,
    }[comparison]


def solved(wanted, pattern, seconds):
    """Whether a request satisfies all conditions; None when the solver gives up, at the latest after so many seconds.

    `pattern` gives the regular expression of the solver that stands for the pattern of a condition.
    """
    world = World(pattern)
    asked = [world.holds(condition) for condition in wanted]
    solver = smt.Solver()
    solver.setOption("tlimit-per", round(seconds * 1000))
    solver.setOption("strings-exp", True)
    solver.add(*world.facts, *asked)
    found = solver.check()
    return True if found == smt.sat else False if found == smt.unsat else None
