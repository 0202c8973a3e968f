import json

import pytest

from edgelint.model.request import Request
from edgelint.readers import read
from edgelint.separators import compared, doubled


def policy_of(expression, path=""):
    target = {"id": 1, "name": "git", "url": "http://10.0.0.1:80"}
    route = {"id": 1, "listener_id": 1, "path_prefix": path, "path_security_mode": "allow_encoded_separators"}
    document = {
        "listeners": [{"id": 1, "name": "public", "protocol": "https", "port": 443}],
        "routes": [route | {"targets": [target]}],
        "waf_rules": [{"name": "r", "action": "block", "match_rule": {"cel_expression": expression}}],
    }
    (policy,) = read(["-"], stdin=lambda: json.dumps(document).encode()).policies
    return policy


def request(path, query=()):
    return Request("GET", "https", "git.example.com", path, "203.0.113.7", (), query, "1", 443)


@pytest.mark.parametrize(
    ("expression", "path", "expected"),
    [
        ('path_prefix(path, "/a/b")', "", ["/a/b"]),
        ('path_prefix(path, "/a/b")', "/a", ["/a/b"]),
        ('path_prefix(path, "/a/b/")', "/a/", ["/a/b"]),
        ('path_prefix(path, "/a")', "/a", []),
        ('path_prefix(path, "/a")', "/a/b", []),
        ('path_prefix(path, "/ab")', "/a", []),
        ('path in ["/a/b", "/c"]', "/a", ["/a/b"]),
        ('!path_prefix(path, "/a/b")', "", []),
        ('path.contains("/a/b") || path.endsWith("/b")', "", []),
    ],
)
def test_paths_below_the_route_are_those_that_can_be_misread(expression, path, expected):
    policy = policy_of(expression, path)
    assert [text for text, _ in compared(policy.rules[0], policy.routes[0])] == expected


@pytest.mark.parametrize(
    ("expression", "path", "sent", "expected"),
    [
        ('path_prefix(path, "/a")', "", "/a/b", "/%2Fa/b"),
        ('path_prefix(path, "/a/b")', "/a", "/a/b", "/a/%2Fb"),
        ('path.contains("/a")', "", "/a", None),
        ('path_prefix(path, "/a")', "/a", "/a/b", None),
    ],
)
def test_a_second_slash_is_tried_behind_the_path_of_the_route(expression, path, sent, expected):
    policy = policy_of(expression, path)
    twin = doubled(policy, request(sent), policy.routes[0], policy.rules)
    assert (twin and twin.target()) == expected
