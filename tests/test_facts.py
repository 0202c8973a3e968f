"""What the facts claim of a whole policy, against plain evaluation of its rules on random requests."""

from hypothesis import given, settings
from hypothesis import strategies as st

from edgelint.facts import Facts
from edgelint.model.expression import AnyValue, Count, Present, ValueAt
from edgelint.model.policy import Match, Outcome, Phase, Policy, Rule
from edgelint.model.walk import atoms
from edgelint.platforms.p2pstream import P2PSTREAM
from edgelint.source import Place, Source, Span
from model_interpreter import holds
from strategies import expressions, requests

PLACE = Place(Source("policy", "", lambda _route, _inner: Span(0, 0)))
OUTCOMES = [Outcome("block"), Outcome("challenge", passable=True), Outcome("queue", passable=True)]


def reads_the_cookie_header(expression):
    """Whether a condition looks into the header whose parts other conditions look at: such questions may stay open."""
    kinds = Present | AnyValue | ValueAt | Count
    return any(isinstance(atom, kinds) and atom.field.name == "cookie" for atom, _ in atoms(expression))


def rule(number, expression, outcome, conditional):
    match = Match(expression, lambda request: holds(expression, request), PLACE)
    name = f"rule-{number}"
    return Rule("waf", str(number), name, number, (number,), True, match, outcome, PLACE, conditional=conditional)


def policy_of(parts):
    rules = tuple(rule(number, *part) for number, part in enumerate(parts))
    return Policy("policy", P2PSTREAM, (Phase("waf", "WAF", "first_match", rules),))


policies = st.lists(
    st.tuples(
        expressions.filter(lambda expression: not reads_the_cookie_header(expression)),
        st.sampled_from(OUTCOMES),
        st.sampled_from([False, False, False, True]),
    ),
    min_size=2,
    max_size=5,
).map(policy_of)


def takes(one, request):
    return one.match.evaluate(request) is True


@settings(max_examples=300)
@given(policies, st.lists(requests(), min_size=30, max_size=30))
def test_what_is_claimed_of_the_order_of_rules_holds_for_every_request(policy, many):
    facts = Facts(policy)
    for one in policy.rules:
        before = [other for other in policy.rules if other.order < one.order and not other.conditional]
        reaching = [request for request in many if takes(one, request) and not any(takes(b, request) for b in before)]
        cover = facts.effective(one)
        assert not cover.answer.reason
        if cover.answer.no:
            assert not reaching
            shadows = facts.shadows(one)
            assert all(any(takes(other, request) for other in shadows) for request in many if takes(one, request))
        else:
            found = facts.reached(one)
            assert takes(one, found)
            assert not any(takes(other, found) for other in before)


@settings(max_examples=300)
@given(policies, st.lists(requests(), min_size=30, max_size=30))
def test_rules_that_share_a_request_are_neighbours_and_none_is_hidden(policy, many):
    facts = Facts(policy)
    for one in policy.rules:
        neighbours = facts.neighbours(one)
        for other in policy.rules:
            shared = [request for request in many if takes(one, request) and takes(other, request)]
            if other is not one and shared:
                assert other in neighbours
            if facts.within(one, other):
                assert all(takes(other, request) for request in many if takes(one, request))
