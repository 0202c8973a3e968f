"""Why a condition comes to what it comes to."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgelint.languages.p2pstream import LANGUAGE, compile_match
from edgelint.model.request import Request
from edgelint.space.limits import Unbounded
from oracles.random_rules import HARD, fresh, requests
from support import many

REQUEST = Request(
    "POST", "https", "app.example.com", "/login", "198.51.100.7",
    (("x-plan", "free"), ("x-plan", "pro"), ("cookie", "sid=a")), (("q", "1"),),
)  # fmt: skip


def reasons(text, request=REQUEST):
    compile_match(text)
    return [
        (one.text, one.verdict, {seen.part: seen.value for seen in one.seen}) for one in LANGUAGE.explain(text, request)
    ]


PREFIX = 'path_prefix(path, "/login")'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PREFIX, [(PREFIX, True, {"path": "/login"})]),
        (f'{PREFIX} && method == "POST"', [(PREFIX, True, {"path": "/login"}), ('method == "POST"', True, {"method": "POST"})]),
        (f'method == "GET" && {PREFIX}', [('method == "GET"', False, {"method": "POST"})]),
        (f'{PREFIX} && (host == "a" || host == "b") && method == "GET"', [('host == "a"', False, {"host": "app.example.com"}), ('host == "b"', False, {"host": "app.example.com"})]),
        (f'host == "a" || {PREFIX} || method == "POST"', [(PREFIX, True, {"path": "/login"})]),
        (f"!({PREFIX})", [(PREFIX, True, {"path": "/login"})]),
        ('"x-key" in headers', [('"x-key" in headers', False, {'headers["x-key"]': None})]),
        ('headers["x-plan"].exists(v, v == "pro")', [('headers["x-plan"].exists(v, v == "pro")', True, {'headers["x-plan"]': ("free", "pro"), "v": "pro"})]),
        ('headers["x-plan"].exists(v, v == "x")', [('headers["x-plan"].exists(v, v == "x")', False, {'headers["x-plan"]': ("free", "pro")})]),
        ('headers["x-plan"].all(v, v == "pro")', [('headers["x-plan"].all(v, v == "pro")', False, {'headers["x-plan"]': ("free", "pro"), "v": "free"})]),
        ('cookies["sid"] == "a" && query["q"][0] == "1"', [('cookies["sid"] == "a"', True, {'cookies["sid"]': "a"}), ('query["q"][0] == "1"', True, {'query["q"]': ("1",)})]),
        ('has(cookies.sid)', [("has(cookies.sid)", True, {"cookies.sid": "a"})]),
        (f'{PREFIX} ? method == "GET" : true', [(PREFIX, True, {"path": "/login"}), ('method == "GET"', False, {"method": "POST"})]),
        ('size(headers) > 5', [("size(headers) > 5", False, {"headers": ("cookie", "x-plan")})]),
        ('headers.exists(k, k == "x-plan")', [('headers.exists(k, k == "x-plan")', True, {"headers": ("cookie", "x-plan"), "k": "x-plan"})]),
        ("true", [("true", True, {})]),
    ],
)  # fmt: skip
def test_the_parts_that_decide_are_named_with_their_values(text, expected):
    assert reasons(text) == expected


@pytest.mark.parametrize(
    ("text", "construct", "error"),
    [
        ('!headers["x-key"].exists(v, v == "a")', 'headers["x-key"]', "no such key"),
        (f'{PREFIX} && headers["x-key"][0] == "a"', 'headers["x-key"]', "no such key"),
        ('headers["x-key"][0] == "a" || host == "b" || cookies["no"] == ""', 'headers["x-key"]', "no such key"),
        ('query["q"][3] == "1"', 'query["q"][3]', "index out of range"),
        ('headers["x-plan"].exists(v, query[v].size() > 0)', "query[v]", "no such key"),
        ('int(path) == 1', "int(path)", ""),
    ],
)  # fmt: skip
def test_what_fails_is_named(text, construct, error):
    compile_match(text)
    (one,) = LANGUAGE.explain(text, REQUEST)
    assert (one.text, one.verdict) == (construct, None)
    assert error in one.error


def test_a_failing_part_that_decides_nothing_is_not_named():
    assert reasons(f'headers["x-key"][0] == "a" || {PREFIX}') == [(PREFIX, True, {"path": "/login"})]
    assert reasons('headers["x-key"][0] == "a" && method == "GET"') == [('method == "GET"', False, {"method": "POST"})]


def test_spans_are_places_in_the_text():
    text = f'  {PREFIX} &&\n method == "POST"'
    compile_match(text)
    for one in LANGUAGE.explain(text, REQUEST):
        assert text[slice(*one.span)] == one.text


@settings(max_examples=many(60))
@given(fresh.filter(bool) | st.sampled_from(HARD), requests())
def test_reasons_alone_give_the_verdict(text, request):
    """The first failing reason, or with its reasons' truth put in for the parts, the whole comes to the same."""
    program = compile_match(text)
    try:
        verdict = program.evaluate(request)
        found = LANGUAGE.explain(text, request)
    except Unbounded:
        return
    assert found
    assert (verdict is None) == any(one.verdict is None for one in found)
    for one in found:
        assert text[slice(*one.span)] == one.text
        if one.verdict is not None and "v" not in {seen.part for seen in one.seen}:
            assert compile_match(one.text).evaluate(request) is one.verdict
