"""What is left of a condition without its demands of host and protocol, and where requests end up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgelint.facts import Facts
from edgelint.knowledge.landings import Landings, injected, without_entrance
from edgelint.model.expression import (
    HOST,
    METHOD,
    PATH,
    PROTOCOL,
    TRUE,
    And,
    Equals,
    HostPattern,
    Never,
    Not,
    Or,
    PathPrefix,
    Some,
    Test,
)
from edgelint.model.request import Request
from edgelint.readers import read
from edgelint.record import replace
from edgelint.routing import origins_of

interpreter = pytest.importorskip("model_interpreter", reason="needs the oracles group")

APP, API = Test(HOST, Equals("app.example.com")), Test(HOST, HostPattern("*.api.example.com"))
TLS, PLAIN = Test(PROTOCOL, Equals("https")), Test(PROTOCOL, Equals("http"))
ADMIN, POST = Test(PATH, PathPrefix("/admin")), Test(METHOD, Equals("POST"))

LEAVES = st.sampled_from([APP, API, TLS, PLAIN, ADMIN, POST, TRUE, Test(HOST, Never(Equals("app.example.com")))])
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: And(tuple(parts))),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: Or(tuple(parts))),
        inner.map(Not),
    ),
    max_leaves=8,
)
HOSTS = ("app.example.com", "eu.api.example.com", "else.example")
REQUESTS = st.builds(
    Request,
    st.sampled_from(["GET", "POST"]),
    st.sampled_from(["http", "https"]),
    st.sampled_from(HOSTS),
    st.sampled_from(["/", "/admin/users"]),
    st.just("192.0.2.1"),
)


@pytest.mark.parametrize(
    ("condition", "rest", "tests"),
    [
        (ADMIN, ADMIN, ()),
        (APP, TRUE, (APP,)),
        (And((APP, ADMIN)), ADMIN, (APP,)),
        (And((APP, TLS, ADMIN, POST)), And((ADMIN, POST)), (APP, TLS)),
        (And((Or((APP, API)), ADMIN)), ADMIN, (APP, API)),
        (Or((And((APP, ADMIN)), And((API, POST)))), Or((ADMIN, POST)), (APP, API)),
        (Or((APP, And((API, ADMIN)))), TRUE, (APP, API)),
        (And((Not(APP), ADMIN)), And((Not(APP), ADMIN)), ()),
        (And((PLAIN, ADMIN)), And((PLAIN, ADMIN)), ()),
        (And((And((APP, ADMIN)), POST)), And((ADMIN, POST)), (APP,)),
        (Test(HOST, Some((Equals("a.example"), Equals("b.example")))), TRUE, None),
        (Test(HOST, Some((Equals("a.example"), Never(Equals("b.example"))))), None, ()),
    ],
)
def test_demands_of_host_and_protocol_are_left_out(condition, rest, tests):
    found = without_entrance(condition)
    assert found[0] == (condition if rest is None else rest)
    assert found[1] == ((condition,) if tests is None else tests)


def test_the_protocol_can_be_kept():
    assert without_entrance(And((APP, TLS, ADMIN)), protocol=False) == (And((TLS, ADMIN)), (APP,))


@given(CONDITIONS, REQUESTS)
def test_what_met_the_condition_meets_the_rest(condition, request):
    rest, tests = without_entrance(condition)
    if interpreter.holds(condition, request):
        assert interpreter.holds(rest, request)
    assert (rest == condition) or tests


@given(st.lists(st.sampled_from([ADMIN, POST, Not(ADMIN)]), max_size=3), REQUESTS)
def test_the_rest_of_a_conjunction_is_met_by_what_meets_it_at_another_host(others, request):
    rest, _ = without_entrance(And((APP, TLS, *others)))
    moved = replace(request, host="app.example.com", protocol="https")
    assert interpreter.holds(rest, request) == interpreter.holds(And((APP, TLS, *others)), moved)


POLICY = """
listeners:
  - {id: 1, name: tls, protocol: https, port: 443}
routes:
  - {id: 1, listener_id: 1, priority: 10, host_pattern: app.example.com, targets: [{id: 1, name: a, url: "http://a"}, {id: 2, name: b, url: "http://b", enabled: false}]}
  - {id: 2, listener_id: 1, priority: 20, path_prefix: /old, action: redirect, redirect_target_mode: absolute_url, redirect_target: "https://app.example.com"}
  - {id: 3, listener_id: 1, priority: 30, host_pattern: "*.example.com", targets: [{id: 3, name: a, url: "http://a:80/", upstream_request_headers: [{name: X-Tenant, value: t}], upstream_basic_auth: {enabled: true}}]}
  - {id: 4, listener_id: 1, is_default: true, targets: [{id: 4, name: c, target_type: static}]}
waf_rules:
  - {name: one-host, priority: 10, action: block, match_rule: {cel_expression: 'host == "app.example.com" && path == "/a"'}}
  - {name: behind, priority: 20, action: block, match_rule: {cel_expression: 'host == "app.example.com" && path == "/a" && method == "GET"'}}
  - {name: unknown, priority: 30, action: block, match_rule: {cel_expression: 'host == "else.example"'}}
  - {name: all-of-it, priority: 40, action: block, match_rule: {cel_expression: 'host == "app.example.com"'}}
"""


@pytest.fixture(scope="module")
def facts(tmp_path_factory):
    path = tmp_path_factory.mktemp("policy") / "edge.yaml"
    path.write_text(POLICY, encoding="utf-8")
    (policy,) = read([str(path)], stdin=bytes).policies
    assert not policy.problems
    return Facts(policy)


@pytest.fixture(scope="module")
def rules(facts):
    return {rule.name: rule for rule in facts.policy.rules}


def ids(routes):
    return [route.id for route in routes]


def test_an_origin_is_that_of_an_enabled_target_of_a_forwarding_route(facts):
    assert [origins_of(route) for route in facts.routing.routes] == [("http://a:80",), (), ("http://a:80",), ()]


def test_logging_in_at_an_origin_does_not_tell_applications_apart(facts):
    assert [injected(route) for route in facts.routing.routes] == [(), (), ("x-tenant",), ()]


def test_routes_of_one_origin_are_siblings(facts):
    first, redirect, *_ = facts.routing.routes
    landings = facts.once(Landings)
    assert ids(landings.siblings([first])) == ["1", "3"]
    assert ids(landings.siblings([redirect])) == []


def test_a_rule_reaches_the_routes_of_requests_no_earlier_rule_takes(facts, rules):
    landings = facts.once(Landings)
    assert ids(landings.reached(rules["one-host"])) == ["1"]
    assert ids(landings.reached(rules["behind"])) == []
    assert ids(landings.reached(rules["unknown"])) == []


def test_requests_for_the_default_route_alone_are_unserved(facts, rules):
    landings = facts.once(Landings)
    assert not landings.unserved(facts.live(rules["one-host"]))
    assert not landings.unserved(facts.live(rules["unknown"])), "its path may be that of the redirect"
    narrow = facts.both(facts.live(rules["unknown"]), facts.matching(Test(PATH, Equals("/"))))
    assert landings.unserved(narrow)


def test_a_route_is_closed_by_a_rule_that_takes_what_earlier_rules_leave(facts, rules):
    landings = facts.once(Landings)
    app, _, wild, _ = facts.routing.routes
    assert landings.closed(rules["all-of-it"], app)
    assert not landings.closed(rules["all-of-it"], wild)
    assert not landings.closed(rules["one-host"], app)


def test_what_is_made_of_facts_is_made_once(facts):
    assert facts.once(Landings) is facts.once(Landings)
