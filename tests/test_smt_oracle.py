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
from edgelint.space.questions import outside, overlap
from strategies import expressions

solver = pytest.importorskip("smt_solver", reason="the SMT solver is not installed: `oracles` group")

pytestmark = pytest.mark.slow
MEANING = Meaning(P2PSTREAM)
SECONDS = 1
smt, letters, text, ANY, REST = solver.smt, solver.letters, solver.text, solver.ANY, solver.REST

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
    """Whether a request satisfies all conditions; None when the solver gives up."""
    return solver.solved(wanted, PATTERNS.__getitem__, SECONDS)


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
