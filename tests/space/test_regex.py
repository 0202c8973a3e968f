"""Which patterns are accepted: compared with recorded answers of Go and with known trees."""

import pytest
from hypothesis import given

from edgelint.space.characters import EVERYTHING, NOTHING, Characters
from edgelint.space.limits import Unbounded
from edgelint.space.regex import InvalidPattern, parse
from edgelint.space.syntax import EMPTY, Alternation, Assertion, Concatenation, Repetition, Symbol, Where
from regex_samples import GO, PATTERNS


def reason(pattern):
    """Why a pattern is refused; empty when it is valid."""
    try:
        parse(pattern)
    except InvalidPattern as error:
        return error.message
    return ""


@pytest.mark.parametrize(("pattern", "expected"), GO["syntax"], ids=[ascii(pattern) for pattern, _ in GO["syntax"]])
def test_patterns_are_accepted_and_refused_as_go_does(pattern, expected):
    assert reason(pattern) == expected


@given(PATTERNS)
def test_patterns_made_by_the_rules_are_valid(pattern):
    assert reason(pattern) == ""


@pytest.mark.parametrize(
    ("pattern", "offset"),
    [
        ("ab)", 2),
        ("a(b(c", 3),
        ("(a", 0),
        ("ab**", 2),
        ("ab{2}*", 2),
        ("ab{1001}", 2),
        ("x|*", 2),
        ("ab[c", 2),
        ("ab[cz-a]", 4),
        ("a[[:no:]]", 2),
        ("ab\\", 2),
        ("ab\\y", 2),
        ("[\\8]", 1),
        ("ab\\p{No-such}", 2),
        ("a(?=b)", 1),
        ("a(?P<b", 1),
        ("ab\ud800", 2),
    ],
)
def test_the_offset_is_where_the_trouble_begins(pattern, offset):
    with pytest.raises(InvalidPattern) as caught:
        parse(pattern)
    assert caught.value.offset == offset
    assert str(caught.value) == caught.value.message


def test_a_lone_surrogate_is_no_utf_8():
    assert reason("a\udc80") == "invalid UTF-8"


def literal(text):
    return tuple(Symbol(Characters.of(character)) for character in text)


A, B, C = literal("abc")


@pytest.mark.parametrize(
    ("pattern", "tree"),
    [
        ("", EMPTY),
        ("a", A),
        ("abc", Concatenation((A, B, C))),
        ("a|b|", Alternation((A, B, EMPTY))),
        ("ab*", Concatenation((A, Repetition(B, 0, None)))),
        ("(?:ab)+?", Repetition(Concatenation((A, B)), 1, None)),
        ("a??", Repetition(A, 0, 1)),
        ("a{2}", Repetition(A, 2, 2)),
        ("a{2,}", Repetition(A, 2, None)),
        ("a{2,5}?", Repetition(A, 2, 5)),
        ("a{1}", A),
        ("a{0}", EMPTY),
        ("a{,2}", Concatenation(literal("a{,2}"))),
        ("a{01}", Concatenation(literal("a{01}"))),
        ("a{1,02}", Concatenation(literal("a{1,02}"))),
        ("a{00}+", Concatenation((*literal("a{00"), Repetition(*literal("}"), 1, None)))),
        ("a{10}", Repetition(A, 10, 10)),
        ("(?P<n>a)", A),
        ("(?<n>a)", A),
        (".", Symbol(~Characters.of("\n"))),
        ("(?s).", Symbol(EVERYTHING)),
        ("(?s:.)|.", Alternation((Symbol(EVERYTHING), Symbol(~Characters.of("\n"))))),
        ("(?s-s).", Symbol(~Characters.of("\n"))),
        ("((?s)).", Concatenation((EMPTY, Symbol(~Characters.of("\n"))))),
        ("^$", Concatenation((Assertion(Where.TEXT_START), Assertion(Where.TEXT_END)))),
        ("(?m)^$", Concatenation((Assertion(Where.LINE_START), Assertion(Where.LINE_END)))),
        ("(?m)\\A\\z", Concatenation((Assertion(Where.TEXT_START), Assertion(Where.TEXT_END)))),
        ("\\b\\B", Concatenation((Assertion(Where.WORD_BOUNDARY), Assertion(Where.NO_WORD_BOUNDARY)))),
        ("[]a]", Symbol(Characters.of("]a"))),
        ("[^]a]", Symbol(~Characters.of("]a"))),
        ("[a-]", Symbol(Characters.of("a-"))),
        ("[\\d-z]", Symbol(Characters.of("0123456789-z"))),
        ("[[:^digit:]]", Symbol(~Characters.of("0123456789"))),
        ("[[:]", Symbol(Characters.of("[:"))),
        ("[^\\D]", Symbol(Characters.of("0123456789"))),
        ("\\s", Symbol(Characters.of("\t\n\f\r "))),
        ("(?i)k", Symbol(Characters.of("kK\u212a"))),
        ("(?i:k)k", Concatenation((Symbol(Characters.of("kK\u212a")), Symbol(Characters.of("k"))))),
        ("(?i)[^s]", Symbol(~Characters.of("sS\u017f"))),
        ("(?i)É", Symbol(Characters.of("éÉ"))),
        ("\\x{D800}", Symbol(NOTHING)),
        ("[\\x{D000}-\\x{DFFF}]", Symbol(Characters([(0xD000, 0xD7FF)]))),
        ("\\07\\x41\\x{1F600}", Concatenation(literal("\x07A\U0001f600"))),
        ("\\Qa*\\E+", Concatenation((A, Repetition(literal("*")[0], 1, None)))),
    ],
)
def test_patterns_are_read_as_they_should_be(pattern, tree):
    assert parse(pattern) == tree


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("(" * 999 + "a" + ")" * 999, ""),
        ("(" * 1000 + "a" + ")" * 1000, "expression nests too deeply"),
        ("(?:" * 999 + "a" + ")*" * 999, ""),
        ("(?:" * 1000 + "a" + ")*" * 1000, "expression nests too deeply"),
        ("(?:" * 16_000, "missing closing )"),
        ("[" + "[:" * 20_000, "missing closing ]"),
        ("(a{100}){100}", "invalid repeat count"),
        ("(?:ab{1000}){1}" * 3000, ""),
        ("a{1000}" * 3356, "expression too large"),
        ("a{1000}" * 3300, ""),
    ],
    ids=lambda value: ascii(value[:30]),
)
def test_limits_of_go_end_in_its_answer(pattern, expected):
    assert reason(pattern) == expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("a" * 50_001, "longer than 50000 characters"),
        ("".join(f"[\\pL{character}]" for character in "0123456789" * 20), "more than 100000 ranges"),
    ],
    ids=lambda value: ascii(value[:30]),
)
def test_patterns_that_are_too_large_to_read_end_in_a_reason(pattern, expected):
    with pytest.raises(Unbounded, match=expected):
        parse(pattern)
