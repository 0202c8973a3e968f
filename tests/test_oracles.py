"""The differential oracles, shortened: every kind of question a fixed number of times. `oracles/run.py` is the long run."""

import re

import pytest
from hypothesis import strategies as st

from edgelint.space.limits import Unbounded
from oracles.asking import AGREED, Kind, Tally, ask_round, compared, undecided
from oracles.run import KINDS, main

SHORT = {
    "cel-cpp": 300,
    "cel-python": 300,
    "pattern-syntax": 300,
    "pattern-texts": 1000,
    "solver-conditions": 10,
    "enumeration": 1500,
    "enumeration-plain": 1500,
    "sampling": 1500,
    "sampling-cookies": 1500,
    "order": 1000,
    "findings": 500,
}
"""How many answers must agree in one round of each kind; the others take too long for every save."""

LONG = {
    **{name: (4, 4 * least) for name, least in SHORT.items() if not name.startswith("enumeration")},
    "enumeration": (3, 4000),
    "enumeration-plain": (3, 4000),
    "solver-policies": (3, 20),
    "laws": (5, 200),
    "findings-starved": (5, 1200),
    "hash-seeds": (1, 4),
}
"""How many further rounds are asked of each kind, and how many answers must agree in them."""

LIMITS = re.compile(
    r"it depends on `(?:at night|on sundays)`"  # opaque conditions
    r"|it depends on `address "  # texts that pick too many ranges of addresses
    r"|conditions on the cookie header and on the cookies in it are tested together"
)
"""The constructs that the design of the request space lists as not exact, as far as the random questions have any."""


def asked(kind, seeds):
    if kind.missing:
        pytest.skip(kind.missing)
    tally = Tally(kind.name)
    for seed in seeds:
        ask_round(kind, seed, tally)
    return tally


def check(tally, least):
    assert not tally.disagreements, tally.disagreements[-1].text
    assert tally.agreed >= least
    assert tally.agreed + tally.undecided.total() + tally.unknown.total() == tally.asked
    if tally.kind not in (
        "laws",
        "findings-starved",
    ):  # real policies may rest on anything, starved ones meet every bound
        assert not [reason for reason in tally.unknown if not LIMITS.match(reason)]


@pytest.mark.parametrize("name", SHORT)
def test_we_and_the_oracle_agree(name):
    check(asked(KINDS[name], range(1)), SHORT[name])


@pytest.mark.slow
@pytest.mark.parametrize("name", LONG)
def test_we_and_the_oracle_agree_on_more_questions(name):
    rounds, least = LONG[name]
    check(asked(KINDS[name], range(1, 1 + rounds)), least)


def test_every_kind_is_asked():
    assert SHORT.keys() | LONG.keys() == KINDS.keys()


NUMBERS = st.integers(0, 10_000)


def large(number):
    yield AGREED
    yield compared("large", number > 100, False)


def told(kind):
    tally, found = Tally(kind.name), []
    ask_round(kind, 3, tally, found.append)
    return tally, found


def test_a_disagreement_is_told_at_once_and_again_when_it_is_narrowed_down():
    tally, (first, last) = told(Kind("large", NUMBERS, large, 50))
    assert (first.kind, first.seed) == (last.kind, last.seed) == ("large", 3)
    assert last.text == "large: ours is True, theirs False\n101"
    assert tally.disagreements == [last]
    assert tally.asked == tally.agreed + 1  # nothing is counted while it is narrowed down


def test_a_question_we_break_on_is_a_disagreement():
    tally, (_, last) = told(Kind("broken", NUMBERS, lambda number: iter([AGREED, 1 // (number % 7)]), 50))
    assert "ZeroDivisionError" in last.text
    assert tally.disagreements == [last]


def test_what_neither_side_knows_is_counted_by_reason():
    def ask(number):
        yield undecided("too hard")
        if number % 2:
            raise Unbounded("too large")

    tally, found = told(Kind("open", NUMBERS, ask, 50))
    assert not found
    assert tally.agreed == 0
    assert tally.undecided["too hard"] + tally.unknown["too large"] == tally.asked
    assert 50 < tally.asked < 100


def test_a_seed_draws_the_same_questions_again():
    drawn = []
    kind = Kind("noted", NUMBERS, lambda number: drawn.append(number) or (), 20)
    told(kind)
    told(kind)
    assert drawn[: len(drawn) // 2] == drawn[len(drawn) // 2 :]
    assert len(set(drawn)) > 10


def test_the_long_run_prints_what_was_asked_and_fails_on_a_disagreement(monkeypatch, capsys):
    monkeypatch.setitem(KINDS, "large", Kind("large", NUMBERS, large, 50))
    monkeypatch.setitem(KINDS, "absent", Kind("absent", NUMBERS, large, 50, "there is no oracle"))
    assert main(["--kinds", "large", "absent", "--rounds", "2", "--seed", "3"]) == 1
    out, err = capsys.readouterr()
    assert out.startswith("DISAGREEMENT --kinds large --seed 3 --rounds 1\nlarge: ours is True")
    assert re.search(r"^large +\d+ +\d+ +0 +0 +2 +\d+$", out, re.MULTILINE)
    assert err == "absent is left out: there is no oracle\n"


def test_the_long_run_succeeds_where_all_agree(monkeypatch, capsys):
    monkeypatch.setitem(KINDS, "small", Kind("small", st.integers(0, 100), large, 50))
    assert main(["--kinds", "small", "--rounds", "1"]) == 0
    assert "DISAGREEMENT" not in capsys.readouterr().out
