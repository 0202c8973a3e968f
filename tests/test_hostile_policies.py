"""Policies written to make an engine explode end soon, with an answer or with a condition named as not analysed."""

import json
import os
import subprocess
import sys
import time

import pytest

from edgelint.run import Wishes, lint
from hostile_policies import export, policies
from support import ROOT

LETTERS = "abcdefghijklmnopqrstuvwxyz"

HOSTILE = {
    "nested repetitions": [
        'path.matches("^((a{1,30}){1,30}){1,1}$")',
        'path.matches("(a|b)*a(a|b){15}")',
        'path.matches("(x+x+)+y")',
        'path.matches("(.*a.{12}b|.*c.{12}d)$")',
    ],
    "hundreds of alternatives": [
        'path.matches("' + "|".join(f"{LETTERS[i % 26]}.*{LETTERS[(i + 1) % 24]}" for i in range(80)) + '")',
        'path.matches("' + "|".join(f"w{i}x" for i in range(90)) + '")',
    ],
    "conditions across fields": [
        " && ".join(f'(host == "h{i}.example.com" || path_prefix(path, "/p{i}"))' for i in range(50)),
        " && ".join(f'("a{i}" in headers || "b{i}" in query)' for i in range(60)),
        " || ".join(f'!("a{i}" in headers && "b{i}" in query)' for i in range(60)),
    ],
    "long lists in every field": [
        "method in [" + ",".join(f'"M{i}"' for i in range(64)) + "]",
        "host in [" + ",".join(f'"h{i}.example.com"' for i in range(64)) + "]",
        " && ".join(f'headers["x"].exists(v, v.contains("{LETTERS[i % 26]}{i}"))' for i in range(40))
        + ' && headers["x"].size() < 6',
    ],
    "hundreds of wildcards": [
        " || ".join(f'host_match(host, "*.h{i}.example.com")' for i in range(100)),
        *(f'!(host_match(host, "*.h{i}.example.com")) && path.matches("^/[a-z]+{i}$")' for i in range(20)),
    ],
    "maximal nesting": ["(" * 1500 + "true" + ")" * 1500, "!" * 2000 + "true", "[" * 1000 + "]" * 1000 + ".size() > 0"],
    "what has no model": ['path.matches("\\\\p{Greek}")', 'remote_ip.endsWith(".1")', 'headers["x"][0] == host'],
    "the cookie header and its cookies": [
        'headers["cookie"].exists(v, v.contains("sid=")) && cookies["sid"] == "a"',
        '"cookie" in headers && !("sid" in cookies)',
        '!("cookie" in headers) && "sid" in cookies',
    ],
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_policy_ends_soon_and_breaks_nothing(name, tmp_path):
    rules = [
        {
            "id": str(number),
            "name": f"rule-{number}",
            "priority": str(number * 10),
            "enabled": True,
            "action": "PUBLIC_WAF_RULE_ACTION_BLOCK",
            "matchRule": {"celExpression": expression},
        }
        for number, expression in enumerate(HOSTILE[name], 1)
    ]
    path = tmp_path / "edge.json"
    path.write_text(json.dumps({"wafRules": rules}), encoding="utf-8")
    start = time.process_time()
    report = lint([str(path)], Wishes(pedantic=True), bytes)
    assert not report.failures
    assert len(report.policies[0].rules) == len(rules)
    assert time.process_time() - start < 30  # a hang, not a benchmark: each takes a few seconds


@pytest.mark.slow
@pytest.mark.parametrize("name", policies())
def test_a_whole_policy_of_hard_conditions_ends_within_bounds_and_says_what_it_left(name, tmp_path):
    path = tmp_path / "edge.json"
    path.write_text(json.dumps(export(policies()[name])), encoding="utf-8")
    command = [sys.executable, "-c", MEASURED, str(path)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "linter")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=120)
    failures, exhausted, said, seconds, kibibytes = json.loads(done.stdout)
    assert not failures
    assert exhausted == said
    assert seconds < 10
    assert kibibytes < 1024 * 1024


MEASURED = """
import json, resource, sys
from edgelint.facts import steps_for
from edgelint.run import Wishes, lint
from edgelint.space.limits import WORK
spent = []
report = lint([sys.argv[1]], Wishes(pedantic=True), bytes, tell=lambda step: spent.append(WORK.done))
used = resource.getrusage(resource.RUSAGE_SELF)
exhausted = spent[-1] > steps_for(report.policies[0])  # before the fixes, which are looked at last
said = any("there may be more to find" in finding.message for finding in report.findings)
print(json.dumps([len(report.failures), exhausted, said, used.ru_utime + used.ru_stime, used.ru_maxrss]))
"""
