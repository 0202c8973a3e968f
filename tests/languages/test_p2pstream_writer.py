"""Conditions written as CEL mean what the conditions meant."""

import pytest
from hypothesis import assume, given

from edgelint.languages.p2pstream import LANGUAGE, InvalidExpression
from edgelint.model import expression as ex
from edgelint.model.expression import FAILS, HOST, METHOD, PATH, TRUE
from model_interpreter import holds
from oracles.random_conditions import atoms, conditions, requests

SECRET, ROLE = ex.Field("header", "x-edge-secret"), ex.Field("cookie", "role")


@given(conditions(atoms), requests())
def test_a_condition_that_was_written_is_read_as_itself(condition, request):
    try:
        text = LANGUAGE.write(condition)
        _, run, _ = LANGUAGE.read(text)
    except (ValueError, InvalidExpression):  # there are no words for it, or the platform refuses what it would come to
        assume(False)
    assert run(request) == holds(condition, request), text


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        (ex.Test(HOST, ex.HostPattern("*.example.com")), 'host_match(host, "*.example.com")'),
        (ex.Test(METHOD, ex.Some((ex.Equals("GET"), ex.Equals("HEAD")))), 'method in ["GET", "HEAD"]'),
        (ex.Not(ex.Present(SECRET)), '!("x-edge-secret" in headers)'),
        (
            ex.If(ex.Present(SECRET), ex.AnyValue(SECRET, ex.Equals("a")), FAILS),
            'headers["x-edge-secret"].exists(v, v == "a")',
        ),
        (ex.ValueAt(ROLE, 0, ex.Equals("admin")), '("role" in cookies && cookies["role"] == "admin")'),
        (
            ex.And((ex.Test(PATH, ex.PathPrefix("/a")), ex.Or((ex.Test(PATH, ex.Equals('/"(')), TRUE)))),
            '(path_prefix(path, "/a") && (path == "/\\"(" || true))',
        ),
    ],
)
def test_what_is_written_reads_as_a_person_would_write_it(condition, text):
    assert LANGUAGE.write(condition) == text


@pytest.mark.parametrize(
    "condition", [FAILS, ex.Opaque("something"), ex.Test(ex.LISTENER, ex.Equals("1")), ex.If(TRUE, FAILS, TRUE)]
)
def test_what_cel_has_no_words_for_is_refused(condition):
    with pytest.raises(ValueError, match="cannot be"):
        LANGUAGE.write(condition)
