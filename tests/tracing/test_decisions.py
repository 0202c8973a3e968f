"""Decisions that were reasoned out by hand from the texts of rules, against those of the trace."""

from functools import cache

import pytest
import yaml

from edgelint.readers import read
from edgelint.replay import route_name
from edgelint.requests.sent import header_line, one_line, sent
from edgelint.tracing.account import account, in_force
from edgelint.tracing.stages import Wishes
from support import FIXTURES

TABLES = sorted((FIXTURES / "trace" / "decisions").glob("*.yaml"))


def cases():
    for path in TABLES:
        table = yaml.safe_load(path.read_text(encoding="utf-8"))
        for number, case in enumerate(table["requests"]):
            yield pytest.param(table["policy"], case, id=f"{path.stem}-{number}-{case['ask'].replace(' ', '_')[:60]}")


CASES = list(cases())


@cache
def policy(name):
    (found,) = read([str(FIXTURES / name)], stdin=bytes).policies
    assert not found.problems
    return found


def traced(found, case):
    method, url, _ = one_line(case["ask"])
    request = sent(method, url, map(header_line, case.get("headers", [])), case.get("ip", ""))
    wanted = case.get("active", "")
    active = {rule for rule in in_force(found) if wanted in ("*", rule.name)}
    return account(found, request, Wishes(frozenset(active), passes=case.get("pass", False)))


def seen(one):
    """What happened, in the words of the tables."""
    found = {"comes_to": one.decision.kind + (f" {one.decision.status}" if one.decision.status else "")}
    if one.decision.location:
        found["location"] = one.decision.location
    if one.landing and one.landing.route:
        found["route"] = route_name(one.landing.route).strip("`")
    for stage in one.stages:
        name = {"waf": "waf", "rate_limit": "limits"}.get(stage.phase.name, stage.phase.name)
        effective = [look.rule.name for look in stage.looks if look.standing in ("applies", "passed")]
        if effective:
            found[name] = effective if name in ("waf", "limits") else effective[0]
        for look in stage.looks:
            if look.standing in ("fails", "inactive", "elsewhere", "partly", "unknown"):
                found.setdefault(look.standing, []).append(look.rule.name)
        if stage.skipped:
            found["skipped"] = [rule.name for rule in stage.skipped]
    if any(storing.bypass for storing in one.storing):
        found["bypass"] = True
    return found


ASKED = ("ask", "ip", "headers", "pass", "active", "keys", "cache_key")


def test_there_are_enough_of_them():
    assert len(CASES) >= 150
    assert len(TABLES) >= 3


@pytest.mark.parametrize(("name", "case"), CASES)
def test_what_happens_is_what_the_texts_of_the_rules_say(name, case):
    one = traced(policy(name), case)
    assert seen(one) == {word: value for word, value in case.items() if word not in ASKED}
    keys = {look.rule.name: [part.value for part in look.key] for stage in one.stages for look in stage.effective}
    assert {rule: keys[rule] for rule in case.get("keys", {})} == case.get("keys", {})
    if "cache_key" in case:
        assert [value for _, value in one.storing[0].key] == case["cache_key"]
