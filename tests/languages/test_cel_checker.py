"""The types of expressions, and what is said about expressions that have none."""

from __future__ import annotations

import pytest

from edgelint.languages.cel.checker import check
from edgelint.languages.cel.environment import environment
from edgelint.languages.cel.syntax import parse

ENVIRONMENT = environment(
    {
        "text": "string",
        "whole": "int",
        "fields": "map(string, list(string))",
        "jar": "map(string, string)",
        "any": "dyn",
    },
    ["ask(string, string) -> bool"],
)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("1", "int"),
        ("1u + 2u", "uint"),
        ("[1, 2]", "list(int)"),
        ("[1, 'a']", "list(dyn)"),
        ("[]", "list(dyn)"),
        ("{}", "map(dyn, dyn)"),
        ("{'a': [], 'b': [1]}", "map(string, list(int))"),
        ("[[]] + [[1]]", "list(list(int))"),
        ("[1] + ['a'].map(x, any)", "list(dyn)"),
        ("fields['a']", "list(string)"),
        ("fields.a[0]", "string"),
        ("jar.a == 'x'", "bool"),
        ("jar.map(k, jar[k])", "list(string)"),
        ("fields.a.filter(v, v != '')", "list(string)"),
        ("fields.map(k, size(k) > 2, fields[k])", "list(list(string))"),
        ("[[1], []].map(x, x.map(y, y + 1))", "list(list(int))"),
        ("whole > 1 ? [1] : []", "list(int)"),
        ("whole > 1 ? any : 1", "dyn"),
        ("any + 1", "int"),
        ("any.a.b[0].c", "dyn"),
        ("any == 1 && any == 'a'", "bool"),
        ("any[0]", "dyn"),
        ("dyn([1])", "dyn"),
        ("size(any) + 1", "int"),
        ("type(1)", "type(int)"),
        ("type", "type(type)"),
        ("google.protobuf.Timestamp", "type(google.protobuf.Timestamp)"),
        ("timestamp(0) + duration('1s')", "google.protobuf.Timestamp"),
        ("timestamp(0) - timestamp(1)", "google.protobuf.Duration"),
        ("timestamp(0).getHours('UTC')", "int"),
        ("timestamp(0) == null", "bool"),
        (".text", "string"),
        ("[1].exists(text, text == 1 && .text == 'a')", "bool"),
        ("[1].exists(x, ['a'].exists(x, x == 'a') && x == 1)", "bool"),
        ("has(fields.a)", "bool"),
        ("!!text == text", "bool"),
    ],
)
def test_an_expression_has_the_type_of_its_operations(text: str, kind: str) -> None:
    found, issues = check(parse(text), ENVIRONMENT)
    assert (str(found), issues) == (kind, ())


@pytest.mark.parametrize(
    ("text", "message", "part"),
    [
        ("txt == 'a'", "there is no variable `txt`; did you mean `text`?", "txt"),
        ("[1].all(v, v > 0) && v > 0", "there is no variable `v`", "v"),
        ("a.b.c == 1", "there is no variable `a`", "a"),
        ("text.startswith('a')", "there is no function `startswith`; did you mean `startsWith`?", "startswith"),
        ("lower(text) == 'a'", "there is no function `lower`", "lower"),
        ("startsWith(text, 'a')", "`startsWith` is called on a value, as `value.startsWith(...)`", "startsWith"),
        ("text.ask('a')", "`ask` is called as `ask(...)`", "ask"),
        ("text.contains(1)", "there is no `string.contains(int)`, only `string.contains(string)`", "text.contains(1)"),
        ("ask(text)", "there is no `ask(string)`, only `ask(string, string)`", "ask(text)"),
        (
            "int(true) == 1",
            "there is no `int(bool)`, only `int(int)` and `int(double)` and `int(google.protobuf.Duration)` and more",
            "int(true)",
        ),
        (
            "fields.a.contains('x')",
            "there is no `list(string).contains(string)`, only `string.contains(string)`; to ask its elements write `.exists(v, ...)`",
            "fields.a.contains('x')",
        ),
        (
            "fields.a == 'x'",
            "`==` does not apply to list(string) and string; to ask its elements write `.exists(v, ...)`",
            "fields.a == 'x'",
        ),
        ("1 == 1.0", "`==` does not apply to int and double", "1 == 1.0"),
        ("1 < 1u", "`<` does not apply to int and uint", "1 < 1u"),
        ("text == null", "`==` does not apply to string and null_type", "text == null"),
        ("1 + 'a'", "`+` does not apply to int and string", "1 + 'a'"),
        ("-text", "`-` does not apply to string", "-text"),
        ("!1", "`!` does not apply to int", "!1"),
        ("1 in ['a']", "`in` does not apply to int and list(string)", "1 in ['a']"),
        ("fields[0]", "`[]` does not apply to map(string, list(string)) and int", "fields[0]"),
        ("[] == {}", "`==` does not apply to list(dyn) and map(dyn, dyn)", "[] == {}"),
        ("true && text", "an operand of `&&` must be bool, not string", "text"),
        ("1 || true", "an operand of `||` must be bool, not int", "1"),
        ("text ? 1 : 2", "the condition of `? :` must be bool, not string", "text"),
        ("true ? 1 : 'a'", "both branches of `? :` must have one type, not int and string", "true ? 1 : 'a'"),
        ("text.size", "a value of type string has no fields", "text.size"),
        ("has(text.a)", "a value of type string has no fields", "has(text.a)"),
        ("text.all(c, true)", "`all` goes over a list or a map, not over string", "text"),
        ("[1].filter(x, x)", "the condition of `filter` must be bool, not int", "x"),
        ("a.B{c: 1}", "there is no message type `a.B`", "a.B{c: 1}"),
        (
            "google.protobuf.Int32Value{}",
            "messages such as `google.protobuf.Int32Value` have no model here",
            "google.protobuf.Int32Value{}",
        ),
    ],
)
def test_a_wrong_expression_is_reported_with_its_place(text: str, message: str, part: str) -> None:
    issues = check(parse(text), ENVIRONMENT)[1]
    assert [(issue.message, text[slice(*issue.span)]) for issue in issues] == [(message, part)]


def test_one_mistake_gives_one_message_and_two_give_two() -> None:
    issues = check(parse("(nothing.a[0] + 1) == 2 && text.nowhere() ? 1 + nothing : 2"), ENVIRONMENT)[1]
    assert [issue.message for issue in issues] == [
        "there is no variable `nothing`",
        "there is no function `nowhere`",
        "there is no variable `nothing`",
    ]
