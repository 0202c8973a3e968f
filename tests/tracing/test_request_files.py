"""Files of requests: JSON Lines and HAR, with a clear word on each request that cannot be read."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgelint.requests.files import MOST_BYTES, read_file
from edgelint.tracing.arrival import arrive, has_body
from policy_samples import bare
from request_strategies import REQUESTS
from support import many


def read(text, **more):
    data = text if isinstance(text, bytes) else text.encode()
    return list(read_file("requests.jsonl", data, **more))


def line(**keys):
    return json.dumps({"url": "https://a.example/", **keys})


def test_a_line_is_like_the_witness_of_a_report():
    witness = {
        "method": "POST",
        "url": "https://a.example/x",
        "headers": [["x-a", "b"]],
        "ip": "192.0.2.1",
        "curl": "curl ...",
    }
    (found,) = read(json.dumps(witness))
    assert found.place == "requests.jsonl:1"
    assert (found.request.method, found.request.target, found.request.headers) == ("POST", "/x", (("x-a", "b"),))
    assert found.request.address == "192.0.2.1"
    assert not found.request.assumed


def test_what_a_line_leaves_out_is_taken_from_the_call():
    (found,) = read(line(), address="192.0.2.9", listener="tls")
    assert (found.request.method, found.request.address, found.request.listener) == ("GET", "192.0.2.9", "tls")


def test_lines_may_end_as_they_like_and_empty_ones_count():
    found = read(f"\ufeff{line()}\r\n\r\n{line()}\r{line()}\n")
    assert [one.place for one in found] == [f"requests.jsonl:{number}" for number in (1, 3, 4)]
    assert all(one.request for one in found)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        ("[1]", "a request should be an object, not a list"),
        ("7", "not a number"),
        ('{"url": "https://a.example/"', "the text is no JSON at column"),
        ("{}", "`url` is missing"),
        (line(url=7), "`url` should be a text, not a number"),
        (line(url="/x"), "there is no host"),
        (line(method=None), "`method` is missing"),
        (line(methd="GET"), "unknown key `methd`"),
        (line(headers={"a": "b"}), "`headers` should be a list of pairs"),
        (line(headers=[["a"]]), "`headers` should be a list of pairs"),
        (line(headers=[["a", 1]]), "`headers` should be a list of pairs"),
        (line(ip="localhost"), "`localhost` is no IP address"),
        ('{"url": "https://a.example/", "url": "https://b.example/"}', "key `url` stands twice"),
        ('{"url": "https://a.example/\\ud800"}', "surrogate"),
        ("[" * 100_000, "nested too deeply"),
        ('{"url": ' + "1" * 5000 + "}", "too many digits"),
        (b'{"url": "\xff"}', "not UTF-8"),
        (b" " * (MOST_BYTES + 1), "larger than 64 MiB"),
        ('{"log": {"entries": 7}}', "`log.entries` should be a list"),
        ('{\n  "log": {}\n}', "`log.entries` should be a list"),
        ('{\n  "log": {"entries": []\n', "no JSON at line"),
        ('{"log": {"entries": [7]}}', "no object `request`"),
        ('{"log": {"entries": [{"request": {"method": "GET"}}]}}', "`url` is missing"),
        (
            '{"log": {"entries": [{"request": {"method": "GET", "url": "https://a/", "headers": [7]}}]}}',
            "`headers` should hold objects",
        ),
        (
            '{"log": {"entries": [{"request": {"method": "GET", "url": "https://a/", "cookies": 7}}]}}',
            "`cookies` should be a list",
        ),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line(text, message):
    (found,) = read(text)
    assert found.request is None
    assert message in found.error
    assert "\n" not in found.error


def test_the_good_lines_are_read_all_the_same():
    found = read("\n".join([line(), "{", line()]))
    assert [one.request is not None for one in found] == [True, False, True]
    assert found[1].place == "requests.jsonl:2"


def har(*requests):
    entries = [{"startedDateTime": "2026-01-01T00:00:00Z", "request": request, "response": {}} for request in requests]
    return {"log": {"version": "1.2", "creator": {"name": "browser", "version": "1"}, "entries": entries}}


def entry(request):
    """A request as a browser writes it."""
    return {
        "method": request.method,
        "url": request.url(),
        "httpVersion": "http/2.0",
        "headers": [
            {"name": ":authority", "value": "x"},
            *({"name": name, "value": value} for name, value in request.headers),
        ],
        "cookies": [{"name": name, "value": value} for name, value in request.cookies().items()],
        "queryString": [{"name": name, "value": value} for name, value in request.query],
        "headersSize": -1,
        "bodySize": 0,
    }


@settings(max_examples=many(30))
@given(
    st.lists(REQUESTS.filter(lambda request: request.host != ""), min_size=1, max_size=3), st.sampled_from([None, 2])
)
def test_requests_written_as_har_are_read_back(requests, indent):
    found = read(json.dumps(har(*map(entry, requests)), indent=indent))
    assert [one.place for one in found] == [f"requests.jsonl: log.entries[{number}]" for number in range(len(requests))]
    for one, request in zip(found, requests, strict=True):
        seen = arrive(bare(request), one.request).request
        assert (seen.method, seen.host, seen.path, seen.query) == (
            request.method,
            request.host,
            request.path,
            request.query,
        )
        assert seen.headers == request.headers


def test_har_keeps_cookies_apart_and_content():
    request = {
        "method": "POST",
        "url": "https://a.example/",
        "headers": [{"name": "Accept", "value": "*/*"}],
        "cookies": [{"name": "sid", "value": "1"}, {"name": "b", "value": "2"}],
        "postData": {"mimeType": "text/plain", "text": "x"},
    }
    (found,) = read(json.dumps(har(request)))
    assert found.request.headers == (("Accept", "*/*"), ("Cookie", "sid=1; b=2"))
    assert has_body(found.request)


def test_a_bad_entry_has_its_place_and_the_others_are_read():
    good = {"method": "GET", "url": "https://a.example/", "headers": []}
    found = read(json.dumps(har(good, {"method": "GET"}, good)))
    assert [one.request is not None for one in found] == [True, False, True]
    assert found[1].place == "requests.jsonl: log.entries[1]"


@given(st.binary(max_size=80) | st.text(max_size=80).map(str.encode))
def test_any_file_is_read_or_refused(data):
    for one in read_file("x", data):
        assert (one.request is None) is bool(one.error)


VALUES = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=6), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["url", "method", "headers", "ip", "log", "entries", "request", "name", "value", "cookies", "postData", "x"]), inner, max_size=4), max_leaves=12)  # fmt: skip


@settings(max_examples=many(50))
@given(VALUES)
def test_any_json_is_read_or_refused(value):
    for document in (value, {"log": {"entries": [{"request": value}]}}):
        for one in read_file("x", json.dumps(document).encode()):
            assert (one.request is None) is bool(one.error)
