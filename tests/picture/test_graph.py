"""The graph of overlaps: against brute force, and its arrangement."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgelint.facts import Facts
from edgelint.picture.graph import graph
from edgelint.picture.overlaps import Overlaps
from edgelint.readers import read
from edgelint.space.limits import WORK
from edgelint.space.questions import covers, overlap
from support import FIXTURES, facts_of

FOLDERS = sorted((FIXTURES / "deployments").iterdir())

tests = st.sampled_from(
    [
        'path_prefix(path, "/a")',
        'path.endsWith(".js")',
        'method == "POST"',
        'method == "GET"',
        'host == "a.test"',
        'host != "a.test"',
        '"x-a" in headers',
        '!("x-a" in headers)',
        '("sid" in cookies && cookies["sid"] == "1")',
        '!("cookie" in headers)',
        'cidr(remote_ip, "10.0.0.0/8")',
    ]
)
expressions = st.lists(st.lists(tests, min_size=1, max_size=3).map(" && ".join), min_size=2, max_size=8)


def relations(facts):
    return {(edge.earlier.name, edge.later.name): edge.relation for edge in graph(facts).edges}


def brute(facts):
    """The same by asking about every two rules."""
    found = {}
    for phase in facts.policy.phases:
        for at, earlier in enumerate(phase.active):
            for later in phase.active[at + 1 :]:
                one, other = facts.live(earlier), facts.live(later)
                if not overlap(one, other).no:
                    taken = "all" if covers((facts.region(earlier),), other) else "part"
                    taken = "at-times" if earlier.conditional else taken
                    first = phase.algorithm == "first_match"
                    found[earlier.name, later.name] = f"earlier-takes-{taken}" if first else "both-apply"
    return found


@settings(max_examples=40)
@given(expressions, st.sampled_from(["block", "limit"]))
def test_the_edges_are_those_that_asking_about_every_two_rules_finds(texts, action):
    facts = facts_of(*texts, action=action)
    assert relations(facts) == brute(facts)
    assert all(edge.certain for edge in graph(facts).edges)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_so_are_those_of_the_deployments(folder):
    (policy,) = read([str(folder)], stdin=bytes).policies
    facts = Facts(policy)
    assert relations(facts) == brute(facts)


@settings(max_examples=40)
@given(expressions)
def test_nodes_stand_behind_those_they_meet_and_apart_from_others(texts):
    found = graph(facts_of(*texts))
    nodes = {node.rule: node for node in found.nodes}
    assert len(nodes) == len(found.nodes) == len(texts)
    for edge in found.edges:
        earlier, later = nodes[edge.earlier], nodes[edge.later]
        assert earlier.cluster == later.cluster
        assert earlier.level < later.level
        assert earlier.place < later.place
    clusters = [node.cluster for node in found.nodes]
    assert clusters == sorted(clusters)
    assert set(clusters) == set(range(len(set(clusters))))
    assert len(found.nodes) - len(set(clusters)) <= len(found.edges)


def test_a_rule_is_shown_with_those_it_meets_and_no_others():
    facts = facts_of('path == "/a"', 'path == "/b"', 'path.startsWith("/")', 'path == "/c"')
    chosen = facts.policy.rules[1]
    found = graph(facts, frozenset([chosen]))
    assert [node.rule.name for node in found.nodes] == ["rule-1", "rule-2"]
    assert [(edge.earlier.name, edge.later.name) for edge in found.edges] == [("rule-1", "rule-2")]


def test_what_earlier_rules_leave_nothing_of_is_dead():
    facts = facts_of('method == "GET"', 'method == "POST"', 'method in ["GET", "POST"]')
    assert [node.rule.name for node in graph(facts).nodes if node.dead] == ["rule-2"]


def test_an_overlap_that_rests_on_a_condition_without_a_model_is_not_certain():
    facts = facts_of('remote_ip.endsWith(":1")', 'path == "/a"')
    (edge,) = graph(facts).edges
    assert not edge.certain


def test_a_graph_that_takes_too_long_says_that_it_may_lack_edges():
    facts = facts_of(*(f'path.contains("a{number}") && path.contains("b{number}")' for number in range(30)))
    with WORK.allowance(500):
        found = graph(facts)
    assert "too hard" in found.unfinished
    assert len(found.nodes) == 30
    assert not graph(facts_of("true")).unfinished


def test_overlaps_are_found_once():
    facts = facts_of('path == "/a"', "true")
    first, second = facts.policy.rules
    overlaps = facts.once(Overlaps)
    assert overlaps.of(first)[0] is overlaps.of(second)[0]
