import pytest

from edgelint.facts import Facts
from edgelint.keys import checked, choices, coarser, fields, forgeable, key, settled, signed
from edgelint.knowledge.quotas import rotated, rotating
from edgelint.model.expression import ADDRESS, HOST, METHOD, PATH, PROTOCOL, Field
from edgelint.model.limiting import Limiting
from edgelint.model.parts import with_values
from edgelint.model.request import Request
from edgelint.model.topology import Topology
from edgelint.platforms.p2pstream import P2PSTREAM
from edgelint.readers import read
from edgelint.record import replace
from edgelint.space.abundance import endless, several

POLICY = """
listeners: [{{id: 1, name: public, protocol: https, port: 443}}]
routes: [{{id: 1, listener_id: 1, priority: 1, host_pattern: app.example.com, targets: [{{id: 1, name: app, url: "http://10.0.0.1"}}]}}]
waf_rules:
  - {{name: known, priority: 1, action: block, activation_mode: always, match_rule: {{cel_expression: '{block}'}}}}
rate_limit_rules:
  - {{name: one, priority: 1, key_parts: [{one}], match_rule: {{cel_expression: '{match}'}}}}
  - {{name: two, priority: 2, key_parts: [{two}], match_rule: {{cel_expression: '{match}'}}}}
"""
DEVICE, USER, SESSION = Field("header", "x-device"), Field("query", "user"), Field("cookie", "sid")
ALL = "{source: remote_ip}, {source: header, name: X-Device}, {source: query_param, name: user}, {source: cookie, name: sid}"
REQUEST = Request("GET", "https", "app.example.com", "/", "203.0.113.7", (("x-device", "a"), ("cookie", "sid=1; x=2")))


@pytest.fixture
def facts_of(tmp_path):
    def make(match="true", one=ALL, two="{source: remote_ip}", block="false"):
        path = tmp_path / "edge.yaml"
        path.write_text(POLICY.format(match=match, one=one, two=two, block=block), encoding="utf-8")
        facts = Facts(read([str(path)], stdin=bytes, input_format=None).policies[0])
        return facts, facts.active("limit")[0], facts.active("limit")[1]

    return make


def test_a_key_is_what_each_part_is_for_a_request(facts_of):
    _, rule, _ = facts_of()
    assert key(rule, REQUEST, P2PSTREAM) == (b"203.0.113.7", b"a", b"<missing>", b"1")
    empty = with_values(REQUEST, DEVICE, ("",))
    assert key(rule, empty, P2PSTREAM) == (b"203.0.113.7", b"<missing>", b"<missing>", b"1")


def test_only_the_beginning_of_a_value_counts(facts_of):
    _, rule, _ = facts_of()
    long = "é" * 128
    one, other = (with_values(REQUEST, USER, (long + end,)) for end in ("1", "2"))
    assert key(rule, one, P2PSTREAM) == key(rule, other, P2PSTREAM)
    unbounded = replace(P2PSTREAM, limiting=Limiting())
    assert key(rule, one, unbounded) != key(rule, other, unbounded)


def test_where_missing_parts_are_not_counted_there_is_no_key(facts_of):
    _, rule, _ = facts_of()
    assert key(rule, REQUEST, replace(P2PSTREAM, missing_key=None)) is None


def test_addresses_of_a_network_are_one_where_the_platform_groups_them(facts_of):
    _, _, rule = facts_of()
    grouping = replace(P2PSTREAM, limiting=Limiting(ipv6_prefix=64))
    one, other = (with_values(REQUEST, ADDRESS, (address,)) for address in ("2001:db8::1", "2001:db8::2"))
    assert key(rule, one, grouping) == key(rule, other, grouping)
    assert key(rule, one, P2PSTREAM) != key(rule, other, P2PSTREAM)
    assert key(rule, REQUEST, grouping) == (b"203.0.113.7",)


@pytest.mark.parametrize("field", [ADDRESS, HOST, METHOD, PATH, DEVICE, USER, SESSION])
def test_replacing_a_part_changes_nothing_else(facts_of, field):
    parts = {"address": "remote_ip", "query": "query_param"}
    source = parts.get(field.kind, field.kind)
    one = f"{{source: {source}, name: {field.name or '~'}}}, {ALL}"
    _, rule, _ = facts_of(one=one)
    changed = with_values(REQUEST, field, ("2001:db8::7",))
    before, after = key(rule, REQUEST, P2PSTREAM), key(rule, changed, P2PSTREAM)
    changed_parts = [part for part, old, new in zip(fields(rule), before, after, strict=True) if old != new]
    assert changed_parts == [field]
    assert after[0] == b"2001:db8::7"
    assert changed.cookies()["x"] == "2"


@pytest.mark.parametrize(
    ("match", "field", "expected"),
    [
        ('host == "app.example.com"', HOST, True),
        ('host_match(host, "*.example.com")', HOST, False),
        ('method in ["GET", "POST"]', METHOD, False),
        ('remote_ip == "203.0.113.9"', ADDRESS, True),
        ("true", PROTOCOL, True),
        ('!("x-device" in headers)', DEVICE, True),
        ('"x-device" in headers', DEVICE, False),
        ("true", Field("header", "host"), True),
    ],
)
def test_what_a_condition_leaves_open_of_a_part(facts_of, match, field, expected):
    facts, rule, _ = facts_of(match)
    assert settled(facts.meaning, facts.live(rule), field) is expected


def test_a_key_with_fewer_parts_is_coarser_and_settled_parts_do_not_count(facts_of):
    facts, fine, coarse = facts_of()
    here = facts.live(fine)
    assert coarser(facts.meaning, coarse, fine, here)
    assert not coarser(facts.meaning, fine, coarse, here)
    facts, one, two = facts_of('host == "app.example.com"', "{source: remote_ip}, {source: host}")
    assert coarser(facts.meaning, one, two, facts.live(one))


@pytest.mark.parametrize(
    ("match", "field", "few"),
    [
        ("true", DEVICE, None),
        ("true", SESSION, None),
        ('path_prefix(path, "/login")', PATH, None),
        ('path == "/login"', PATH, 1),
        ('headers["x-device"].all(v, v in ["a", "b"])', DEVICE, 2),
        ('headers["x-device"][0] == "a"', DEVICE, 1),
        ('query["user"].exists(v, v == "a")', USER, 1),  # that another one may stand before it is passed over
        ('"user" in query && query["user"].size() == 1 && query["user"].exists(v, v == "a")', USER, 1),
        ('!("user" in query)', USER, 0),
    ],
)
def test_what_a_part_can_be(facts_of, match, field, few):
    facts, rule, _ = facts_of(match)
    found = choices(facts.meaning, facts.live(rule), field)
    assert endless(found) is (few is None)
    assert few is None or len(several(found, 9)) == few
    assert "" not in found


def test_the_platform_or_a_trusted_proxy_sets_what_a_client_cannot():
    trusting = Topology(trusted_headers=("x-device",))
    assert forgeable(DEVICE, Topology())
    assert not forgeable(DEVICE, trusting)
    assert forgeable(SESSION, trusting)
    assert not forgeable(ADDRESS, Topology())
    assert not forgeable(PROTOCOL, Topology())


def test_names_tell_what_the_application_checks_and_long_tokens():
    names = (
        "authorization",
        "x-api-key",
        "sid",
        "user",
        "x-tenant",
        "x-device-id",
        "user-agent",
        "presidency",
        "visitor",
    )
    assert [checked(Field("header", name)) for name in names] == [True] * 5 + [False] * 4
    assert not checked(PATH)
    assert [signed(Field("cookie", name)) for name in ("id_token", "jwt", "sid")] == [True, True, False]
    assert signed(Field("header", "authorization"))


def test_rotated_requests_have_a_bucket_each_and_take_the_same_way(facts_of):
    facts, rule, _ = facts_of('host == "app.example.com"')
    assert rotating(facts, rule, rule) == (DEVICE, USER, SESSION)
    requests = rotated(facts, rule, replace(REQUEST, listener="1"), DEVICE)
    assert len({key(rule, request, P2PSTREAM) for request in requests}) == len(requests) == 8
    assert {request.cookies()["sid"] for request in requests} == {"1"}


def test_values_that_a_block_refuses_are_no_choice(facts_of):
    block = '!("x-device" in headers && headers["x-device"].all(v, v in ["a", "b"]))'
    facts, rule, _ = facts_of('host == "app.example.com"', block=block)
    requests = rotated(facts, rule, replace(REQUEST, listener="1"), DEVICE)
    assert {request.values("x-device") for request in requests} <= {("a",), ("b",)}
