from datetime import date

import pytest

from edgelint.finding import Severity
from edgelint.model.ignore import Ignore
from edgelint.record import replace
from edgelint.source import Place
from edgelint.suppress import silence
from report_samples import RULES, json_source, plain, source

SOURCE = json_source("policy.json", RULES)
CONFIG = source("edgelint.yaml", "ignore:\n  - rule: waf/10\n", {("ignore", 0, "rule"): (20, 26)})
FOUND = plain(SOURCE)  # never-matches on waf rule 10, captcha-all
TODAY = date(2026, 6, 1)


def entry(check="never-matches", rule="waf/10", expires=None):
    return Ignore(check, rule, "reviewed", Place(CONFIG, ("ignore", 0, "rule")), expires)


def after(*entries, judged=None, findings=(FOUND,)):
    return silence(findings, entries, today=TODAY, judged=entries if judged is None else judged)


def accepted(silenced):
    return [one.finding for one in silenced.accepted]


@pytest.mark.parametrize("rule", ["waf/10", "waf/captcha-all"])
def test_a_finding_is_accepted_by_id_or_by_name(rule):
    assert accepted(after(entry(rule=rule))) == [FOUND]
    assert after(entry(rule=rule)).kept == ()


@pytest.mark.parametrize("other", [entry(check="broad-scope"), entry(rule="waf/11"), entry(rule="cache/10")])
def test_an_entry_for_something_else_accepts_nothing_and_is_reported(other):
    kept = after(other).kept
    assert kept[0] == FOUND
    assert [finding.check for finding in kept[1:]] == ["unused-ignore"]
    assert f"`{other.check}` for `{other.rule}` has nothing to ignore" in kept[1].message


def test_an_entry_holds_through_its_last_day():
    assert accepted(after(entry(expires=TODAY))) == [FOUND]


def test_an_expired_entry_accepts_nothing_and_is_reported():
    kept = after(entry(expires=date(2026, 5, 31))).kept
    assert kept[0] == FOUND
    assert "expired on 2026-05-31" in kept[1].message
    assert kept[1].severity is Severity.LOW
    assert kept[1].detail == ("its reason was: reviewed",)


def test_an_expired_entry_is_reported_though_its_finding_is_gone():
    kept = after(entry(expires=date(2026, 5, 31)), findings=(), judged=()).kept
    assert [finding.check for finding in kept] == ["unused-ignore"]


def test_an_entry_that_is_not_judged_is_not_called_useless():
    assert after(entry(rule="waf/99"), judged=()).kept == (FOUND,)


def test_one_entry_accepts_every_finding_of_its_check_and_rule():
    second = replace(FOUND, message="another")
    assert accepted(after(entry(), findings=(FOUND, second))) == [FOUND, second]
