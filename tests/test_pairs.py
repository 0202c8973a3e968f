import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgelint.knowledge.pairs import axes, escape, exactly, guards, loosened, pinned
from edgelint.model.expression import ADDRESS, Field
from edgelint.space.questions import member
from edgelint.space.theory import Axis
from support import facts_of

UA, SID, PLAN = Field("header", "user-agent"), Field("cookie", "sid"), Field("query", "plan")


@given(st.lists(st.text(max_size=3), max_size=3).map(tuple), st.lists(st.text(max_size=3), max_size=3).map(tuple))
def test_just_these_values_are_no_others(values, others):
    assert values in exactly(values)
    assert (others in exactly(values)) is (others == values)


PARTS = [
    '"sid" in cookies',
    '"user-agent" in headers',
    'headers["user-agent"].exists(v, v.startsWith("a"))',
    '"other" in cookies',
    'query["plan"].size() == 2',
    'path_prefix(path, "/a")',
    'cidr(remote_ip, "192.0.2.0/24")',
    '"cookie" in headers',
]
CONDITIONS = st.recursive(
    st.sampled_from(PARTS),
    lambda inner: st.one_of(
        inner.map("!({})".format),
        st.tuples(inner, st.sampled_from(["&&", "||"]), inner).map(lambda it: "({} {} {})".format(*it)),
    ),
    max_leaves=6,
)


def projected(request, fields):
    """A request without what it says in some fields."""
    gone = {field.name for field in fields}
    jar = {name: value for name, value in request.cookies().items() if name == "other"}  # the one that counts
    headers = {pair for pair in request.headers if pair[0] != "cookie" and pair[0] not in gone}
    query = [pair for pair in request.query if pair[0] not in gone]
    address = None if ADDRESS in fields else request.address
    return request.method, request.host, request.path, address, jar, headers, query


@given(CONDITIONS, st.sampled_from([(SID,), (UA,), (PLAN,), (ADDRESS,), (SID, UA)]))
def test_a_pair_differs_in_its_fields_only_and_a_rule_takes_just_one_of_it(expression, fields):
    facts = facts_of(expression)
    (rule,) = facts.active()
    pair = escape(facts, rule, fields)
    if pair is not None:
        assert projected(pair.caught, fields) == projected(pair.spared, fields)
        assert rule.match.evaluate(pair.caught) is True
        assert rule.match.evaluate(pair.spared) is False


@pytest.mark.parametrize(
    ("expression", "fields", "found"),
    [
        ('!("sid" in cookies)', (SID,), True),
        ('!("sid" in cookies) && "other" in cookies', (SID,), True),
        ('"cookie" in headers', (SID,), True),
        ('!("sid" in cookies)', (UA,), False),
        ('!("sid" in cookies) || path == "/a"', (SID,), True),
        ('!("sid" in cookies) || !("sid" in cookies && cookies["sid"] == "1")', (SID,), True),
        ('!cidr(remote_ip, "192.0.2.0/24")', (ADDRESS,), True),
        ('path == "/a"', (SID, UA, ADDRESS), False),
    ],
)
def test_there_is_a_pair_where_the_fields_decide(expression, fields, found):
    facts = facts_of(expression)
    (rule,) = facts.active()
    assert (escape(facts, rule, fields) is not None) is found


def test_nothing_escapes_to_where_another_rule_waits():
    facts = facts_of('!("sid" in cookies)', '"sid" in cookies')
    first, second = facts.active()
    assert guards(facts, first, [SID]) == (second,)
    assert escape(facts, first, [SID], (second,)) is None
    assert escape(facts, first, [SID]) is not None


def test_loosening_and_pinning_are_opposites():
    facts = facts_of('"sid" in cookies && path == "/a"')
    (rule,) = facts.active()
    loose = axes(facts, [SID])
    assert loose == {Axis("cookie", "sid"), Axis("header", "cookie")}
    point = member(facts.live(rule)).point
    assert Axis("cookie", "sid") not in loosened(facts.live(rule), loose).axes()
    assert point in pinned(point, [Axis("path"), Axis("cookie", "sid")])
    other = member(loosened(facts.live(rule), loose) - facts.live(rule)).point
    assert other in pinned(point, [Axis("path")])
    assert other not in pinned(point, [Axis("path"), Axis("cookie", "sid")])
