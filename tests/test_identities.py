"""What makes a finding the same one: how its source is written changes nothing, what its rule does changes it."""

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgelint.baseline import entries
from edgelint.fingerprint import Meanings, meaning
from edgelint.readers import read
from edgelint.run import Wishes, lint
from support import FIXTURES, many

SHOP = json.loads((FIXTURES / "examples" / "shop.json").read_text(encoding="utf-8"))
EXTRA = {"name": "zz-extra", "priority": 9000, "enabled": True, "action": "PUBLIC_WAF_ACTION_BLOCK"}


def shuffled(value, dice):
    """The same value with the keys of every object in another order."""
    if isinstance(value, dict):
        pairs = [(key, shuffled(item, dice)) for key, item in value.items()]
        dice.shuffle(pairs)
        return dict(pairs)
    return [shuffled(item, dice) for item in value] if isinstance(value, list) else value


def known(folder, document, name="edge.json", indent=None):
    path = folder / name
    path.write_text(json.dumps(document, indent=indent), encoding="utf-8")
    report = lint([str(path)], Wishes(pedantic=True), bytes)
    return sorted(entries(report.findings, Meanings(report.policies)))


@settings(deadline=None, max_examples=many(8))
@given(
    st.integers(0, 1 << 32), st.sampled_from([None, 0, 3, 7]), st.sampled_from(["a.json", "policy.json", "x y.json"])
)
def test_keys_indentation_and_names_of_files_change_no_identity(tmp_path_factory, seed, indent, name):
    folder = tmp_path_factory.mktemp("identities")
    assert known(folder, shuffled(SHOP, random.Random(seed)), name, indent) == known(folder, SHOP)


def with_another_rule(document):
    """The document with a rule for a host of its own in front."""
    rule = EXTRA | {"id": "99999", "matchRule": {"celExpression": 'host == "nobody.example.net" && path == "/x"'}}
    return json.loads(json.dumps(document).replace('"wafRules": [', f'"wafRules": [{json.dumps(rule)}, ', 1))


def test_a_rule_about_something_else_changes_no_identity_of_another(tmp_path):
    more = with_another_rule(SHOP)
    assert more != SHOP
    after = [entry for entry in known(tmp_path, more) if "zz-extra" not in entry.rule]
    assert after == known(tmp_path, SHOP)


RULE = """\
waf_rules:
  - {{name: one, priority: {priority}, action: {action}, enabled: {enabled}, match_rule: {{cel_expression: '{text}'}}}}
rate_limit_rules:
  - {{name: per-client, priority: 1, limit: {limit}, window_millis: 60000, key_parts: [{{source: remote_ip}}], match_rule: {{cel_expression: 'path == "/a"'}}}}
"""
USUAL = {
    "priority": 1,
    "action": "block",
    "enabled": "true",
    "limit": 10,
    "text": 'path_prefix(path, "/a") && (method == "GET" || method == "POST")',
}


def meanings(tmp_path, **changes):
    path = tmp_path / "edge.yaml"
    path.write_text(RULE.format(**(USUAL | changes)), encoding="utf-8")
    (policy,) = read([str(path)], stdin=bytes).policies
    return [meaning(rule, policy) for rule in policy.rules]


@pytest.mark.parametrize(
    "changes",
    [
        {"priority": 700},
        {"text": '(method == "POST" || method == "GET")   &&   path_prefix(path, "/a")'},
        {"text": 'path_prefix(path, "/a") && path_prefix(path, "/a") && (method == "GET" || method == "POST")'},
    ],
)
def test_what_does_the_same_means_the_same(tmp_path, changes):
    assert meanings(tmp_path, **changes) == meanings(tmp_path)


@pytest.mark.parametrize(
    ("changes", "changed"),
    [
        ({"text": 'path_prefix(path, "/b") && (method == "GET" || method == "POST")'}, [True, False]),
        ({"text": 'path_prefix(path, "/a") && method == "GET"'}, [True, False]),
        ({"text": 'path_prefix(path, "/a") || (method == "GET" || method == "POST")'}, [True, False]),
        ({"action": "waiting_room"}, [True, False]),
        ({"enabled": "false"}, [True, False]),
        ({"limit": 11}, [False, True]),
    ],
)
def test_what_does_something_else_means_something_else(tmp_path, changes, changed):
    pairs = zip(meanings(tmp_path, **changes), meanings(tmp_path), strict=True)
    assert [one != other for one, other in pairs] == changed
