import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as some

from edgelint.finding import Confidence, Severity
from edgelint.record import replace
from edgelint.report._safe import visible, width
from edgelint.report.text import WIDTH, excerpt, render
from edgelint.source import Place, Span
from report_samples import (
    HOSTILE,
    RULES,
    accepted,
    golden,
    in_database,
    json_source,
    plain,
    policy,
    report,
    shadowed,
    source,
    varied,
)

SOURCE = json_source("edge/policy.json", RULES)


def test_a_finding_reads_like_the_word_of_a_good_compiler():
    text = render(report(shadowed(SOURCE), plain(SOURCE), policies=(policy(SOURCE),)))
    assert text == golden("text-findings.txt", text)


def test_every_kind_of_finding_and_source_has_its_place():
    text = render(varied())
    assert text == golden("text-varied.txt", text)


def test_colours_are_put_around_the_same_text():
    findings = report(shadowed(SOURCE), plain(SOURCE), in_database(), policies=(policy(SOURCE),))
    coloured = render(replace(findings, colour=True))
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == render(findings)
    assert coloured == golden("text-colours.txt", coloured)


def test_a_clean_run_is_one_line():
    assert render(report(policies=(policy(SOURCE),))) == "no findings in 1 policy, 2 rules\n"


def test_a_clean_run_still_says_what_it_leaves_out():
    text = render(report(policies=(policy(SOURCE),), hidden=2, accepted=(accepted(SOURCE),)))
    assert text.count("\n") == 1
    assert "2 more with --pedantic" in text
    assert "accepted: 1 by the configuration" in text


def test_doubt_is_said():
    text = render(report(plain(SOURCE, confidence=Confidence.LIKELY, severity=Severity.INFO)))
    assert text.startswith("info[never-matches] (likely): ")


def test_a_finding_in_a_database_names_table_row_and_column():
    assert "--> edge.db: public_waf_rules[20].match_json\n\n" in render(report(in_database()))


def test_nothing_a_stranger_writes_reaches_the_terminal_as_it_is():
    rules = [{**rule, "name": HOSTILE + str(number)} for number, rule in enumerate(RULES)]
    hostile = json_source(f"{HOSTILE}.json", rules)
    finding = replace(
        shadowed(hostile, rules),
        message=HOSTILE,
        advice=HOSTILE,
        detail=(HOSTILE,),
        related=(replace(shadowed(hostile, rules).related[0], role=HOSTILE),),
        witness=replace(shadowed(hostile, rules).witness, trace=(HOSTILE,)),
    )
    text = render(report(finding, policies=(policy(hostile, rules),)))
    assert not [c for c in text if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
    assert "<U+202E>" in text
    assert len(text.splitlines()) == text.count("\n")


def test_an_empty_source_has_no_line_to_show():
    place = Place(source("empty.yaml", "", {}))
    assert "|" not in render(report(plain(SOURCE, place=place)))


def cells(text):
    """The characters of a line of a terminal, one for each cell."""
    grid = []
    for character in text:
        grid += [character] * width(character)
    return grid


def place_of(carets):
    return carets.index("^"), len(carets)


@given(
    before=some.text(alphabet="ab\t漢é \x1b\u202e", max_size=30),
    marked=some.text(alphabet="xy\t字\x00 ", min_size=1, max_size=20),
    after=some.text(alphabet="ab\t漢 \x1b", max_size=30),
)
def test_carets_stand_exactly_under_the_span(before, marked, after):
    text = f"first\n{before}{marked}{after}\nlast"
    line = Span(6, 6 + len(before + marked + after))
    shown, carets = excerpt(text, line, Span(6 + len(before), 6 + len(before + marked)))
    start, end = place_of(carets)
    wanted = cells("".join("    " if c == "\t" else visible(c) for c in marked))
    if width(shown) < WIDTH - 3 and "..." not in shown:
        assert cells(shown)[start:end] == wanted
    else:
        assert cells(shown)[start:end][:10] == wanted[:10]


@given(
    before=some.integers(0, 5000),
    length=some.integers(1, 5000),
    after=some.integers(0, 5000),
    letter=some.sampled_from("a漢\x1b"),
)
def test_a_long_line_is_cut_around_the_span(before, length, after, letter):
    text = letter * before + "X" + "x" * (length - 1) + letter * after
    shown, carets = excerpt(text, Span(0, len(text)), Span(before, before + length))
    assert width(shown) <= WIDTH + 1
    start, end = place_of(carets)
    assert cells(shown)[start] == "X"
    assert end <= width(shown)
    if before > WIDTH:
        assert shown.startswith("...")
    if after > WIDTH and length < 50:
        assert shown.endswith("...")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_only_the_first_line_of_a_longer_place_is_shown(end):
    text = f"one{end}two three{end}four"
    start = text.index("three")
    place = Place(source("x.yaml", text, {("a",): Span(start, len(text))}), ("a",))
    shown = render(report(plain(SOURCE, place=place)))
    assert "2 | two three\n" in shown
    assert "  |     ^^^^^\n" in shown
