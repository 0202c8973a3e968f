"""Conditions in the language of an SMT solver: its theory of strings knows nothing of boxes or derivatives.

A world holds the fields of a request as variables, and what their domains say of them. Hosts are names, IPv6 texts are left
out; of the cookie header it is known only that a cookie makes it present.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable

from edgelint.model import expression as ex
from edgelint.model.walk import atoms, literal_atoms
from edgelint.platforms.p2pstream import P2PSTREAM
from edgelint.space.addresses import network
from oracles.cel_implementations import missing
from oracles.random_rules import AGENTS
from oracles.random_rules import PATTERNS as PATHS

MISSING = missing("cvc5.pythonic")
smt = None if MISSING else importlib.import_module("cvc5.pythonic")

VALUES = 5
"""How many values a list has at most: more than any condition here can demand."""

((_first, _last),) = network("::ffff:0:0/96").ranges
MAPPED = _first, _last
"""The addresses that no client has: IPv4 written as IPv6."""

Term = object
Pair = tuple[Term, Term]
"""The terms for being true and for being false; where neither holds, a condition fails."""


def text(value: str) -> Term:
    return smt.StringVal(value)


def letters(characters: str) -> Term:
    """One of some characters."""
    found = [smt.Re(text(character)) for character in characters]
    return smt.Union(*found) if len(found) > 1 else found[0]


def no(characters: Term) -> Term:
    """One character that is none of some."""
    return smt.Intersect(smt.AllChar(), smt.Complement(characters))


def folded(word: str) -> Term:
    """A word whose letters may be small or capital; none of them folds with anything else."""
    return smt.Concat(*[letters(c + c.upper()) if c.isalpha() else letters(c) for c in word])


def sequence(*parts: object) -> Term:
    """Parts one after the other, texts as they are."""
    found = [smt.Re(text(part)) if isinstance(part, str) else part for part in parts]
    return smt.Concat(*found) if len(found) > 1 else found[0]


def one_of(*parts: object) -> Term:
    """One of some parts."""
    return smt.Union(*map(sequence, parts))


def _patterns() -> dict[str, Term]:
    rest, line = smt.Star(smt.AllChar()), smt.Star(no(letters("\n")))
    word = smt.Union(smt.Range("a", "z"), smt.Range("A", "Z"), smt.Range("0", "9"), letters("_"))
    before, after = smt.Option(smt.Concat(rest, no(word))), smt.Option(smt.Concat(no(word), rest))
    scripts = one_of(".js", ".css")
    paths = dict(
        zip(
            (pattern.replace("\\\\", "\\") for pattern in PATHS),
            (
                sequence("/api/", smt.Plus(no(letters("/"))), scripts),
                sequence(rest, folded("/admin"), rest),
                sequence("/", one_of("admin", "login"), smt.Option(letters("/"))),
                sequence(rest, scripts),
                sequence("/api/v", smt.Plus(smt.Range("0", "9")), "/", rest),
                sequence(before, "admin", after),
                sequence("/assets/", line),
            ),
            strict=True,
        )
    )
    agents = (
        sequence(rest, smt.Union(folded("bot"), folded("curl")), rest),
        sequence("Mozilla/", rest),
        sequence(rest, "curl", rest),
    )
    return {
        **paths,
        **dict(zip(AGENTS, agents, strict=True)),
        "^/admin": sequence("/admin", rest),
        "x$": sequence(rest, "x"),
        "(?i)admin": sequence(rest, folded("admin"), rest),
        r"\.(js|css)$": sequence(rest, scripts),
        "^[a-f]+$": smt.Plus(smt.Range("a", "f")),
        r"\badmin\b": sequence(before, "admin", after),
        "": rest,
        "^/admin.*$": sequence("/admin", line),
        "[^a]": sequence(rest, no(letters("a")), rest),
    }


PATTERNS: dict[str, Term] = {} if MISSING else _patterns()
"""The regular expressions of the random conditions and policies, written by hand in the solver's language."""


class World:
    """The fields of a request as variables, and what their domains say of them."""

    def __init__(self) -> None:
        self.method, self.host, self.path = (smt.String(name) for name in ("method", "host", "path"))
        self.tls, self.address = smt.Bool("tls"), smt.Int("address")
        self.lists: dict[ex.Field, tuple[Term, list[Term]]] = {}
        alphanumeric = smt.Union(smt.Range("a", "z"), smt.Range("0", "9"))
        token = smt.Union(smt.Range("A", "Z"), smt.Range("0", "9"), letters("!#$%&'*+-.^_`|~"))
        label = smt.Plus(smt.Union(alphanumeric, letters("!$&'()+,;=_~%-")))
        self.facts = [
            smt.InRe(self.method, smt.Plus(token)),
            smt.InRe(self.host, smt.Option(smt.Concat(label, smt.Star(sequence(".", label))))),
            smt.PrefixOf(text("/"), self.path),
            *[smt.Not(smt.Contains(self.path, text(part))) for part in ("//", "/./", "/../", "\\")],
            *[smt.Not(smt.SuffixOf(text(part), self.path)) for part in ("/.", "/..")],
            *[self.path != text(path) for path in P2PSTREAM.reserved],
            self.address >= 0,
            self.address < (1 << 32) + (1 << 128),
            smt.Or(self.address < MAPPED[0], self.address >= MAPPED[1]),
        ]

    def values(self, field: ex.Field) -> tuple[Term, list[Term]]:
        """How many values a list has, and the values."""
        if field not in self.lists:
            size = smt.Int(f"{field.kind} {field.name}")
            most = 1 if field.kind == "cookie" else VALUES
            values = [smt.String(f"{field.kind} {field.name} {position}") for position in range(most)]
            self.lists[field] = size, values
            self.facts += [size >= 0, size <= most]
            self.facts += [smt.Implies(size > at, self.domain(field, value)) for at, value in enumerate(values)]
            if field.kind == "cookie":
                self.facts.append(smt.Implies(size > 0, self.values(ex.Field("header", "cookie"))[0] > 0))
        return self.lists[field]

    @staticmethod
    def domain(field: ex.Field, value: Term) -> Term:
        if field.kind == "query":
            return smt.BoolVal(True)
        if field.kind == "cookie":
            shown = smt.Star(smt.Range(" ", "~"))
            return smt.And(smt.InRe(value, shown), *[smt.Not(smt.Contains(value, text(c))) for c in '"\\;'])
        control = smt.Union(smt.Range("\x00", "\x08"), smt.Range("\x0a", "\x1f"), letters("\x7f"))
        edges = [smt.Not(edge(text(c), value)) for edge in (smt.PrefixOf, smt.SuffixOf) for c in " \t"]
        return smt.And(smt.InRe(value, smt.Star(no(control))), *edges)

    def true(self, condition: ex.Expression) -> Term:
        return self.pair(condition)[0]

    def pair(self, condition: ex.Expression) -> Pair:
        """When a condition is true, and when it is false."""
        match condition:
            case ex.Constant(value):
                return smt.BoolVal(value), smt.BoolVal(not value)
            case ex.Fails():
                return smt.BoolVal(False), smt.BoolVal(False)
            case ex.Not(operand):
                true, false = self.pair(operand)
                return false, true
            case ex.And(operands):
                pairs = [self.pair(operand) for operand in operands]
                return conjunction(pair[0] for pair in pairs), disjunction(pair[1] for pair in pairs)
            case ex.Or(operands):
                pairs = [self.pair(operand) for operand in operands]
                return disjunction(pair[0] for pair in pairs), conjunction(pair[1] for pair in pairs)
            case ex.If(condition, then, otherwise):
                (yes, no), one, other = self.pair(condition), self.pair(then), self.pair(otherwise)
                true, false = (smt.Or(smt.And(yes, one[at]), smt.And(no, other[at])) for at in (0, 1))
                return true, false
        true = self.atom(condition)
        return true, smt.Not(true)

    def atom(self, atom: ex.Expression) -> Term:
        if isinstance(atom, ex.Test):
            return self.tests(atom.field, atom.predicate)
        size, values = self.values(atom.field)
        match atom:
            case ex.Present():
                return size > 0
            case ex.AnyValue(_, predicate):
                return disjunction(smt.And(size > at, asks(predicate, value)) for at, value in enumerate(values))
            case ex.ValueAt(_, index, predicate):
                return smt.And(size > index, asks(predicate, values[index]))
            case ex.Count(_, comparison, number):
                return compare(comparison, size, number)
        raise TypeError(atom)

    def tests(self, field: ex.Field, predicate: ex.Predicate) -> Term:
        match field.kind:
            case "protocol":
                spoken = asks(predicate, text("https")), asks(predicate, text("http"))
                return smt.Or(smt.And(self.tls, spoken[0]), smt.And(smt.Not(self.tls), spoken[1]))
            case "address":
                return self.lies(predicate)
        return asks(predicate, getattr(self, field.kind))

    def lies(self, predicate: ex.Predicate) -> Term:
        match predicate:
            case ex.InNetwork(net):
                ((first, last),) = network(net).ranges
            case ex.Equals(one):
                ((first, last),) = network(f"{one}/{128 if ':' in one else 32}").ranges
            case ex.Every(predicates):
                return conjunction(map(self.lies, predicates))
            case ex.Some(predicates):
                return disjunction(map(self.lies, predicates))
            case ex.Never(one):
                return smt.Not(self.lies(one))
        return smt.And(self.address >= first, self.address < last)


def conjunction(terms: Iterable[Term]) -> Term:
    return smt.And(smt.BoolVal(True), *terms)


def disjunction(terms: Iterable[Term]) -> Term:
    return smt.Or(smt.BoolVal(False), *terms)


def compare(comparison: ex.Comparison, left: Term, right: Term) -> Term:
    return {
        "==": left == right,
        "!=": left != right,
        "<": left < right,
        "<=": left <= right,
        ">": left > right,
        ">=": left >= right,
    }[comparison]


def asks(predicate: ex.Predicate, value: Term) -> Term:  # noqa: C901 - one case for each predicate
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
        case ex.Ordered(comparison, other):
            return compare(comparison, value, text(other))
        case ex.Every(predicates):
            return conjunction(asks(one, value) for one in predicates)
        case ex.Some(predicates):
            return disjunction(asks(one, value) for one in predicates)
        case ex.Never(one):
            return smt.Not(asks(one, value))
    raise TypeError(predicate)


def expressible(condition: ex.Expression) -> bool:
    """Whether the solver can be asked: every pattern is known to it, and of the cookie header only its presence counts."""
    patterns = (leaf.pattern for _, leaf, _ in literal_atoms(condition) if isinstance(leaf, ex.Matches))
    return all(pattern in PATTERNS for pattern in patterns) and not any(map(_unspoken, atoms(condition)))


def _unspoken(found: tuple[ex.Atom, bool]) -> bool:
    atom = found[0]
    if isinstance(atom, ex.Opaque):
        return True
    return atom.field == ex.Field("header", "cookie") and not isinstance(atom, ex.Present | ex.Count)


class Solver:
    """What the solver says of conditions on one world. It gives up after some milliseconds."""

    def __init__(self, milliseconds: int) -> None:
        self.milliseconds = milliseconds
        self.world = World()

    def satisfiable(self, *wanted: Term) -> bool | None:
        """Whether a request satisfies all of these; None when the solver gives up."""
        solver = smt.Solver()
        solver.setOption("tlimit-per", self.milliseconds)
        solver.setOption("strings-exp", True)
        solver.add(*self.world.facts, *wanted)
        found = solver.check()
        return True if found == smt.sat else False if found == smt.unsat else None
