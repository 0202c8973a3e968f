"""What is shown of rules, against the plain interpreter on many requests."""

import json
from functools import cache

import pytest

from edgelint.evidence import prove
from edgelint.facts import Facts
from edgelint.picture.matrix import matrix
from edgelint.picture.overview import overview
from edgelint.readers import read
from edgelint.replay import applies, route_of
from edgelint.space.limits import WORK
from support import FIXTURES, corpus, facts_of

FOLDERS = sorted((FIXTURES / "deployments").iterdir())


@cache
def known(folder):
    """The facts of a deployment, and all its rules as they are shown."""
    facts = facts_from(folder)
    return facts, overview(facts)


def facts_from(path):
    (policy,) = read([str(path)], stdin=bytes).policies
    return Facts(policy)


def of(document):
    (policy,) = read(["-"], stdin=lambda: json.dumps(document).encode()).policies
    return Facts(policy)


def views(found):
    """The views by name, of policies whose phases have no name in common."""
    return {view.rule.name: view for view in every(found)}


def every(found):
    return [view for section in found.sections for view in section.views]


def pool(facts, found):
    """Requests that are near the rules: what each takes, and what is for each route."""
    requests = [view.witness for view in every(found) if view.witness]
    for route in facts.routing.routes:
        answer = facts.routing.landing(facts.possible, route)
        requests += [prove(facts, answer)] if answer.yes else []
    return [request for request in requests if request is not None]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_plain_interpreter_agrees_with_what_is_shown(folder):
    facts, found = known(folder)
    requests = pool(facts, found)
    for section in found.sections:
        for view in section.views:
            for request in requests if view.place else ():
                before = [share.overlap.earlier for share in view.earlier]
                certain = [rule for rule in before if not rule.conditional]
                takes = applies(facts.policy, view.rule, request)
                first = not any(applies(facts.policy, rule, request) for rule in section.phase.active[: view.place - 1])
                assert not (takes and view.death and view.death.cause in ("contradiction", "not-routed"))
                route = route_of(facts.policy, request)
                if takes and (first or section.phase.algorithm == "all_match"):
                    assert route in {one.route for one in view.routes} or route not in facts.routing.routes
                if takes and not first and section.phase.algorithm == "first_match":
                    assert any(applies(facts.policy, rule, request) for rule in before)
                if route in {one.route for one in view.routes if one.extent == "wholly"}:
                    assert takes or any(applies(facts.policy, rule, request) for rule in section.phase.active)
                    assert takes or not certain or any(applies(facts.policy, rule, request) for rule in certain)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_rule_that_takes_effect_has_a_request_and_no_dead_one_touches_a_route(folder):
    _, found = known(folder)
    for view in every(found):
        assert view.death or view.doubt or view.witness
        if view.death and view.death.cause in ("disabled", "contradiction", "shadowed", "not-routed", "not-arriving"):
            assert view.witness is None
            assert view.routes == ()


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_matrix_says_the_same_as_the_rules(folder):
    _, found = known(folder)
    table = matrix(found)
    cells = {
        (row.route, entry.rule, entry.extent)
        for row in table.rows
        for common, cell in zip(table.everywhere, row.cells, strict=True)
        for entry in (*common, *cell)
    }
    assert cells == {(one.route, view.rule, one.extent) for view in every(found) for one in view.routes}


# What a rule is left


def causes(*expressions, **settings):
    found = overview(facts_of(*expressions, **settings))
    return [view.death.cause if view.death else None for view in views(found).values()]


def test_why_a_rule_is_dead_is_told():
    assert causes('path == "/a"', 'path == "/a" && method == "GET"') == [None, "shadowed"]
    assert causes('path == "/a" && path == "/b"') == ["contradiction"]
    assert causes('protocol == "http"') == ["not-arriving"]
    shadowed = overview(facts_of('method == "GET"', 'method == "POST"', 'method in ["GET", "POST"]'))
    death = views(shadowed)["rule-2"].death
    assert (death.cause, [rule.name for rule in death.by]) == ("shadowed", ["rule-0", "rule-1"])


def test_what_real_exports_hold_dead_is_dead_for_the_right_reason():
    found = views(overview(facts_from(corpus() / "p2pstream" / "GetPublicProxyConfig.json")))
    dead = {name: view.death.cause for name, view in found.items() if view.death}
    assert dead == {
        "block-never-reached": "shadowed",
        "case-bug": "contradiction",
        "host-header-never": "disabled",
        "cookie-keyed": "disabled",
        "empty-key-defaults-remote-ip": "blocked-before",
    }


def rule(name, text, **settings):
    return {"name": name, "match_rule": {"cel_expression": text}, **settings}


LISTENERS = [{"id": 1, "name": "public", "protocol": "https", "port": 443}]
ROUTES = [
    {"id": 1, "listener_id": 1, "priority": 1, "host_pattern": "a.test", "targets": [{"id": 1, "name": "a", "url": "http://10.0.0.1"}]},
    {"id": 2, "listener_id": 1, "priority": 2, "host_pattern": "b.test", "targets": [{"id": 2, "name": "b", "url": "http://10.0.0.2"}]},
    {"id": 3, "listener_id": 1, "priority": 3, "host_pattern": "c.test", "targets": [{"id": 3, "name": "b", "url": "http://10.0.0.2"}]},
]  # fmt: skip


def test_rules_are_dead_that_nothing_switches_on_nobody_is_routed_to_or_whose_answers_are_not_kept():
    triggers = dict.fromkeys(
        ["minimum_request_rate", "traffic_spike_multiplier", "proxy_active_requests", "route_target_active_requests",
         "agent_active_requests", "server_cpu_percent", "agent_cpu_percent"], 0
    )  # fmt: skip
    facts = of(
        {
            "listeners": LISTENERS,
            "routes": ROUTES,
            "waf_rules": [
                rule("asleep", 'path == "/x"', action="block", activation_mode="automatic", triggers=triggers)
            ],
            "rate_limit_rules": [rule("nowhere", 'host == "z.test"', limit=1, window_millis=1000)],
            "cache_rules": [
                rule("posted", 'method == "POST"', ttl_millis=1000),
                rule("bound", 'method == "GET"', ttl_millis=1000, route_ids=[9]),
            ],
        }
    )
    found = views(overview(facts))
    assert {name: view.death.cause for name, view in found.items()} == {
        "asleep": "never-active",
        "nowhere": "not-served",
        "posted": "never-stored",
        "bound": "not-routed",
    }


# What it touches


def test_routes_and_services_are_touched_wholly_or_partly():
    facts = of(
        {
            "listeners": LISTENERS,
            "routes": ROUTES,
            "waf_rules": [
                rule("some", 'path == "/x"', action="block", priority=1),
                rule("all-of-a", 'host == "a.test"', action="block", priority=2),
                rule("half-of-b", 'host == "b.test"', action="block", priority=3),
                rule("none", 'host == "z.test" && path == "/y"', action="block", priority=4),
            ],
        }
    )
    found = views(overview(facts))
    touched = {name: [(one.route.host, one.extent) for one in view.routes] for name, view in found.items()}
    assert touched == {
        "some": [("a.test", "partly"), ("b.test", "partly"), ("c.test", "partly")],
        "all-of-a": [("a.test", "wholly")],
        "half-of-b": [("b.test", "wholly")],
        "none": [],
    }
    services = {name: [(one.service.name, one.extent) for one in view.services] for name, view in found.items()}
    assert services["all-of-a"] == [("a.test", "wholly")]
    assert services["half-of-b"] == [("b.test, c.test", "partly")]


def test_a_rule_is_told_what_earlier_phases_stop_but_not_what_is_stopped_already():
    facts = of(
        {
            "waf_rules": [
                rule("first", 'path == "/a"', action="block", priority=1),
                rule("hidden", 'path == "/a" && method == "POST"', action="block", priority=2),
                rule("other", 'path == "/b"', action="block", priority=3),
            ],
            "rate_limit_rules": [rule("limit", 'path == "/a" || path == "/c"', limit=1, window_millis=1000)],
        }
    )
    assert [(stop.rule.name, stop.extent) for stop in views(overview(facts))["limit"].stops] == [("first", "partly")]


def test_the_request_of_a_rule_is_the_shortest_of_its_alternatives():
    facts = facts_of('path == "/a/very/long/path/indeed" && method == "POST" || path == "/b" && method == "GET"')
    (view,) = views(overview(facts)).values()
    assert view.witness.path == "/b"


def test_a_policy_that_is_too_hard_is_shown_as_far_as_it_goes():
    facts = facts_of(*(f'path.matches("a{number}.*b.*c{number}")' for number in range(20)))
    with WORK.allowance(200):
        found = views(overview(facts))
    assert len(found) == 20
    assert any("too hard" in view.doubt for view in found.values())


def test_of_some_rules_only_these_are_shown_and_it_is_said_that_there_are_others():
    facts = facts_of('path == "/a"', 'path == "/b"')
    found = overview(facts, frozenset(facts.policy.rules[1:]))
    assert list(views(found)) == ["rule-1"]
    assert views(found)["rule-1"].place == 2
    assert not found.complete
    assert overview(facts).complete
