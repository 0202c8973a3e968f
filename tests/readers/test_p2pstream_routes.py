from typing import Any

import pytest
from reading import messages, only_problem, read_plain, shown

from edgelint.model.expression import HOST, PATH, TRUE, And, HostPattern, PathPrefix, Test
from edgelint.model.policy import Route


def only_route(**fields: Any) -> Route:
    policy = read_plain({"routes": [{"listener_id": 1, **fields}]})
    assert not policy.problems
    (route,) = policy.routes
    return route


def origins(route: Route) -> list[str]:
    return [target.origin for target in route.targets]


@pytest.mark.parametrize(
    ("host", "path", "match"),
    [
        ("", "", TRUE),
        ("", "/", TRUE),
        ("App.Example.com.", "/", Test(HOST, HostPattern("app.example.com"))),
        ("", "/api", Test(PATH, PathPrefix("/api"))),
        ("*.a.test", "/api/", And((Test(HOST, HostPattern("*.a.test")), Test(PATH, PathPrefix("/api/"))))),
    ],
)
def test_a_route_matches_its_host_and_path(host, path, match):
    assert only_route(host_pattern=host, path_prefix=path).match == match


def test_a_default_route_matches_whatever_is_left():
    route = only_route(host_pattern="a.test", path_prefix="/x", is_default=True)
    assert (route.match, route.default) == (TRUE, True)


def test_a_route_says_what_it_does():
    route = only_route(
        id="12", priority="7", action="PUBLIC_ROUTE_ACTION_REDIRECT", pathSecurityMode="allow_encoded_separators"
    )
    assert (route.id, route.listener, route.order) == ("12", "1", (7, 12))
    assert (route.action, route.separators) == ("redirect", True)


def test_routes_are_in_the_order_of_priority_then_id():
    routes = [
        {"path_prefix": "/a", "priority": 5, "id": 9},
        {"path_prefix": "/b", "priority": 5, "id": 2},
        {"path_prefix": "/c"},
    ]
    assert [route.path for route in read_plain({"routes": routes}).routes] == ["/b", "/a", "/c"]


@pytest.mark.parametrize(
    ("target", "origin"),
    [
        ({"url": "http://10.0.0.5:3000"}, "http://10.0.0.5:3000"),
        ({"url": "https://App.Example.com/base"}, "https://app.example.com:443"),
        ({"url": "http://[2001:DB8::1]"}, "http://[2001:db8::1]:80"),
        ({"target_type": "static", "url": ""}, ""),
        ({"targetType": "PUBLIC_ROUTE_TARGET_TYPE_STATIC"}, ""),
        (
            {"url": "http://a", "transport": "agent", "agentSelector": {"matchLabels": {"z": "1", "a": "2"}}},
            "agent:a=2,z=1|http://a:80",
        ),
    ],
)
def test_the_origin_of_a_target(target, origin):
    assert origins(only_route(targets=[target])) == [origin]


@pytest.mark.parametrize("url", ["", "app:3000", "ftp://a", "http://", "http://a:99999", "http://[::1"])
def test_a_target_whose_url_is_none_has_an_origin_of_its_own(url):
    policy = read_plain({"routes": [{"listener_id": 1, "targets": [{"id": 1, "url": url}, {"id": 2, "url": url}]}]})
    assert len(policy.problems) == 2
    assert len(set(origins(policy.routes[0]))) == 2


def test_targets_of_the_flat_list_join_their_routes_once():
    target = {"id": "4", "routeId": "1", "url": "http://a"}
    other = {"id": "5", "routeId": "2", "url": "http://b"}
    routes = [{"id": "1", "listenerId": "1", "targets": [target]}, {"id": "2", "listenerId": "1"}]
    policy = read_plain({"routes": routes, "routeTargets": [target, other]})
    assert [origins(route) for route in policy.routes] == [["http://a:80"], ["http://b:80"]]


def test_listeners_and_providers_are_read():
    policy = read_plain(
        {
            "listeners": [{"id": 3, "name": "l", "port": "8443", "protocol": "https", "bind_address": "::"}],
            "waf_captcha_providers": [{"id": 1, "name": "p", "provider_type": "turnstile", "enabled": False}],
        }
    )
    (listener,) = policy.listeners
    (provider,) = policy.providers
    assert (listener.id, listener.protocol, listener.address, listener.port, listener.enabled) == (
        "3",
        "https",
        "::",
        8443,
        True,
    )
    assert (provider.id, provider.name, provider.enabled) == ("1", "p", False)
    assert shown(listener.place) == '"l"'


def test_a_listener_without_protocol_or_port_is_a_problem():
    policy = read_plain({"listeners": [{"id": 3, "name": "l", "bind_address": "::"}]})
    assert len(messages(policy)) == 2
    assert policy.listeners[0].protocol == "http"


def test_an_unreadable_target_is_left_out_and_its_route_is_not():
    policy = read_plain({"routes": [{"listener_id": 1, "targets": [{"url": 5}, {"url": "http://a"}]}]})
    assert shown(only_problem(policy).place) == "5"
    assert origins(policy.routes[0]) == ["http://a:80"]


BACKENDS = [
    {"id": "1", "name": "app", "targetOrigin": "http://app:3000", "enabled": True},
    {"id": "2", "name": "api", "targetOrigin": "http://api", "enabled": True},
    {
        "id": "3",
        "targetOrigin": "http://far",
        "enabled": True,
        "forwardMode": "PUBLIC_BACKEND_FORWARD_MODE_AGENT_POOL",
        "agentAssignments": [{"backendId": "3", "agentId": "8"}],
    },
    {"id": "4", "backendType": "PUBLIC_BACKEND_TYPE_STATIC", "enabled": True},
]


def old(route: dict[str, Any], **more: Any) -> Route:
    """A route of an answer of v0.1.39."""
    routes = [{"id": "1", "listenerId": "1", "enabled": True, **route}]
    policy = read_plain({"backends": BACKENDS, "routes": routes, **more})
    assert not policy.problems
    return policy.routes[0]


def test_the_backend_of_a_route_becomes_its_target_and_keeps_its_id():
    route = old({"backendId": "2"})
    assert [(target.id, target.name, target.origin) for target in route.targets] == [("2", "api", "http://api:80")]


def test_assigned_backends_replace_the_only_one_and_the_fallback_is_added():
    assigned = [{"backendId": "3", "enabled": True}, {"backendId": "4", "enabled": True}, {"backendId": "1"}]
    route = old({"backendId": "1", "fallbackBackendId": "2", "backendAssignments": assigned})
    assert origins(route) == ["agent:agents=8|http://far:80", "", "http://api:80"]


def test_backends_are_assigned_by_a_list_of_their_own_too():
    assigned = [
        {"routeId": "1", "backendId": "2", "position": "2", "enabled": True},
        {"routeId": "1", "backendId": "1", "position": "1", "enabled": True},
    ]
    agents = [{"backendId": "3", "agentId": "5"}]
    assert origins(old({}, routeBackends=assigned, backendAgents=agents)) == ["http://app:3000", "http://api:80"]


def test_the_default_backend_of_a_listener_becomes_its_default_route():
    listeners = [{"id": "7", "name": "l", "port": "80", "protocol": 1, "enabled": True, "defaultBackendId": "2"}]
    policy = read_plain(
        {"listeners": listeners, "backends": BACKENDS, "routes": [{"id": "1", "listenerId": "7", "priority": "9"}]}
    )
    first, default = policy.routes
    assert (first.default, default.default) == (False, True)
    assert (default.listener, default.match, origins(default)) == ("7", TRUE, ["http://api:80"])
    assert shown(default.place) == '"2"'
