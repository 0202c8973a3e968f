"""cvc5's theory of strings as a contender of `rivals.py`: rules are CEL, and become constraints for each question anew."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))

from asking import Verdict, serve
from smt_solver import REST, smt, solved
from subset import anchored

from edgelint.languages.p2pstream import compile_match
from edgelint.model.expression import Expression, Not
from edgelint.space.syntax import Alternation, Concatenation, Regex, Repetition, Symbol, bottom_up

SECONDS = 10
"""How long the solver may take for one question."""

LAST = 0x2FFFF
"""The greatest character of SMT-LIB's strings."""


def pattern(text: str) -> smt.ReRef:
    """The texts in which a pattern is found."""
    found = anchored(text)
    parts = [] if found.start else [REST]
    parts.append(bottom_up(found.body, expression))
    return joined(parts if found.end else [*parts, REST])


def expression(node: Regex, below: list[smt.ReRef]) -> smt.ReRef:
    """A node of a pattern, from the expressions of what lies below it."""
    match node:
        case Symbol(characters):
            pairs = [(first, min(last, LAST)) for first, last in characters.ranges if first <= LAST]
            return either([smt.Range(chr(first), chr(last)) for first, last in pairs])
        case Concatenation():
            return joined(below)
        case Alternation():
            return either(below)
        case Repetition(_, least, None):
            return joined([smt.Loop(below[0], least, least), smt.Star(below[0])])
        case Repetition(_, least, most):
            return smt.Loop(below[0], least, most)
    raise TypeError(node)


def joined(parts: Sequence[smt.ReRef]) -> smt.ReRef:
    """One after the other."""
    return smt.Concat(smt.Re(""), smt.Re(""), *parts)


def either(branches: Sequence[smt.ReRef]) -> smt.ReRef:
    """One of them."""
    return smt.Union(*branches) if len(branches) > 1 else branches[0]


def overlaps(rule: Expression, other: Expression) -> Verdict:
    """Whether two rules share a request."""
    return solved([rule, other], pattern, SECONDS)


def covered(rule: Expression, earlier: Sequence[Expression]) -> Verdict:
    """Whether earlier rules leave a rule no request."""
    left = solved([rule, *map(Not, earlier)], pattern, SECONDS)
    return None if left is None else not left


if __name__ == "__main__":
    serve(lambda rule: rule, overlaps, covered, load=lambda text: compile_match(text).expression)
