import pytest

from edgelint.knowledge.trust import exemptions, hard_to_guess, repeatable, says_secret, strangers
from edgelint.model.expression import Field
from edgelint.model.topology import Front, Topology
from edgelint.space.questions import member
from edgelint.space.theory import Axis
from support import facts_of

UA, SID, PLAN = Field("header", "user-agent"), Field("cookie", "sid"), Field("query", "plan")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("q7Zp2Lx9RmW4tKdV", True), ("q7Zp2Lx9RmW4tKd", False), ("aaaaaaaaaaaaaaaaaaaaaaaa", False), ("", False)],
)
def test_a_secret_is_long_and_mixed(text, expected):
    assert hard_to_guess(text) is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("x-edge-secret", True),
        ("X-Api-Key", True),
        ("authorization", True),
        ("sessionid", True),
        ("sid", True),
        ("x-internal", False),
        ("inside", False),
        ("role", False),
    ],
)
def test_names_say_that_a_value_is_secret(name, expected):
    assert says_secret(name) is expected


@pytest.mark.parametrize(
    ("action", "expression", "expected"),
    [
        ("limit", '!("sid" in cookies)', [SID]),
        ("block", '!("sid" in cookies)', []),
        ("limit", '"sid" in cookies', []),
        ("limit", '!headers["user-agent"].exists(v, v.contains("Good"))', [UA]),
        ("block", '!headers["user-agent"].exists(v, v.contains("Good"))', [UA]),
        ("block", '!("user-agent" in headers)', []),
        ("limit", '!("user-agent" in headers)', [UA]),
        ("limit", 'query["plan"][0] == "a" && !query["plan"].exists(v, v == "b")', []),
        ("limit", '!("plan" in query)', [PLAN]),
        ("block", '!("plan" in query)', []),
        ("limit", '!(cookies["sid"] == "1")', []),
        ("limit", '!cookies["sid"].startsWith("1")', [SID]),
        ("limit", '!headers["accept"].exists(v, v == "text/html")', []),
        ("limit", '!headers["x-real-ip"].exists(v, v == "192.0.2.1")', []),
        ("limit", '!("plan" in query) && !("sid" in cookies)', [PLAN, SID]),
    ],
)
def test_exemptions_are_what_a_client_can_send_to_be_spared(action, expression, expected):
    (rule,) = facts_of(expression, action=action).active()
    assert list(exemptions(rule, Topology())) == expected


def test_a_header_that_a_proxy_vouches_for_exempts_nobody_who_asks():
    (rule,) = facts_of('!("x-plan" in headers)', action="limit").active()
    assert exemptions(rule, Topology())
    assert not exemptions(rule, Topology(trusted_headers=("x-plan",)))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('query["plan"][0] == "a"', [PLAN]),
        ('query["plan"].size() == 1', [PLAN]),
        ('query["plan"].exists(v, v == "a")', []),
        ('!query["plan"].exists(v, v == "a")', [PLAN]),
        ('"plan" in query', []),
        ('cookies["sid"] == "a"', []),
        ('headers["cookie"][0] == "a"', []),
        ('headers["x-real-ip"][0] == "a"', []),
        ('headers["X-Plan"][0] == "a"', []),
        ('!headers["user-agent"].exists(v, v == "a")', []),
        ('headers["user-agent"][0] == "a"', [UA]),
    ],
)
def test_what_may_be_given_twice_is_what_is_counted_or_must_not_be_there(expression, expected):
    facts = facts_of(expression)
    assert list(repeatable(facts, facts.active()[0])) == expected


@pytest.mark.parametrize(
    ("front", "certain", "outside", "inside"),
    [
        (Front("edge"), True, "203.0.113.7", None),
        (Front("edge"), False, None, "203.0.113.7"),
        (Front(), False, "203.0.113.7", None),
        (Front("cloudflare"), False, "203.0.113.7", None),
        (Front(("203.0.113.0/24",)), False, "198.51.100.7", "203.0.113.7"),
        (Front("haproxy", preserves_client_ip=True), True, "203.0.113.7", None),
    ],
)
def test_strangers_are_who_comes_without_a_proxy(front, certain, outside, inside):
    facts = facts_of('path == "/a"', topology=Topology((("*", front),)))
    (rule,) = facts.active()
    region = strangers(facts, rule, certain)
    point = member(region).point
    assert (point and point[Axis("address")]) == outside
    if inside:
        assert not any(inside in box.constraints[Axis("address")] for box in region.boxes)


def test_whom_a_block_lets_in_by_address_is_no_stranger():
    facts = facts_of('path == "/a"', '!cidr(remote_ip, "203.0.113.0/24")', topology=Topology((("*", Front()),)))
    point = member(strangers(facts, facts.active()[0], certain=False)).point
    assert point[Axis("address")] == "198.51.100.7"
