"""What a refusal says, and which listeners have a cache before them."""

import pytest

from edgelint.facts import Facts
from edgelint.finding import Severity
from edgelint.knowledge.denials import caching_fronts, kept_for_others, said, status_of
from edgelint.model.topology import Front, Topology
from edgelint.readers import read
from edgelint.replay import applies
from support import FIXTURES, findings_of

CHECK = "denial-response-semantics"

POLICY = """
listeners:
  - {id: 1, name: public, protocol: https, port: 443}
  - {id: 2, name: internal, protocol: https, port: 8443}
routes:
  - {id: 1, listener_id: 1, priority: 10, host_pattern: app.example.com, targets: [{id: 1, name: a, url: "http://a"}]}
waf_rules:
  - name: hostile
    priority: 10
    block_response_status_code: 404
    block_response_headers: [{name: Cache-Control, value: "No-Store, max-age=0"}, {name: X-A, value: "b: c"}]
    match_rule: {cel_expression: 'cidr(remote_ip, "203.0.113.0/24") && path == "/shop"'}
  - {name: everybody, priority: 20, match_rule: {cel_expression: 'path == "/old"'}}
  - {name: posts, priority: 30, match_rule: {cel_expression: 'method == "POST" && cidr(remote_ip, "203.0.113.0/24")'}}
rate_limit_rules:
  - {name: slow, priority: 10, match_rule: {cel_expression: 'path == "/old"'}}
"""


def facts(tmp_path, *fronts):
    (tmp_path / "edge.yaml").write_text(POLICY, encoding="utf-8")
    (policy,) = read([str(tmp_path / "edge.yaml")], stdin=bytes).policies
    assert not policy.problems
    return Facts(policy, Topology(fronts))


def test_status_and_headers_of_a_refusal(tmp_path):
    hostile, everybody, *_ = facts(tmp_path).active("block")
    assert (status_of(hostile), status_of(everybody)) == (404, 403)
    assert said(hostile, "cache-control") == "no-store, max-age=0"
    assert said(hostile, "x-a") == "b: c"
    assert said(hostile, "retry-after") == said(everybody, "cache-control") == ""


@pytest.mark.parametrize(
    ("fronts", "expected"),
    [
        ((), (("1", "2"), False)),
        ((("*", Front("edge")),), ((), False)),
        ((("public", Front("cdn", caches=True)),), (("1",), True)),
        ((("public", Front("cdn", caches=True)), ("*", Front("edge"))), (("1",), True)),
        ((("public", Front("edge")),), (("2",), False)),
    ],
)
def test_fronts_that_keep_answers(fronts, expected, tmp_path):
    assert caching_fronts(facts(tmp_path, *fronts)) == expected


def test_only_a_refusal_that_others_would_not_get_is_kept_for_others(tmp_path):
    found = facts(tmp_path)
    hostile, everybody, posts, slow = found.active("block", "limit")
    request = kept_for_others(found, hostile, ("1",))
    assert (request.method, request.path, request.listener) == ("GET", "/shop", "1")
    assert applies(found.policy, hostile, request)
    assert kept_for_others(found, everybody, ("1",)) is None
    assert kept_for_others(found, posts, ("1",)) is None
    assert kept_for_others(found, slow, ("2",)).listener == "2"


def test_the_gravest_fault_of_a_refusal_is_told_first():
    (found,) = findings_of(CHECK, FIXTURES / CHECK / "fires-501.yaml")
    assert found.severity is Severity.MEDIUM
    assert any("cache before the edge" in line for line in found.detail)
