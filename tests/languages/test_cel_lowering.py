"""Match expressions of p2pstream's CEL: their shape, their truth, and how long they take to make."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cel_strategies import booleans, quantified, requests
from edgelint.languages.cel.syntax import Node
from edgelint.languages.cel.unparse import unparse
from edgelint.languages.p2pstream import InvalidExpression, compile_match
from edgelint.model.expression import (
    ADDRESS,
    FAILS,
    FALSE,
    HOST,
    METHOD,
    PATH,
    PROTOCOL,
    TRUE,
    And,
    AnyValue,
    Contains,
    Count,
    EndsWith,
    Equals,
    Every,
    Expression,
    Field,
    HostPattern,
    If,
    InNetwork,
    Length,
    Matches,
    Never,
    Not,
    Opaque,
    Or,
    Ordered,
    PathPrefix,
    Present,
    Some,
    StartsWith,
    Test,
    ValueAt,
)
from edgelint.model.request import Request
from model_interpreter import OpaqueMetError, holds
from support import many

X, SID, Q = Field("header", "x"), Field("cookie", "sid"), Field("query", "q")
UPPER = Field("header", "X-Plan")


def path(text: str) -> Expression:
    return Test(PATH, Equals(text))


def method(text: str) -> Expression:
    return Test(METHOD, Equals(text))


def looked_up(field: Field, found: Expression) -> Expression:
    return If(Present(field), found, FAILS)


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ('method == "GET"', method("GET")),
        ('"GET" == method', method("GET")),
        ('protocol != "http"', Not(Test(PROTOCOL, Equals("http")))),
        ('!(path == "/")', Not(path("/"))),
        ('!(!(path == "/"))', path("/")),
        ('path.startsWith("/a")', Test(PATH, StartsWith("/a"))),
        ('path.endsWith(".js")', Test(PATH, EndsWith(".js"))),
        ('host.contains("x")', Test(HOST, Contains("x"))),
        ('path.matches("^/a")', Test(PATH, Matches("^/a"))),
        ('matches(remote_ip, "^10")', Test(ADDRESS, Matches("^10"))),
        ('"/a/b".startsWith(path)', Test(PATH, Some(tuple(map(Equals, ("", "/", "/a", "/a/", "/a/b")))))),
        ('"ab".contains(method)', Test(METHOD, Some(tuple(map(Equals, ("", "a", "ab", "b")))))),
        ("size(path) > 5", Test(PATH, Length(">", 5))),
        ("5 < path.size()", Test(PATH, Length(">", 5))),
        ("path.size() >= -1", TRUE),
        ('path < "/b"', Test(PATH, Ordered("<", "/b"))),
        ('"/b" <= path', Test(PATH, Ordered(">=", "/b"))),
        ('method in ["GET", "HEAD"]', Test(METHOD, Some((Equals("GET"), Equals("HEAD"))))),
        ('method in ["GET"]', method("GET")),
        ("method in []", FALSE),
        ('method in {"GET": 1}', method("GET")),
        ('method in [host, "GET"]', Opaque('method in [host, "GET"]')),
        ('host_match(host, "*.A.example.")', Test(HOST, HostPattern("*.a.example"))),
        ('path_prefix(path, " /a ")', Test(PATH, PathPrefix("/a"))),
        ('path_prefix(path, "/" + "a")', Test(PATH, PathPrefix("/a"))),
        ('path_prefix(host, "/a")', Test(HOST, Some((Equals("/a"), StartsWith("/a/"))))),
        ('cidr(remote_ip, "10.1.2.3/8")', Test(ADDRESS, InNetwork("10.0.0.0/8"))),
        ('cidr(remote_ip, "2001:DB8::/32")', Test(ADDRESS, InNetwork("2001:db8::/32"))),
        ('cidr(remote_ip, "no" + "net")', FALSE),
        ('cidr(host, "10.0.0.0/8")', Test(HOST, InNetwork("10.0.0.0/8"))),
        ('cidr(host, "2001:db8::/32")', Opaque('cidr(host, "2001:db8::/32")')),
        ('headers["x"].exists(v, cidr(v, "10.1.2.3/8"))', looked_up(X, AnyValue(X, InNetwork("10.0.0.0/8")))),
        ('"x" in headers', Present(X)),
        ("has(headers.x)", Present(X)),
        ('"X-Plan" in headers', Present(UPPER)),
        ('"sid" in cookies', Present(SID)),
        ('!("q" in query)', Not(Present(Q))),
        ('cookies["sid"] == "1"', looked_up(SID, ValueAt(SID, 0, Equals("1")))),
        ('cookies.sid.startsWith("1")', looked_up(SID, ValueAt(SID, 0, StartsWith("1")))),
        ('headers["x"].exists(v, v == "1")', looked_up(X, AnyValue(X, Equals("1")))),
        ('query.q.all(v, v == "1")', looked_up(Q, Not(AnyValue(Q, Never(Equals("1")))))),
        (
            'headers.x.exists(v, v != "1" && v.size() > 2 || v.contains("a"))',
            looked_up(X, AnyValue(X, Some((Every((Never(Equals("1")), Length(">", 2))), Contains("a"))))),
        ),
        ('headers.x.exists(v, v == "1" && path == "/")', looked_up(X, And((path("/"), AnyValue(X, Equals("1")))))),
        (
            'headers.x.exists(v, v == "1" || path == "/")',
            looked_up(X, Or((AnyValue(X, Equals("1")), And((path("/"), Count(X, ">", 0)))))),
        ),
        (
            'headers.x.exists(v, path == "/" ? v == "1" : v == "2")',
            looked_up(
                X, Or((And((path("/"), AnyValue(X, Equals("1")))), And((Not(path("/")), AnyValue(X, Equals("2"))))))
            ),
        ),
        (
            'headers.x.exists(v, query.q.exists(w, w == "a" && v == "b"))',
            looked_up(
                X,
                Or(
                    (
                        And((Present(Q), AnyValue(Q, Equals("a")), AnyValue(X, Equals("b")))),
                        And((And((Not(Present(Q)), FAILS)), Count(X, ">", 0))),
                    )
                ),
            ),
        ),
        ('headers["x"][0] == "1"', looked_up(X, ValueAt(X, 0, Equals("1")))),
        ('headers["x"][1] == "1"', looked_up(X, If(Count(X, ">", 1), ValueAt(X, 1, Equals("1")), FAILS))),
        ('headers["x"][-1] == "1"', looked_up(X, FAILS)),
        ("headers.x.size() > 1", looked_up(X, Count(X, ">", 1))),
        ('"1" in headers.x', looked_up(X, AnyValue(X, Equals("1")))),
        (
            'headers.x == ["1", "2"]',
            looked_up(X, And((Count(X, "==", 2), ValueAt(X, 0, Equals("1")), ValueAt(X, 1, Equals("2"))))),
        ),
        ("headers.x != []", Not(looked_up(X, Count(X, "==", 0)))),
        ('headers.x.filter(v, v == "1").size() > 0', looked_up(X, AnyValue(X, Equals("1")))),
        ('headers.x.filter(v, v == "1") == []', looked_up(X, Not(AnyValue(X, Equals("1"))))),
        ('headers.x.filter(v, v == "1").size() == 0', looked_up(X, Not(AnyValue(X, Equals("1"))))),
        (
            'headers.x.filter(v, v > "1").exists(v, v < "2")',
            looked_up(X, AnyValue(X, Every((Ordered(">", "1"), Ordered("<", "2"))))),
        ),
        ("headers.x.map(v, size(v)).exists(n, n > 3)", looked_up(X, AnyValue(X, Length(">", 3)))),
        ("headers.x.map(v, size(v)).size() == 3", looked_up(X, Count(X, "==", 3))),
        (
            '["/a", "/b"].exists(p, path.startsWith(p))',
            Or((Test(PATH, StartsWith("/a")), Test(PATH, StartsWith("/b")))),
        ),
        ('["a", "b"].all(p, path == "/" + p)', And((path("/a"), path("/b")))),
        ('path == "/a" ? method == "GET" : false', If(path("/a"), method("GET"), FALSE)),
        ('(path == "/a" ? method : host) == "x"', If(path("/a"), method("x"), Test(HOST, Equals("x")))),
        ('(path == "/a" ? "x" : method) == "x"', If(path("/a"), TRUE, method("x"))),
        ('(path == "/a") == (method == "x")', If(path("/a"), method("x"), Not(method("x")))),
        ('(path == "/a") != true', Not(path("/a"))),
        ("1 + 1 == 2", TRUE),
        ("1 / 0 == 1", FAILS),
        ('[1, 2].all(i, i > 0) && path == "/"', And((TRUE, path("/")))),
        (
            'path == "/" && (method == "a" && (host == "b" || true))',
            And((path("/"), method("a"), Or((Test(HOST, Equals("b")), TRUE)))),
        ),
        ('dyn(path) == 1 || string(path) == "/"', Or((FALSE, path("/")))),
        ("path == path", TRUE),
        ("host == path", Opaque("host == path")),
        ("path != host", Not(Opaque("host == path"))),
        ("headers.x[0] == path", looked_up(X, Opaque("headers.x[0] == path"))),
        ("headers.size() > 3", Opaque("headers.size() > 3")),
        ('headers.exists(k, k.startsWith("x-"))', Opaque('headers.exists(k, k.startsWith("x-"))')),
        ('headers.x.exists_one(v, v == "1")', looked_up(X, Opaque('headers.x.exists_one(v, v == "1")'))),
        ("headers.x.exists(v, v == host)", looked_up(X, Opaque("headers.x.exists(v, v == host)"))),
        ('host + path == "a/"', Opaque('host + path == "a/"')),
        (
            "int(cookies.sid) > 5",
            If(Opaque("fails: int(cookies.sid) > 5"), FAILS, Opaque("int(cookies.sid) > 5")),
        ),
        (
            'path == "/" && {"GET": true}[method]',
            And((path("/"), If(Opaque('fails: {"GET": true}[method]'), FAILS, Opaque('{"GET": true}[method]')))),
        ),
    ],
)
def test_an_expression_has_a_model(text: str, expression: Expression) -> None:
    assert compile_match(text).expression == expression


def test_every_atom_knows_its_place() -> None:
    text = '!(path == "/a") && headers["x"].exists(v, v == "1" && method == "GET") || host + path == "b"'
    assert [(type(atom).__name__, text[slice(*atom.span)]) for atom in atoms(compile_match(text).expression)] == [
        ("Test", 'path == "/a"'),
        ("Present", 'headers["x"]'),
        ("Test", 'method == "GET"'),
        ("AnyValue", 'headers["x"].exists(v, v == "1" && method == "GET")'),
        ("Fails", 'headers["x"].exists(v, v == "1" && method == "GET")'),
        ("Opaque", 'host + path == "b"'),
    ]


def atoms(expression: Expression) -> list[Expression]:
    match expression:
        case And(operands) | Or(operands):
            return [atom for operand in operands for atom in atoms(operand)]
        case Not(operand):
            return atoms(operand)
        case If(condition, then, otherwise):
            return [*atoms(condition), *atoms(then), *atoms(otherwise)]
    return [expression]


@given(booleans(3), st.lists(requests, min_size=5, max_size=5))
@settings(max_examples=many(200), deadline=None)
def test_the_model_of_an_expression_is_true_false_or_failing_where_the_expression_is(
    node: Node, asked: list[Request]
) -> None:
    agree(node, asked)


@given(quantified, st.lists(requests, min_size=8, max_size=8))
@settings(max_examples=many(200), deadline=None)
def test_the_model_of_a_quantifier_holds_where_the_quantifier_does(node: Node, asked: list[Request]) -> None:
    agree(node, asked)


def agree(node: Node, asked: list[Request]) -> None:
    program = compile_match(unparse(node))
    expected = [program.evaluate(request) for request in asked]
    try:
        found = [holds(program.expression, request) for request in asked]
    except OpaqueMetError:
        return
    assert found == expected


def chain(before: str, count: int, inside: str, after: str = ")") -> str:
    return "".join(before.replace("#", str(index)) for index in range(count)) + inside + after * count


ENDLESS = {
    "conditionals in the last branch": chain('method == "#" ? path == "/" : ', 120, "true", ""),
    "conditionals in the condition": "(" * 120 + "true" + ' ? path == "/" : host == "a")' * 120,
    "conditionals between texts": "(" + chain('method == "#" ? "/a" : ', 120, 'path) == "/a"', ""),
    "conditionals on both sides": " == ".join([chain('(method == "#" ? path : ', 60, "host")] * 2),
    "equations of bools": chain('(path == "/#") == (', 120, "true"),
    "equations of bools on the left": "(" * 120 + "true" + ') == (path == "/a")' * 120,
    "quantifiers over constants": chain("[1, 2, 3].all(x#, ", 120, 'path == ""'),
    "quantifiers over headers": chain('headers["x"].exists(v#, ', 100, 'v1 == "a" && v2 == v3'),
    "lists in lists": chain('["1", "2", "3", "4"].exists(x#, ', 100, "path == x1 || path == x99"),
    "long lists": f"[{','.join(map(repr, range(300)))}].exists(a, [{','.join(map(repr, range(300)))}].exists(b, path.size() == a + b))",
    "mixed bodies": "headers.x.exists(v, " + " && ".join(f'(v == "{n}" || path == "/{n}")' for n in range(90)) + ")",
    "conditionals in bodies": "headers.x.exists(v, "
    + chain('(v == "#" && path == "/#") ? method == "a" : ', 60, "true", "")
    + ")",
    "conditions in bodies": "headers.x.exists(v, " + "(" * 60 + 'v == "a"' + ' ? v == "b" : path == "/")' * 60 + ")",
    "failing bodies": "headers.x.exists(v, "
    + "(" * 40
    + 'query.y[0] == "a" && v == "a"'
    + ' ? query.y[0] == "b" : v == "b")' * 40
    + ")",
    "choices in lists": "path in [" + ", ".join(f'(method == "{n}" ? "a" : "b")' for n in range(100)) + "]",
    "doubled texts": '["aaaaaaaaaaaaaaaa"]' + ".map(x, x + x)" * 120 + ' == [] && path == ""',
    "doubled lists": "[[1]]" + ".map(x, [x, x])" * 100 + " == [[1]]" + ".map(x, [x, x])" * 100,
    "doubled types": "[1]" + ".map(x, {x: x})" * 120 + " == []",
    "filters of filters": "headers.x" + '.filter(v, v == "a" || cookies.a == "b")' * 90 + ".size() > 0",
    "maps of maps": "headers.x" + '.map(v, method == "a" ? v : "b")' * 110 + '.exists(v, v == "b")',
    "opaque parts": chain('host + path == "a#" && (', 120, "true"),
    "repeated patterns": 'path.matches("' + "(a*)*" * 80 + 'b")',
}


@pytest.mark.parametrize("text", ENDLESS.values(), ids=ENDLESS.keys())
def test_no_expression_takes_long_or_grows_without_bound(text: str) -> None:
    assert len(text) <= 4096
    start = time.perf_counter()
    expression = compile_match(text).expression
    assert time.perf_counter() - start < 5
    assert len(atoms(expression)) < 50_000


@pytest.mark.parametrize(
    "text",
    [
        "(" * 4096,
        "!" * 4092 + "true",
        "!(" * 1300 + "true" + ")" * 1300,
        "path" + ".a" * 2000,
        "headers" + '["a"]' * 700,
        "+".join("a" * 2000),
    ],
)
def test_deep_expressions_compile_or_are_refused(text: str) -> None:
    refusals = 0
    try:
        compile_match(text)
    except InvalidExpression as refusal:
        refusals = len(refusal.issues)
    assert refusals == (0 if text.startswith("!!") else 1)
