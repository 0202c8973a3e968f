import sqlite3
from contextlib import closing

import pytest
from reading import messages, only_policy, read_paths, shown

from edgelint.model.policy import Policy, Rule
from edgelint.source import Cell
from support import corpus

DATABASES = (
    "first-ratelimit-0ec23a1-legacy-match",
    "v0.1.9-legacy-match",
    "v0.1.19-legacy-match",
    "v0.1.35-legacy-match",
    "v0.1.36-cel",
    "v0.1.39-backends",
    "v0.1.41-route-targets",
    "head-41c89f8",
)
TABLES = {
    "waf": "public_waf_rules",
    "rate_limit": "public_rate_limit_rules",
    "shaper": "public_traffic_shaper_rules",
    "cache": "public_cache_rules",
}


def database(name: str) -> str:
    return str(corpus() / "p2pstream" / f"p2pstream-{name}.db")


def answer(name: str = "GetPublicProxyConfig.json") -> Policy:
    return only_policy(read_paths(corpus() / "p2pstream" / name))


def selected(name: str, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"file:{database(name)}?immutable=1", uri=True)) as connection:
        return connection.execute(query).fetchall()


def count(name: str, table: str) -> int:
    if not selected(name, f"SELECT 1 FROM sqlite_master WHERE name = '{table}'"):
        return 0
    return int(str(selected(name, f"SELECT count(*) FROM {table}")[0][0]))


def meaning(rule: Rule) -> tuple[object, ...]:
    """All of a rule but its places."""
    key = rule.key and tuple(part.field for part in rule.key)
    references = tuple((reference.kind, reference.id) for reference in rule.references)
    match = (rule.match.text, rule.match.expression)
    return (
        *(rule.phase, rule.id, rule.name, rule.priority, rule.order, rule.enabled, rule.outcome, rule.conditional),
        *(match, key, references, dict(rule.settings)),
    )


@pytest.mark.parametrize("name", DATABASES)
def test_every_rule_of_every_version_of_the_database_is_read(name):
    policy = only_policy(read_paths(database(name)))
    for phase in policy.phases:
        assert len(phase.rules) == count(name, TABLES[phase.name])
    assert not policy.problems
    assert [phase.algorithm for phase in policy.phases] == ["first_match", "all_match", "first_match", "first_match"]


@pytest.mark.parametrize("name", DATABASES)
def test_every_route_of_every_version_leads_to_its_targets(name):
    policy = only_policy(read_paths(database(name)))
    own = [route for route in policy.routes if not route.id.startswith("default of")]
    assert len(own) == count(name, "public_routes")
    assert len(policy.listeners) == count(name, "public_listeners")
    for route in own:
        origins = {target.origin for target in route.targets}
        assert origins == (set() if route.action == "redirect" else {"http://10.0.0.5:3000"})
    defaults = {route.listener for route in policy.routes if route.default}
    assert defaults == ({"1", "2", "3"} if count(name, "public_backends") else {"2"})


@pytest.mark.parametrize("name", ["v0.1.41-route-targets", "head-41c89f8"])
def test_the_database_and_the_answer_of_the_api_say_the_same(name):
    stored = only_policy(read_paths(database(name)))
    assert [meaning(rule) for rule in stored.rules] == [meaning(rule) for rule in answer().rules]
    assert [(route.order, route.match, route.default, route.enabled) for route in stored.routes] == [
        (route.order, route.match, route.default, route.enabled) for route in answer().routes
    ]


def test_the_version_with_backends_says_the_same_of_its_rules():
    stored = only_policy(read_paths(database("v0.1.39-backends")))
    assert [meaning(rule) for rule in stored.rules] == [meaning(rule) for rule in answer().rules]


def test_the_compact_answer_is_the_same_policy():
    compact = answer("GetPublicProxyConfig.compact.json")
    assert [meaning(rule) for rule in compact.rules] == [meaning(rule) for rule in answer().rules]


def test_an_empty_answer_is_a_policy_without_rules():
    assert answer("GetPublicProxyConfig.empty.json").rules == ()


def test_every_expression_of_the_answer_is_found_exactly():
    for rule in answer().rules:
        if not rule.match.text:
            continue
        assert rule.match.anchored
        middle = len(rule.match.text) // 2
        whole = shown(rule.match.place.within(0, len(rule.match.text)))
        assert whole.replace('\\"', '"').replace("\\\\", "\\") == rule.match.text
        assert shown(rule.match.at((middle, middle + 1))).endswith(rule.match.text[middle])
        assert shown(rule.place) == f'"{rule.name}"'


def test_places_in_a_database_are_cells():
    policy = only_policy(read_paths(database("head-41c89f8")))
    rule = next(rule for rule in policy.rules if rule.name == "challenge-admin-paths")
    assert rule.place.span() == Cell("public_waf_rules", "2", "name")
    assert rule.match.at((0, 4)).span() == Cell("public_waf_rules", "2", "match_json")
    assert rule.at("trigger_window").span() == Cell("public_waf_rules", "2", "trigger_request_window_millis")
    assert rule.references[0].place.span() == Cell("public_waf_rules", "2", "captcha_provider_id")
    limit = next(rule for rule in policy.rules if rule.name == "login-limit")
    assert limit.at("limit").span() == Cell("public_rate_limit_rules", "1", "limit_count")
    assert limit.key is not None
    assert limit.key[0].place.span() == Cell("public_rate_limit_rules", "1", "key_parts_json")
    assert limit.place.location().logical == "public_rate_limit_rules[1].name"


def test_backend_ids_of_cache_rules_are_references_to_targets():
    policy = only_policy(read_paths(database("v0.1.19-legacy-match")))
    rule = next(rule for rule in policy.rules if rule.name == "cache-static-assets")
    assert [(reference.kind, reference.id) for reference in rule.references] == [("route", "1"), ("target", "1")]
    assert any(target.id == "1" for route in policy.routes for target in route.targets)
    assert rule.references[1].place.span() == Cell("public_cache_rules", "1", "backend_ids_json")


def test_the_folder_of_the_corpus_holds_one_policy_for_each_database_and_answer():
    reading = read_paths(corpus() / "p2pstream")
    names = [policy.name.rpartition("/")[2] for policy in reading.policies]
    assert names == sorted(names)
    assert len(names) == len(DATABASES) + 2
    assert not reading.problems
    assert "GetPublicProxyConfig.empty.json" in [name.rpartition("/")[2] for name in reading.ignored]


def test_rules_of_other_platforms_in_a_folder_are_left_alone():
    for platform in ("traefik", "cloudflare", "envoy_gateway", "ngrok", "kong", "aws_wafv2", "azure"):
        reading = read_paths(corpus() / platform)
        assert reading.policies == ()
        assert messages(reading) == []
