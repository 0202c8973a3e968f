"""The syntax of CEL: what texts come to, where their parts stand, and what is said about texts that are none."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cel_strategies import trees
from edgelint.languages.cel.grammar import TABLES, lark, tables, written
from edgelint.languages.cel.syntax import (
    MAX_DEPTH,
    AllOf,
    AnyOf,
    Binary,
    Call,
    Conditional,
    Has,
    Index,
    ListOf,
    Literal,
    Macro,
    MapOf,
    Message,
    Name,
    Node,
    Select,
    SyntaxProblem,
    Unary,
    parse,
    walk,
)
from edgelint.languages.cel.unparse import unparse
from edgelint.resources import folder
from support import many

A, B, C, D = map(Name, "abcd")


def string(value: str) -> Literal:
    return Literal("string", value)


def integer(value: int) -> Literal:
    return Literal("int", value)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("null", "null_type", None),
        ("true", "bool", True),
        ("false", "bool", False),
        ("0", "int", 0),
        ("007", "int", 7),
        ("0xFf", "int", 255),
        ("-0x10", "int", -16),
        ("- 5", "int", -5),
        ("9223372036854775807", "int", 2**63 - 1),
        ("-9223372036854775808", "int", -(2**63)),
        ("7u", "uint", 7),
        ("0x10U", "uint", 16),
        ("18446744073709551615u", "uint", 2**64 - 1),
        ("1.5", "double", 1.5),
        (".5e+2", "double", 50.0),
        ("1e-3", "double", 0.001),
        ("-2.5", "double", -2.5),
        ('""', "string", ""),
        ("'\"'", "string", '"'),
        (r'"\a\b\f\n\r\t\v\\\?\"\'\`"', "string", "\a\b\f\n\r\t\v\\?\"'`"),
        (r'"\x41\X42\103\u0044\U00000045"', "string", "ABCDE"),
        (r'"\U0001F600"', "string", "\U0001f600"),
        (r'"\377"', "string", "\xff"),
        (r'r"\d\\"', "string", r"\d\\"),
        (r"R'\''"[:-1], "string", "\\"),
        ('"""a"b""c"""', "string", 'a"b""c'),
        ("'''a\r\nb\rc'''", "string", "a\nb\nc"),
        ('r"""\\x"""', "string", "\\x"),
        ('b"é"', "bytes", b"\xc3\xa9"),
        (r'b"\xff\377\n"', "bytes", b"\xff\xff\n"),
        (r'br"\n"', "bytes", b"\\n"),
        ("B'''\n'''", "bytes", b"\n"),
    ],
)
def test_a_literal_has_the_value_it_spells(text: str, kind: str, value: object) -> None:
    literal = parse(text)
    assert isinstance(literal, Literal)
    assert (literal.kind, literal.value, type(literal.value)) == (kind, value, type(value))
    assert literal.span == (0, len(text))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a || b && c", AnyOf((A, AllOf((B, C))))),
        ("a || (b || c) || d", AnyOf((A, B, C, D))),
        ("a && (b && c) && d", AllOf((A, B, C, D))),
        ("a ? b : c ? d : a", Conditional(A, B, Conditional(C, D, A))),
        ("a == b != c", Binary("!=", Binary("==", A, B), C)),
        ("a in b < c", Binary("<", Binary("in", A, B), C)),
        ("a - b - c", Binary("-", Binary("-", A, B), C)),
        ("a + b * c", Binary("+", A, Binary("*", B, C))),
        ("a % b / c", Binary("/", Binary("%", A, B), C)),
        ("!a.b", Unary("!", Select(A, "b"))),
        ("!!a", A),
        ("!!!a", Unary("!", A)),
        ("!(!a)", Unary("!", Unary("!", A))),
        ("--a", A),
        ("--1", integer(1)),
        ("---1", Unary("-", integer(1))),
        ("-(1)", Unary("-", integer(1))),
        ("a -1", Binary("-", A, integer(1))),
        ("-a[0]", Unary("-", Index(A, integer(0)))),
        ("a.b[c].d", Select(Index(Select(A, "b"), C), "d")),
        ("a.`b-c/d`", Select(A, "b-c/d")),
        ("a.if", Select(A, "if")),
        (".a.b", Select(Name(".a"), "b")),
        ("a(b, c)", Call(None, "a", (B, C))),
        (".a()", Call(None, ".a", ())),
        ("a.b(c)", Call(A, "b", (C,))),
        ("a.package()", Call(A, "package", ())),
        ("[]", ListOf(())),
        ("[,]", ListOf(())),
        ("[a, b,]", ListOf((A, B))),
        ("{}", MapOf(())),
        ("{a: b, c: d,}", MapOf(((A, B), (C, D)))),
        ("a.b{c: d, `e f`: a,}", Message("a.b", (("c", D), ("e f", A)))),
        (".a{}", Message(".a", ())),
        ("has(a.b)", Has(A, "b")),
        ("has((a.b))", Has(A, "b")),
        ("has(a, b)", Call(None, "has", (A, B))),
        ("a.all(b, c)", Macro("all", A, "b", C, None)),
        ("a.exists(b, c)", Macro("exists", A, "b", C, None)),
        ("a.exists_one(b, c)", Macro("exists_one", A, "b", C, None)),
        ("a.filter(b, c)", Macro("filter", A, "b", C, None)),
        ("a.map(b, c)", Macro("map", A, "b", None, C)),
        ("a.map(b, c, d)", Macro("map", A, "b", C, D)),
        ("a.exists(b)", Call(A, "exists", (B,))),
        ("all(a, b)", Call(None, "all", (A, B))),
        ("truex", Name("truex")),
        ("in_a", Name("in_a")),
        ("a// b\n&& c// d", AllOf((A, C))),
    ],
)
def test_an_expression_has_the_tree_of_its_operators(text: str, tree: Node) -> None:
    assert parse(text) == tree


def test_spans_cover_what_belongs_to_a_node() -> None:
    text = '  (a.b) == "x"  && f(c) || !d[ 0 ]'
    spans = [text[slice(*node.span)] for node in walk(parse(text))]
    assert spans == [
        '(a.b) == "x"  && f(c) || !d[ 0 ]', '(a.b) == "x"  && f(c)', '(a.b) == "x"', "a.b", "a", '"x"', "f(c)", "c",
        "!d[ 0 ]", "d[ 0 ]", "d", "0",
    ]  # fmt: skip


def test_the_name_of_a_called_function_has_a_span_of_its_own() -> None:
    text = '"é".size( 1 ).f()'
    calls = [node for node in walk(parse(text)) if isinstance(node, Call)]
    assert [text[slice(*call.name_span)] for call in calls] == ["f", "size"]


@given(trees)
@settings(max_examples=many(200), deadline=None)
def test_the_canonical_text_of_a_tree_parses_back_to_it(tree: Node) -> None:
    assert parse(unparse(tree)) == tree


@pytest.mark.parametrize(
    ("text", "message", "part"),
    [
        ("", "the expression is empty", ""),
        (" // nothing\n", "the expression is empty", " // nothing\n"),
        (")", "found `)`, expected an expression", ")"),
        ("a b", "found `b`, expected an operator or the end", "b"),
        ("f(a b)", "found `b`, expected an operator, `,` or `)`", "b"),
        ("f(a,)", "found `)`, expected an expression", ")"),
        ("[a, b", "the expression ends here, expected `,` or `]`", ""),
        ("{a b}", "found `b`, expected an operator or `:`", "b"),
        ("a ? b", "the expression ends here, expected `:`", ""),
        ("a.", "the expression ends here, expected a name", ""),
        ("a.in", "found `in`, expected a name", "in"),
        ("`a`", "found `a`, expected an expression", "`a`"),
        ("(a).b{}", "found `{`, expected an operator or the end", "{}"),
        ('a = "x"', "found a single `=`, expected `==`", "="),
        ("a & b", "found a single `&`, expected `&&`", "&"),
        ("a | b", "found a single `|`, expected `||`", "|"),
        ("a == “x”", "found the typographic quote `“`, expected `\"` or `'`", "“"),
        ("a # b", "found `#`, which has no meaning in CEL", "#"),
        ("a\0", "found the character U+0000, which has no meaning in CEL", "\0"),
        ("a and b", "found `and`, expected an operator; CEL writes it `&&`", "and"),
        ("not a", "found `not`, expected an operator; CEL writes it `!`", "not"),
        ('a contains "x"', "found `contains`, expected an operator; CEL writes it `.contains(...)`", "contains"),
        ('a == "x\n', "this text has no closing quote", '"x'),
        ("a == '''x'", "this text has no closing quote", "'''x'"),
        ("a.`b?`", "a name between back-ticks holds letters, digits, blanks and `_.-/` only", "`"),
        (r'a == "\d"', r"`\d` is no escape sequence; write `\\d`, or a raw text such as `r" + '"..."`', r"\d"),
        (r'a == "\ud800"', r"`\ud800` is no character", r"\ud800"),
        (r'a == b"\u00ff"', r"`\u00ff` is a character, which bytes cannot hold", r"\u00ff"),
        ("9223372036854775808", "the number `9223372036854775808` does not fit in 64 bits", "9223372036854775808"),
        ("--9223372036854775808", "the number `9223372036854775808` does not fit in 64 bits", "9223372036854775808"),
        (
            "18446744073709551616u",
            "the number `18446744073709551616u` does not fit in 64 bits",
            "18446744073709551616u",
        ),
        ("1e999", "the number `1e999` does not fit in 64 bits", "1e999"),
        ("!-a", "found `a`, expected a number", "a"),
        ("-!a", "found `!`, expected an expression", "!"),
        ("if == 1", "`if` is a reserved word and names no variable or function", "if"),
        ("for(a)", "`for` is a reserved word and names no variable or function", "for"),
        ("has(a)", "`has` takes a field, such as `has(headers.name)`", "a"),
        ("a.all(1, b)", "the first argument of `all` must be a new name for the element", "1"),
        ("a.map(__result__, b)", "`__result__` cannot name the element", "__result__"),
        ("a.?b", "`.?` is optional syntax, which is not switched on", ".?"),
        ("a[?b]", "`[?` is optional syntax, which is not switched on", "[?"),
        ("[a, ?b]", "`,?` is optional syntax, which is not switched on", ", ?"),
        ("{?a: b}", "`{?` is optional syntax, which is not switched on", "{?"),
        ('rb"a"', 'found `"a"`, expected an operator or the end', '"a"'),
    ],
)
def test_a_text_that_is_no_expression_is_refused_where_it_stops_being_one(text: str, message: str, part: str) -> None:
    with pytest.raises(SyntaxProblem) as caught:
        parse(text)
    assert (caught.value.message, text[slice(*caught.value.span)]) == (message, part)


@pytest.mark.parametrize(
    ("before", "inside", "after"),
    [
        ("(", "a", ")"),
        ("!(", "a", ")"),
        ("[", "", "]"),
        ("f(", "a", ")"),
        ("{a: ", "a", "}"),
        ("a ? b : ", "a", ""),
        ("a + (", "a", ")"),
    ],
)
def test_deep_nesting_works_or_is_refused_but_never_overflows(before: str, inside: str, after: str) -> None:
    tree = parse(before * (MAX_DEPTH - 2) + inside + after * (MAX_DEPTH - 2))
    assert parse(unparse(tree)) == tree
    with pytest.raises(SyntaxProblem, match="nests more than"):
        parse(before * 2_000 + inside + after * 2_000)


@pytest.mark.parametrize(
    "text", ["(" * 4096, "!" * 4096, "-" * 4096, "[" * 4096, "{" * 4096, "a." * 2048, "a[" * 2048, "f(" * 2048]
)
def test_a_long_unfinished_text_is_refused(text: str) -> None:
    with pytest.raises(SyntaxProblem, match="the expression ends here"):
        parse(text)


TOKENS = (
    "a", "path", "in", "if", "size", "true", "null", "1", "-1", "1u", "0x", ".5", "1.", "1e5", '"s"', "'s'", 'r"\\d"', 'b"x"', '"\\q"', '"', "'''",
    "`q`", "`", "(", ")", "[", "]", "{", "}", ".", ",", ":", "?", "!", "-", "+", "*", "/", "%", "==", "!=", "<", "=", "&&", "||", "&", "//x\n", " ",
    "has(", "f(", ".exists(v,", ".map(v,", "M{", "{1:2}", "[1]", "é", "\0", "\ud800", "not ", "and ",
)  # fmt: skip


@given(st.lists(st.sampled_from(TOKENS), max_size=12).map("".join))
@settings(max_examples=many(400), deadline=None)
def test_any_text_has_a_tree_or_a_problem_inside_it(text: str) -> None:
    try:
        tree = parse(text)
    except SyntaxProblem as problem:
        start, end = problem.span
        inside = 0 <= start <= end <= len(text) and bool(problem.message) and "\n" not in problem.message
    else:
        inside = all(0 <= node.span[0] <= node.span[1] <= len(text) for node in walk(tree))
    assert inside


def test_many_signs_before_one_operand_are_no_nesting() -> None:
    assert parse("!" * 4001 + "a") == Unary("!", A)
    assert parse("-" * 4000 + "a") == A


def test_lark_is_imported_only_when_something_is_parsed() -> None:
    code = "import sys; import edgelint.languages.p2pstream; assert 'lark' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2] / "linter")


def test_the_tables_beside_the_grammar_are_what_lark_makes_of_it():
    assert (folder("grammars") / TABLES).read_text(encoding="utf-8") == written(tables())


@given(st.one_of(trees.map(unparse), st.text(alphabet="ab1.,:?!&|()[]{}\"'- \n<=+in", max_size=12)))
def test_what_the_tables_accept_lark_accepts_too(text):
    try:
        parse(text)
    except SyntaxProblem:
        return
    lark().parse(text)
