"""Whom the key of a limiter tells apart."""

import json

import pytest

from edgelint.facts import Facts
from edgelint.model.topology import Front, Topology
from edgelint.picture.buckets import bucket
from edgelint.readers import read

CDN = Topology(fronts=(("*", Front(behind="cloudflare")),), trusted_headers=("x-client",))


def limiter(*parts, match="true", topology=None, **settings):
    document = {
        "listeners": [{"id": 1, "name": "public", "protocol": "https", "port": 443}],
        "rate_limit_rules": [
            {
                "name": "limit",
                "limit": 5,
                "window_millis": 60000,
                "key_parts": [dict(zip(("source", "name"), part.split(":"), strict=False)) for part in parts],
                "match_rule": {"cel_expression": match},
                **settings,
            }
        ],
    }
    (policy,) = read(["-"], stdin=lambda: json.dumps(document).encode()).policies
    found = bucket(Facts(policy, topology), policy.rules[0])
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("parts", "match", "topology", "identity", "roles"),
    [
        (["remote_ip"], "true", None, "client", ["client"]),
        (["remote_ip"], "true", CDN, "proxy", ["proxy"]),
        (["header:x-client"], "true", CDN, "client", ["client"]),
        (["remote_ip", "header:x-client"], "true", CDN, "client", ["proxy", "client"]),
        (["header:x-client"], "true", None, "chosen", ["chosen"]),
        (["header:authorization"], "true", None, "credential", ["credential"]),
        (["header:x-colour"], '"x-colour" in headers && headers["x-colour"].all(v, v in ["a", "b"])', None, "few", ["chosen"]),
        (["host", "path"], 'host == "a.test"', None, "everybody", ["constant", "request"]),
        (["remote_ip"], 'remote_ip == "192.0.2.1"', None, "one-client", ["constant"]),
        (["host"], 'remote_ip == "192.0.2.1"', None, "one-client", ["request"]),
        (["cookie:p"], "true", None, "chosen", ["chosen"]),
    ],
)  # fmt: skip
def test_whose_a_bucket_is(parts, match, topology, identity, roles):
    found = limiter(*parts, match=match, topology=topology)
    assert (found.identity, [part.role for part in found.parts]) == (identity, roles)


def test_parts_that_a_client_varies_and_that_may_be_missing_are_told():
    found = limiter("remote_ip", "path", "cookie:basket", "protocol")
    assert [(part.field.kind, part.free, part.missing) for part in found.parts] == [
        ("address", False, False),
        ("path", True, False),
        ("cookie", True, True),
        ("protocol", False, False),
    ]
    (part,) = limiter("cookie:basket", match='"basket" in cookies').parts
    assert not part.missing


def test_the_budget_is_that_of_the_rule():
    found = limiter("remote_ip", algorithm="token_bucket", burst=9)
    assert (found.budget.limit, found.budget.window, found.budget.burst) == (5, 60, 9)
