"""A condition read as if a request had another method or path."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgelint.knowledge.disguises import as_if
from edgelint.model.expression import (
    FAILS,
    METHOD,
    PATH,
    And,
    AnyValue,
    Equals,
    Field,
    If,
    Never,
    Not,
    Or,
    PathPrefix,
    Present,
    Some,
    Test,
)
from edgelint.model.request import Request
from edgelint.record import replace

interpreter = pytest.importorskip("model_interpreter", reason="needs the oracles group")

KEY = Field("header", "x-key")
LEAVES = st.sampled_from(
    [
        Test(METHOD, Equals("GET")),
        Test(METHOD, Some((Equals("POST"), Equals("PUT")))),
        Test(METHOD, Never(Equals("POST"))),
        Test(PATH, PathPrefix("/admin")),
        Test(PATH, Equals("/")),
        If(Present(KEY), AnyValue(KEY, Equals("a")), FAILS),
    ]
)
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: And(tuple(parts))),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: Or(tuple(parts))),
        inner.map(Not),
    ),
    max_leaves=8,
)
METHODS, PATHS = st.sampled_from(["GET", "HEAD", "POST", "PUT"]), st.sampled_from(["/", "/admin", "/admin/x"])
REQUESTS = st.builds(
    lambda method, path, headers: Request(method, "https", "app.example.com", path, "192.0.2.1", headers),
    METHODS,
    PATHS,
    st.sampled_from([(), (("x-key", "a"),), (("x-key", "b"),)]),
)


@given(CONDITIONS, REQUESTS, METHODS, PATHS)
def test_reading_as_if_is_reading_a_request_that_is_so(condition, request, method, path):
    by_method = interpreter.holds(as_if(condition, METHOD, method), request)
    assert by_method == interpreter.holds(condition, replace(request, method=method))
    by_path = interpreter.holds(as_if(condition, PATH, path), request)
    assert by_path == interpreter.holds(condition, replace(request, path=path))
