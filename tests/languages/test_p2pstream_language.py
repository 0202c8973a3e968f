"""p2pstream's expressions as a whole: what is accepted, what is refused and why, and what an expression says to a request."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from edgelint.languages import p2pstream_functions as functions
from edgelint.languages.p2pstream import InvalidExpression, Issue, compile_match
from edgelint.model.expression import ADDRESS, HOST, PATH, Equals, Field, InNetwork, PathPrefix, Some, StartsWith, Test
from edgelint.model.request import Request

FIXTURE = Path(__file__).parents[2] / "fixtures" / "languages" / "cel.txt"


def entries() -> Iterator[tuple[str, str]]:
    for paragraph in FIXTURE.read_text(encoding="utf-8").split("\n\n")[1:]:
        if not paragraph.startswith("#"):
            text, _, said = paragraph.strip("\n").partition("\n")
            yield text, said


def drawn(issue: Issue) -> str:
    start, end = issue.span
    return f"{' ' * start}{'^' * max(end - start, 1)} {issue.message}"


def answer(text: str) -> str:
    try:
        compile_match(text)
    except InvalidExpression as refusal:
        return "\n".join(map(drawn, refusal.issues))
    return "ok"


@pytest.mark.parametrize(("text", "said"), list(entries()))
def test_an_expression_is_answered_as_the_fixture_says(text: str, said: str) -> None:
    assert answer(text) == said


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u00a0\u3000", "// only a remark"])
def test_a_blank_expression_is_refused(text: str) -> None:
    with pytest.raises(InvalidExpression, match="the expression is empty"):
        compile_match(text)


def test_white_space_around_an_expression_shifts_its_spans_and_nothing_else() -> None:
    text = "\u00a0\n path == '/' \u3000"
    expression = compile_match(text).expression
    assert expression == compile_match("path == '/'").expression
    assert isinstance(expression, Test)
    assert expression.span is not None
    assert text[slice(*expression.span)] == "path == '/'"


def test_an_expression_may_have_4096_bytes_and_not_one_more() -> None:
    text = 'path == "' + "é" * 2043 + '"'
    assert len(text.encode()) == 4096
    compile_match(text)
    compile_match(f"  {text}\n")
    with pytest.raises(
        InvalidExpression, match="the expression has 4097 bytes, more than the 4096 that p2pstream takes"
    ):
        compile_match(text.replace(" ==", "  =="))


def test_a_pattern_may_have_512_bytes_and_not_one_more() -> None:
    compile_match(f'path.matches("{"é" * 256}")')
    with pytest.raises(InvalidExpression, match="the pattern has 514 bytes, more than the 512 that p2pstream takes"):
        compile_match(f'path.matches("{"é" * 257}")')


@pytest.mark.parametrize(
    ("text", "accepted"),
    [
        ('int("1") == 1', True),
        ('int("x") == 1 && false', False),
        ('false && path == string(b"\\xff")', False),
        ('int(string("x")) == 1', False),
        ('int("x" + "") == 1', True),
        ('dyn(int("x")) == 1', False),
        ('timestamp("yesterday") < timestamp(0)', False),
        ('[duration("1d")] == []', False),
        ("int(path) == 1", True),
    ],
)
def test_a_conversion_of_a_constant_is_tried_beforehand(text: str, accepted: bool) -> None:
    assert (answer(text) == "ok") is accepted


REQUEST = Request(
    method="GET",
    protocol="https",
    host="shop.example.com",
    path="/a b/ü",
    address="192.0.2.7",
    headers=(("accept", "a"), ("x-tag", "one"), ("x-tag", "two"), ("cookie", 'sid=1; theme="dark"; sid=2')),
    query=(("q", "1"), ("empty", ""), ("q", "2")),
)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ('method == "GET" && protocol == "https" && host == "shop.example.com" && remote_ip == "192.0.2.7"', True),
        ('path == "/a b/ü" && path.size() == 6', True),
        ('headers["x-tag"] == ["one", "two"] && headers.accept[0] == "a"', True),
        ('headers["X-Tag"].exists(v, true)', None),
        ('"X-Tag" in headers', False),
        ('cookies.sid == "1" && cookies.theme == "dark"', True),
        ('headers.cookie[0].startsWith("sid=1")', True),
        ('query.q == ["1", "2"] && query.empty == [""]', True),
        ('query.missing[0] == "x"', None),
        ('!(query.missing[0] == "x")', None),
        ('query.missing[0] == "x" || true', True),
        ('query.missing[0] == "x" && false', False),
        ('"x" in query ? false : query.missing == []', None),
        ('host_match(host, "*.Example.COM.") && !host_match(host, "*.shop.example.com")', True),
        ('path_prefix(path, "/a b") && !path_prefix(path, "/a")', True),
        ('cidr(remote_ip, "192.0.2.99/24") && !cidr(remote_ip, "::ffff:192.0.2.7/128")', True),
        ('headers["x-tag"].all(v, v.matches("^[a-z]+$"))', True),
        ("[1, 2, 3].all(a, " + "[1, 2, 3].all(b, " * 13 + 'path != ""' + ")" * 14, None),
    ],
)
def test_an_expression_says_yes_no_or_fails(text: str, verdict: bool | None) -> None:
    assert compile_match(text).evaluate(REQUEST) is verdict


@pytest.mark.parametrize(
    ("host", "pattern", "matches"),
    [
        ("a.example", "", True),
        ("", "", True),
        ("a.example", "A.Example.", True),
        ("a.example", " a.example.. ", True),
        ("a.example.", "a.example", True),
        ("a.example", "*.example", True),
        ("b.a.example", "*.example", True),
        ("example", "*.example", False),
        (".example", "*.example", True),
        ("aexample", "*.example", False),
        ("a.example", "*", False),
        ("a.example", "*example", False),
        ("a.b.example", "a.*.example", False),
        ("a.example", "a.example:443", False),
    ],
)
def test_host_match_knows_equality_and_subdomains(host: str, pattern: str, matches: bool) -> None:
    assert functions.host_match(host, pattern) is matches


@pytest.mark.parametrize(
    ("path", "prefix", "matches"),
    [
        ("/api", "/api", True),
        ("/api/x", "/api", True),
        ("/apix", "/api", False),
        ("/api", "/api/", False),
        ("/api/x", "/api/", True),
        ("/API", "/api", False),
        ("", "/", True),
        ("/x", "", True),
        ("/api", " /api ", True),
        ("", "/api", False),
    ],
)
def test_path_prefix_goes_by_whole_segments(path: str, prefix: str, matches: bool) -> None:
    assert functions.path_prefix(path, prefix) is matches


@pytest.mark.parametrize(
    ("address", "network", "matches"),
    [
        ("10.9.9.9", "10.1.2.3/8", True),
        ("11.0.0.0", "10.1.2.3/8", False),
        ("10.0.0.1", "0.0.0.0/0", True),
        ("10.0.0.1", "::/0", False),
        ("::1", "0.0.0.0/0", False),
        ("2001:DB8::1", "2001:db8::/32", True),
        ("::ffff:10.0.0.1", "10.0.0.0/8", False),
        ("::ffff:10.0.0.1", "::ffff:0:0/96", True),
        ("fe80::1%eth0", "fe80::/10", False),
        (" 10.0.0.1 ", " 10.0.0.0/8 ", True),
        ("10.0.0.1", "10.0.0.0", False),
        ("10.0.0.1", "10.0.0.0/08", False),
        ("10.0.0.1", "10.0.0.0/+8", False),
        ("10.0.0.1", "10.0.0.0/255.0.0.0", False),
        ("10.0.0.1", "010.0.0.0/8", False),
        ("10.0.0.1", "10.0.0.0/33", False),
        ("10.0.0.1", "10.0.0.0 /8", False),
        ("name", "10.0.0.0/8", False),
    ],
)
def test_cidr_reads_addresses_and_networks_as_go_does(address: str, network: str, matches: bool) -> None:
    assert functions.cidr(address, network) is matches


def test_relations_are_exact_on_their_own_field_only() -> None:
    other = Field("header", "x")
    path, address = functions.RELATIONS["path_prefix"], functions.RELATIONS["cidr"]
    assert path(PATH, "/a") == PathPrefix("/a")
    assert path(other, "/a") == Some((Equals("/a"), StartsWith("/a/")))
    assert path(PATH, "a/") == path(other, "a/") == StartsWith("a/")
    assert path(other, "/") is True
    assert address(ADDRESS, "10.1.1.1/8") == InNetwork("10.0.0.0/8")
    assert address(other, "10.1.1.1/8") == InNetwork("10.0.0.0/8")
    assert address(other, "2001:db8::/32") is None
    assert functions.RELATIONS["host_match"](other, "a") is None
    assert functions.RELATIONS["host_match"](HOST, "A.") is not None


def test_case_is_changed_one_code_point_at_a_time_as_in_go() -> None:
    assert functions.lower("ÀΣİ") == "àσi"
    assert functions.upper("àßı") == "ÀßI"
