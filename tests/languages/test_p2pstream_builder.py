"""The texts that p2pstream's forms come to, and the forms it refuses."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgelint.languages.cel.syntax import Literal, parse
from edgelint.languages.p2pstream import compile_match
from edgelint.languages.p2pstream_builder import BuilderError, Condition, Group, builder_text, quote
from support import corpus, many


def group_of(shape: dict[str, object]) -> Group:
    """A group as it is stored."""
    conditions = [
        Condition(
            each["field"],
            each["operator"],
            tuple(each.get("values", ())),
            each.get("name", ""),
            each.get("negated", False),
            each.get("legacy_first_value", False),
        )
        for each in shape.get("conditions", ())
    ]
    groups = tuple(map(group_of, shape.get("groups", ())))
    return Group(shape.get("operator", ""), tuple(conditions), groups, shape.get("negated", False))


def test_every_sample_form_comes_to_its_text() -> None:
    samples = json.loads((corpus() / "p2pstream" / "match_json_samples.json").read_text(encoding="utf-8"))
    forms = [sample for sample in samples if "builder" in sample["match_json"]]
    assert len(forms) >= 5
    for sample in forms:
        assert builder_text(group_of(sample["match_json"]["builder"]["root"])) == sample["cel"]


def one(condition: Condition) -> str:
    return builder_text(Group("all", (condition,)))[1:-1]


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        (Condition("method", "equals", ("get",)), '((method == "GET"))'),
        (Condition("method", "in", ("get", "HEAD")), '(method in ["GET", "HEAD"])'),
        (Condition("protocol", "equals", (" HTTPS ",)), '((protocol == "https"))'),
        (
            Condition("host", "host_pattern", ("*.A.Example.", "b")),
            '((host_match(host, "*.a.example") || host_match(host, "b")))',
        ),
        (Condition("host", "equals", (" A.Example. ",)), '((host == "a.example."))'),
        (Condition("host", "suffix", (".X",)), '((host.endsWith(".x")))'),
        (Condition("path", "prefix", ("/a ",)), '((path_prefix(path, "/a")))'),
        (Condition("path", "contains", ("x",), negated=True), '(!((path.contains("x"))))'),
        (Condition("path", "matches", (r"^/\d+",)), r'((path.matches("^/\\d+")))'),
        (
            Condition("remote_ip", "cidr", ("10.0.0.0/8", "::/0")),
            '((cidr(remote_ip, "10.0.0.0/8") || cidr(remote_ip, "::/0")))',
        ),
        (Condition("remote_ip", "prefix", ("10.",)), '((remote_ip.startsWith("10.")))'),
        (Condition("header", "present", ("ignored",), " X-Plan "), '("x-plan" in headers)'),
        (
            Condition("header", "equals", ("a", "b"), "X"),
            '(("x" in headers && headers["x"].exists(v, (v == "a" || v == "b"))))',
        ),
        (Condition("header", "in", ("a", "b"), "x"), '(("x" in headers && headers["x"].exists(v, v in ["a", "b"])))'),
        (
            Condition("header", "prefix", ("a",), "x", negated=True, legacy_first_value=True),
            '(!(("x" in headers && headers["x"].size() > 0 && ((headers["x"][0].startsWith("a"))))))',
        ),
        (
            Condition("query_param", "in", ("a",), "Q", legacy_first_value=True),
            '(("Q" in query && query["Q"].size() > 0 && (query["Q"][0] in ["a"])))',
        ),
        (Condition("query_param", "suffix", ("",), "q"), '(("q" in query && query["q"].exists(v, (v.endsWith("")))))'),
        (Condition("cookie", "equals", (" a ",), " Sid "), '(("Sid" in cookies && ((cookies["Sid"] == " a "))))'),
        (Condition("cookie", "in", ("a",), "s"), '(("s" in cookies && (cookies["s"] in ["a"])))'),
    ],
)
def test_a_condition_comes_to_its_text(condition: Condition, text: str) -> None:
    assert one(condition) == text
    compile_match(text)


GET = Condition("method", "equals", ("GET",))
POST = Condition("method", "equals", ("POST",))


@pytest.mark.parametrize(
    ("group", "text"),
    [
        (Group(), "true"),
        (Group("any"), "true"),
        (Group("", negated=True), "!(true)"),
        (Group("any", (GET, POST)), '(((method == "GET")) || ((method == "POST")))'),
        (Group("all", (GET,), (Group("any", (), (Group(),)),), negated=True), '!((((method == "GET")) && (true)))'),
    ],
)
def test_a_group_comes_to_its_text(group: Group, text: str) -> None:
    assert builder_text(group) == text


@pytest.mark.parametrize(
    ("condition", "message", "route"),
    [
        (Condition("country", "equals", ("DE",)), "there is no field `country`", ("field",)),
        (Condition("path", "like", ("x",)), "there is no operator `like`", ("operator",)),
        (Condition("path", "present"), "`present` does not apply to `path`", ("operator",)),
        (
            Condition("host", "cidr", ("10.0.0.0/8",)),
            "`cidr` applies to `remote_ip` only, not to `host`",
            ("operator",),
        ),
        (
            Condition("path", "host_pattern", ("a",)),
            "`host_pattern` applies to `host` only, not to `path`",
            ("operator",),
        ),
        (
            Condition("cookie", "equals", ("a",), "s", legacy_first_value=True),
            "`legacy_first_value` does not apply to `cookie`",
            ("legacy_first_value",),
        ),
        (Condition("path", "equals"), "the condition has no value", ("values",)),
        (Condition("path", "equals", ("/",) * 65), "the condition has more than 64 values", ("values",)),
        (
            Condition("path", "equals", ("/", "/" * 513)),
            "the value has 513 bytes, more than the 512 that p2pstream takes",
            ("values", 1),
        ),
        (Condition("header", "present"), "the header has no name", ("name",)),
        (Condition("query_param", "present", (), " "), "the query parameter has no name", ("name",)),
        (Condition("header", "present", (), "x y"), "`x y` is no header name", ("name",)),
        (Condition("method", "equals", ("GET POST",)), "`GET POST` is no method", ("values", 0)),
        (Condition("protocol", "equals", ("ftp",)), "`ftp` is no protocol, only `http` and `https` are", ("values", 0)),
        (Condition("host", "host_pattern", (".",)), "the host is empty", ("values", 0)),
        (Condition("path", "suffix", (" ",)), "the path is empty", ("values", 0)),
        (Condition("path", "prefix", ("api",)), "the path prefix `api` must begin with `/`", ("values", 0)),
        (Condition("remote_ip", "cidr", ("10.0.0.0",)), "`10.0.0.0` is no network in CIDR notation", ("values", 0)),
        (Condition("path", "matches", ("[",)), "`[` is no regular expression: missing closing ]", ("values", 0)),
    ],
)
def test_a_condition_is_refused_with_the_route_to_its_fault(
    condition: Condition, message: str, route: tuple[str | int, ...]
) -> None:
    with pytest.raises(BuilderError) as caught:
        builder_text(Group("all", (), (Group("any", (GET, condition)),)))
    assert (caught.value.message, caught.value.route) == (message, ("groups", 0, "conditions", 1, *route))


def test_an_unknown_group_operator_is_refused() -> None:
    with pytest.raises(BuilderError, match="there is no group operator `none`, only `all` and `any`") as caught:
        builder_text(Group("all", (), (Group("none"),)))
    assert caught.value.route == ("groups", 0, "operator")


def test_a_form_may_have_64_groups_and_conditions_and_not_one_more() -> None:
    builder_text(Group("all", (GET,) * 63))
    with pytest.raises(BuilderError, match="the form has more than 64 groups and conditions"):
        builder_text(Group("all", (GET,) * 64))


def test_groups_nested_without_end_are_refused_and_the_deepest_allowed_compile() -> None:
    nested = Group("all", (GET,), negated=True)
    for depth in range(10_000):
        nested = Group("any" if depth % 2 else "all", (), (nested,), negated=True)
        if depth == 60:
            compile_match(builder_text(nested))
    with pytest.raises(BuilderError, match="groups and conditions"):
        builder_text(nested)


@given(st.text(st.characters(codec="utf-8"), max_size=20))
@settings(max_examples=many(200), deadline=None)
def test_a_quoted_text_is_a_literal_of_that_text(text: str) -> None:
    assert parse(quote(text)) == Literal("string", text)


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("\a\b\f\n\r\t\v\"\\'`", '"\\a\\b\\f\\n\\r\\t\\v\\"\\\\\'`"'),
        ("\x00\x1f\x7f", '"\\x00\\x1f\\x7f"'),
        ("\x80\xa0\xad\xff", '"\\u0080\\u00a0\\u00adÿ"'),
        ("\u2028\ufeff\ufffd€", '"\\u2028\\ufeff\ufffd€"'),
        ("\U0001f600\U000e0001", '"\U0001f600\\U000e0001"'),
        ("\ud800", '"\ufffd"'),
    ],
)
def test_texts_are_quoted_as_go_quotes_them(text: str, quoted: str) -> None:
    assert quote(text) == quoted
