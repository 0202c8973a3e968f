"""Padding: the least that switches a rule off, counted on the request itself."""

import pytest

from edgelint import readers
from edgelint.facts import Facts
from edgelint.knowledge.padding import evasion
from edgelint.record import replace
from edgelint.replay import applies
from support import FIXTURES

FOLDER = FIXTURES / "cost-limit-evasion"
EVADED = sorted(path.name for path in FOLDER.glob("fires-*.yaml") if ".config" not in path.name)


def found_in(name):
    reading = readers.read([str(FOLDER / name)], stdin=bytes, input_format=None)
    (policy,) = reading.policies
    facts = Facts(policy)
    return next((facts, rule, found) for rule in facts.active() if (found := evasion(facts, rule)))


@pytest.mark.parametrize("name", EVADED)
def test_the_padded_request_is_over_the_limit_and_one_less_is_not(name):
    facts, rule, found = found_in(name)
    limit = facts.policy.platform.costs.limit
    assert rule.match.cost(found.request, limit) <= limit
    assert rule.match.cost(found.way.longer(found.count), limit) > limit
    assert rule.match.cost(found.way.longer(found.count - 1), limit) <= limit


@pytest.mark.parametrize("name", EVADED)
def test_both_requests_are_what_the_rule_is_for(name):
    facts, rule, found = found_in(name)
    assert applies(facts.policy, rule, found.request)
    assert applies(facts.policy, rule, found.padded)


@pytest.mark.parametrize("size", [1, 50, 100, 101])
def test_limits_near_the_first_padding_that_is_tried_are_found_too(size):
    facts, rule, found = found_in("fires-user-agent.yaml")
    costs = facts.policy.platform.costs
    limit = rule.match.cost(found.way.longer(size), costs.limit)  # so much is still free
    platform = replace(facts.policy.platform, costs=replace(costs, limit=limit))
    again = evasion(Facts(replace(facts.policy, platform=platform)), rule)
    assert again.count > size
    assert rule.match.cost(again.padded, limit) > limit
    assert rule.match.cost(again.way.longer(again.count - 1), limit) <= limit


def test_the_padding_is_counted_in_bytes_of_the_request():
    _, _, found = found_in("fires-user-agent.yaml")
    assert (found.count, found.times, found.size) == (12_487, 1, 12_490)
    _, _, found = found_in("fires-repeated-parameter.yaml")
    assert (found.count, found.times, found.size) == (3_332, 3_333, 3_333 * len("q=a&"))
