import json

import pytest

from edgelint.fingerprint import fingerprints
from edgelint.report.json import render
from report_samples import HOSTILE, RULES, accepted, in_database, json_source, policy, report, shadowed, varied

SOURCE = json_source("edge/policy.json", RULES)


def told(*findings, **other):
    return json.loads(render(report(*findings, **other)))


def test_a_finding_is_told_as_the_contract_says():
    document = told(shadowed(SOURCE), policies=(policy(SOURCE),))
    assert document["version"] == 1
    (finding,) = document["findings"]
    assert finding["check"] == "shadowed-rule"
    assert (finding["severity"], finding["confidence"]) == ("high", "proven")
    assert finding["message"].startswith("waf rule `block-admin` is never reached")
    assert finding["subject"] == {
        "phase": "waf",
        "id": "20",
        "name": "block-admin",
        "path": "edge/policy.json",
        "line": 11,
        "column": 21,
        "end_line": 11,
        "end_column": 52,
        "pointer": "/wafRules/1/expression",
    }
    (related,) = finding["related"]
    assert (related["phase"], related["id"], related["line"], related["column"]) == ("waf", "10", 5, 15)
    assert related["role"] == "looked at first"
    assert finding["witness"]["method"] == "POST"
    assert finding["witness"]["url"] == "https://app.example.com/admin/users?q=1&q=2"
    assert finding["witness"]["headers"][:2] == [["cookie", "a=1"], ["cookie", "b=2"]]
    assert finding["witness"]["ip"] == "203.0.113.5"
    assert finding["fingerprint"] == fingerprints([shadowed(SOURCE)])[0]


def test_policies_and_counts_are_told():
    document = told(shadowed(SOURCE), policies=(policy(SOURCE),), hidden=3, accepted=(accepted(SOURCE),) * 2)
    assert document["policies"] == [
        {"name": "edge/policy.json", "platform": "p2pstream", "phases": {"waf": 2}, "routes": 0}
    ]
    summary = document["summary"]
    assert (summary["findings"], summary["high"], summary["low"]) == (1, 1, 0)
    assert (summary["hidden"], summary["suppressed"], summary["rules"]) == (3, 2, 2)


def test_a_place_in_a_database_has_a_pointer_and_no_line():
    (finding,) = told(in_database())["findings"]
    assert finding["subject"]["line"] is None
    assert finding["subject"]["pointer"] == "public_waf_rules[20].match_json"
    assert finding["witness"] is None


def test_the_document_is_ascii_whatever_strangers_write():
    rules = [{**rule, "name": HOSTILE} for rule in RULES]
    text = render(report(shadowed(json_source(HOSTILE, rules), rules)))
    assert text.isascii()
    assert json.loads(text)["findings"][0]["subject"]["name"] == HOSTILE.replace("\ud800", "\ufffd")


@pytest.mark.parametrize("key", ["findings", "policies", "problems", "failures"])
def test_empty_lists_are_there(key):
    assert told()[key] == []


def test_what_failed_and_what_was_not_understood_is_told():
    document = json.loads(render(varied()))
    assert document["failures"] == [
        {"part": "shadowed-rule", "policy": "edge/policy.json", "error": "ValueError: oh {no} [x]"}
    ]
    assert (document["problems"][0]["kind"], document["problems"][0]["line"]) == ("unknown-field", 9)
