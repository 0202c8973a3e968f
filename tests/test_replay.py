"""The plain interpreter of phase order, on decisions written down by hand."""

import pytest

from edgelint.model.request import Request, read_cookies, write_cookies
from edgelint.readers import read
from edgelint.replay import route_name, route_of, steps, trace
from policy_samples import policy_of
from support import FIXTURES

CACHED = {
    "listeners": [{"id": 2, "name": "tls", "protocol": "https", "port": 443}],
    "routes": [
        {
            "id": 1,
            "listener_id": 2,
            "priority": 10,
            "host_pattern": "app.example.com",
            "path_prefix": "/old",
            "action": "redirect",
            "redirect_target_mode": "external_origin_keep_path",
            "redirect_target": "https://new.example.com",
            "targets": [{"id": 1, "name": "left", "url": "http://a"}],
        },
        {
            "id": 2,
            "listener_id": 2,
            "priority": 20,
            "host_pattern": "app.example.com",
            "path_prefix": "/here",
            "targets": [{"id": 2, "name": "static", "target_type": "static"}],
        },
        {
            "id": 3,
            "listener_id": 2,
            "priority": 30,
            "host_pattern": "app.example.com",
            "targets": [{"id": 3, "name": "a", "url": "http://a"}],
        },
    ],
    "cache_rules": [{"name": "all", "priority": 10}],
}
POLICY = """
listeners:
  - {id: 1, name: plain, protocol: http, port: 80}
  - {id: 2, name: tls, protocol: https, port: 443}
routes:
  - {id: 1, listener_id: 2, priority: 20, host_pattern: "*.example.com", targets: [{id: 1, name: a, url: "http://a"}]}
  - {id: 2, listener_id: 2, priority: 10, host_pattern: app.example.com, path_prefix: /api, targets: [{id: 2, name: b, url: "http://b"}]}
  - {id: 3, listener_id: 2, priority: 90, is_default: true, targets: [{id: 3, name: c, url: "http://c"}]}
waf_captcha_providers: [{id: 1, name: turnstile}]
waf_rules:
  - {name: block-admin, priority: 10, action: block, match_rule: {cel_expression: 'path_prefix(path, "/admin")'}}
  - {name: challenge, priority: 20, action: captcha, captcha_provider_id: 1, match_rule: {cel_expression: 'path_prefix(path, "/login")'}}
  - {name: room, priority: 30, action: waiting_room, activation_mode: automatic, match_rule: {cel_expression: 'path_prefix(path, "/shop")'}}
  - {name: fails-open, priority: 40, action: block, match_rule: {cel_expression: '!headers["x-key"].exists(v, v == "a") && path == "/k"'}}
rate_limit_rules:
  - {name: first, priority: 10, limit: 5, window_millis: 1000, match_rule: {cel_expression: 'method == "POST"'}}
  - {name: second, priority: 20, limit: 5, window_millis: 1000}
cache_rules:
  - {name: bound, priority: 10, route_ids: [2], match_rule: {cel_expression: 'method == "GET"'}}
"""


@pytest.fixture(scope="module")
def policy(tmp_path_factory):
    path = tmp_path_factory.mktemp("policy") / "edge.yaml"
    path.write_text(POLICY, encoding="utf-8")
    (found,) = read([str(path)], stdin=bytes).policies
    assert not found.problems
    return found


def request(path="/", method="GET", host="app.example.com", headers=(), listener="2"):
    return Request(method, "https" if listener == "2" else "http", host, path, "203.0.113.7", headers, (), listener)


@pytest.mark.parametrize(
    ("host", "path", "listener", "expected"),
    [
        ("app.example.com", "/api/x", "2", "`app.example.com/api`"),
        ("app.example.com", "/api", "2", "`app.example.com/api`"),
        ("app.example.com", "/apix", "2", "`*.example.com`"),
        ("a.b.example.com", "/", "2", "`*.example.com`"),
        ("example.com", "/", "2", "the default route"),
        ("", "/", "2", "the default route"),
    ],
)
def test_a_request_takes_the_first_route_that_fits(policy, host, path, listener, expected):
    assert route_name(route_of(policy, request(path, host=host, listener=listener))) == expected


def test_a_listener_without_a_route_leads_nowhere(policy):
    assert route_of(policy, request(listener="1")) is None
    assert trace(policy, request(listener="1"))[-1] == "route: none, answered 404"


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (request("/admin", "POST"), [["block-admin"]]),
        (request("/login", "POST"), [["challenge"], ["first", "second"]]),
        (request("/shop"), [["second"]]),
        (request("/"), [["second"]]),
        (request("/api"), [["second"], ["bound"]]),
        (request("/k"), [["second"]]),
        (request("/k", headers=(("x-key", "b"),)), [["fails-open"]]),
        (request("/k", headers=(("x-key", "b"), ("x-key", "a"))), [["second"]]),
    ],
)
def test_the_rules_that_take_effect_are_those_of_the_platform(policy, made, expected):
    assert [[rule.name for rule in step.rules] for step in steps(policy, made)] == expected


def test_a_conditional_rule_takes_effect_only_while_it_is_active(policy):
    room = next(rule for rule in policy.rules if rule.name == "room")
    assert [step.rules[0].name for step in steps(policy, request("/shop"), [room])] == ["room", "second"]


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (request("/"), "cached by `all`"),
        (request("/", "HEAD"), "cached by `all`"),
        (request("/", "POST"), "`all` matches, but the cache is passed by: the method is POST"),
        (
            request("/", headers=(("range", "bytes=0-1"),)),
            "`all` matches, but the cache is passed by: the request has header `range`",
        ),
        (request("/a//b"), "`all` matches, but the cache is passed by: the path has an encoded separator"),
        (request("/old"), "`all` matches, but redirects of routes are never kept"),
        (request("/here"), "`all` matches, but only answers of an origin are kept"),
        (request("/", host="example.org"), "`all` matches, but only answers of an origin are kept"),
    ],
)
def test_what_is_never_kept_is_not_said_to_be_cached(made, words):
    policy = policy_of(CACHED)
    assert next(line for line in trace(policy, made) if line.startswith("cache: ")) == f"cache: {words}"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (["a=1; b=2"], {"a": "1", "b": "2"}),
        (["a=1", "a=2; b=3"], {"a": "1", "b": "3"}),
        (['a="x y"; b'], {"a": "x y", "b": ""}),
        (["a b=1; c=\u00e9; d=2"], {"d": "2"}),
        ([""], {}),
    ],
)
def test_cookies_are_read_as_servers_read_them(headers, expected):
    assert read_cookies(headers) == expected


@pytest.mark.parametrize("cookies", [[("a", "1")], [("a", " x "), ("b", "")], [("a", "1"), ("b", "2")]])
def test_cookies_that_are_written_are_read_back(cookies):
    assert read_cookies([write_cookies(cookies)]) == dict(cookies)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (request("/a b/\u00e9"), "curl https://app.example.com/a%20b/%C3%A9"),
        (
            request("/", "POST", headers=(("x-plan", "it's"),)),
            """curl -X POST -H 'x-plan: it'"'"'s' https://app.example.com/""",
        ),
        (request("/", "HEAD", host="2001:db8::1"), "curl --head 'https://[2001:db8::1]/'"),
        (request("/", headers=(("x-empty", ""),)), "curl -H 'x-empty;' https://app.example.com/"),
        (request("//a///b/"), "curl https://app.example.com/%2Fa/%2F%2Fb/"),
    ],
)
def test_a_request_is_shown_as_a_command_line_that_sends_it(made, expected):
    assert made.curl() == expected


def test_the_clean_example_is_read_whole():
    (found,) = read([str(FIXTURES / "examples" / "clean")], stdin=bytes).policies
    assert [phase.name for phase in found.phases if phase.rules] == ["waf", "rate_limit", "cache"]
