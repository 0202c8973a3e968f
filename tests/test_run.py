import sys
from datetime import date

import pytest

from edgelint import resources
from edgelint.finding import Confidence, Severity
from edgelint.model.ignore import Ignore
from edgelint.model.policy import Problem
from edgelint.model.topology import Front, Topology
from edgelint.record import replace
from edgelint.run import Wishes, check_names, lint
from edgelint.source import Place
from pipeline_stubs import Reading, pipeline
from report_samples import RULES, database, in_database, json_source, plain, policy, source

__all__ = ["pipeline"]

SOURCE = json_source("b.json", RULES)
POLICY = policy(SOURCE)


def linted(**wishes):
    return lint(["."], Wishes(**wishes), lambda: b"")


def checks_of(report):
    return [finding.check for finding in report.findings]


@pytest.fixture
def one_policy(pipeline):
    """A pipeline that reads one policy."""
    pipeline.reading = Reading((POLICY,))
    return pipeline


def test_checks_are_the_modules_of_their_folder_in_order(tmp_path, monkeypatch):
    for name in ("shadowed_rule", "always_matches", "__init__", "_helper"):
        (tmp_path / "checks").mkdir(exist_ok=True)
        (tmp_path / "checks" / f"{name}.py").touch()
    monkeypatch.setattr(resources, "PACKAGE", tmp_path)
    assert check_names() == ("always-matches", "shadowed-rule")


def test_checks_are_given_the_policy_and_what_stands_before_it(one_policy):
    seen = []
    one_policy.checks["never-matches"] = lambda facts: seen.append(facts) or []
    topology = Topology((("*", Front("edge")),))
    linted(topology=topology)
    assert [(facts.policy, facts.topology) for facts in seen] == [(POLICY, topology)]


def test_findings_are_sorted_by_place_then_gravity(one_policy):
    other = json_source("a.json", RULES)
    one_policy.says(
        "never-matches",
        plain(SOURCE, number=1),
        plain(SOURCE, "shadowed-rule", severity=Severity.MEDIUM),
        plain(SOURCE, "broad-scope", severity=Severity.CRITICAL),
        plain(other, number=1),
        in_database("c.db"),
    )
    found = linted().findings
    assert [finding.place.source.name for finding in found] == ["a.json", "b.json", "b.json", "b.json", "c.db"]
    assert [finding.severity.value for finding in found[1:4]] == ["critical", "medium", "high"]


def test_cells_of_a_database_are_sorted_as_numbers(one_policy):
    held = database("c.db")
    rows = [plain(SOURCE, place=Place(held, ("rules", row))) for row in ("10", "9")]
    one_policy.says("never-matches", *rows)
    assert [finding.place.route[1] for finding in linted().findings] == ["9", "10"]


@pytest.mark.parametrize(
    ("severity", "confidence", "shown"),
    [
        (Severity.MEDIUM, Confidence.PROVEN, True),
        (Severity.CRITICAL, Confidence.LIKELY, False),
        (Severity.LOW, Confidence.PROVEN, False),
        (Severity.INFO, Confidence.PROVEN, False),
    ],
)
def test_only_what_is_proven_and_grave_is_shown_unless_asked(one_policy, severity, confidence, shown):
    one_policy.says("never-matches", plain(SOURCE, severity=severity, confidence=confidence))
    assert (len(linted().findings), linted().hidden) == ((1, 0) if shown else (0, 1))
    assert len(linted(pedantic=True).findings) == 1


def test_what_a_page_says_is_shown_is_shown(one_policy):
    asks = plain(SOURCE, "shared-bucket-behind-proxy", severity=Severity.INFO, confidence=Confidence.SUSPICION)
    one_policy.says("shared-bucket-behind-proxy", asks)
    assert checks_of(linted()) == ["shared-bucket-behind-proxy"]


def test_what_makes_a_run_fail_is_shown(one_policy):
    one_policy.says("never-matches", plain(SOURCE, severity=Severity.LOW))
    assert len(linted(fail_on=Severity.LOW).findings) == 1


def test_only_chosen_checks_run(one_policy):
    for name in ("never-matches", "shadowed-rule", "broad-scope"):
        one_policy.says(name, plain(SOURCE, name, severity=Severity.HIGH))
    assert checks_of(linted(select=frozenset({"shadowed-rule"}))) == ["shadowed-rule"]
    assert checks_of(linted(ignore=frozenset({"shadowed-rule"}))) == ["broad-scope", "never-matches"]


def test_a_check_that_breaks_takes_only_its_own_further_findings_with_it(one_policy):
    one_policy.says("broad-scope", plain(SOURCE, "broad-scope"), error=ValueError("oh"))
    one_policy.says("never-matches", plain(SOURCE, number=1))
    report = linted()
    assert checks_of(report) == ["broad-scope", "never-matches"]
    (failure,) = report.failures
    assert (failure.part, failure.policy) == ("broad-scope", "b.json")
    assert failure.error.startswith("ValueError at pipeline_stubs.py:")
    assert failure.error.endswith(": oh")


def test_a_policy_of_which_nothing_can_be_known_does_not_hide_the_others(pipeline, monkeypatch):
    facts_module = sys.modules["edgelint.facts"]
    other = policy(json_source("a.json", RULES))
    pipeline.reading = Reading((POLICY, other))
    pipeline.says("never-matches", plain(SOURCE))
    whole = facts_module.Facts

    def facts(policy, topology, before=None):
        if policy is other:
            raise RecursionError("deep")
        return whole(policy, topology)

    monkeypatch.setattr(facts_module, "Facts", facts)
    report = linted()
    assert checks_of(report) == ["never-matches"]
    assert [(failure.part, failure.policy) for failure in report.failures] == [("facts", "a.json")]


# Problems of the input


def problem(kind, name="b.json", subject=""):
    return Problem(kind, "is odd", Place(source(name, "text", {}), ()), subject)


@pytest.mark.parametrize(
    ("kind", "check"),
    [("unreadable", "unreadable-input"), ("expression", "invalid-expression"), ("mismatch", "invalid-expression")],
)
def test_what_is_wrong_with_the_input_is_a_finding(pipeline, kind, check):
    pipeline.reading = Reading((replace(POLICY, problems=(problem(kind),)),), (problem(kind),))
    found = linted().findings
    assert [finding.check for finding in found] == [check, check]
    assert {(finding.subject.phase, finding.subject.name) for finding in found} == {("input", "b.json")}
    assert all(finding.advice for finding in found)


@pytest.mark.parametrize(
    ("concerned", "subject"),
    [
        ("waf/captcha-all", ("waf", "10", "captcha-all")),
        ("waf/10", ("waf", "10", "captcha-all")),
        ("cache/lost", ("cache", "", "lost")),
        ("", ("input", "", "b.json")),
    ],
)
def test_a_problem_of_a_rule_has_the_rule_for_its_subject(pipeline, concerned, subject):
    pipeline.reading = Reading((replace(POLICY, problems=(problem("expression", subject=concerned),)),))
    found = linted().findings[0].subject
    assert (found.phase, found.id, found.name) == subject


def test_a_problem_of_a_rule_is_accepted_like_any_finding(pipeline):
    pipeline.reading = Reading((replace(POLICY, problems=(problem("expression", subject="waf/captcha-all"),)),))
    report = linted(ignores=(entry("invalid-expression"),))
    assert (report.findings, len(report.accepted)) == ((), 1)


def test_what_has_no_model_is_information_and_told_either_as_a_problem_or_as_a_finding(pipeline):
    odd = problem("unknown-field")
    pipeline.reading = Reading((replace(POLICY, problems=(odd,)),))
    assert (linted().findings, linted().problems) == ((), (odd,))
    (finding,) = linted(pedantic=True).findings
    assert (finding.check, finding.severity) == ("unreadable-input", Severity.INFO)
    assert linted(pedantic=True).problems == ()


def test_choosing_checks_does_not_hide_that_input_was_not_read(pipeline):
    pipeline.reading = Reading((), (problem("unreadable"),))
    assert checks_of(linted(select=frozenset({"shadowed-rule"}))) == ["unreadable-input"]
    assert linted(ignore=frozenset({"unreadable-input"})).findings == ()


# Ignores


def entry(check="never-matches", rule="waf/10", expires=None):
    return Ignore(check, rule, "reviewed", Place(source("edgelint.yaml", "x", {}), ()), expires)


def test_an_accepted_finding_is_counted_and_not_shown(one_policy):
    one_policy.says("never-matches", plain(SOURCE))
    report = linted(ignores=(entry(),))
    assert (report.findings, len(report.accepted), report.hidden) == ((), 1, 0)


def test_an_entry_may_be_of_use_only_behind_the_default_view(one_policy):
    one_policy.says("never-matches", plain(SOURCE, severity=Severity.INFO))
    assert linted(ignores=(entry(),)).findings == ()


def test_an_entry_without_a_finding_is_reported(one_policy):
    one_policy.says("never-matches")
    assert checks_of(linted(ignores=(entry(),))) == ["unused-ignore"]
    assert linted(ignores=(entry(),), ignore=frozenset({"unused-ignore"})).findings == ()


def test_an_expired_entry_is_reported_beside_its_finding(one_policy):
    one_policy.says("never-matches", plain(SOURCE))
    report = linted(ignores=(entry(expires=date(2026, 1, 1)),), today=date(2026, 1, 2))
    assert checks_of(report) == ["never-matches", "unused-ignore"]


def test_an_entry_is_not_judged_when_its_check_did_not_run(one_policy):
    one_policy.says("never-matches")
    assert linted(ignores=(entry(),), ignore=frozenset({"never-matches"})).findings == ()
    assert linted(ignores=(entry(),), select=frozenset({"broad-scope"})).findings == ()


def test_an_entry_is_not_judged_when_its_check_broke(one_policy):
    one_policy.says("never-matches", error=ValueError())
    assert linted(ignores=(entry(),)).findings == ()


def test_an_entry_for_a_rule_that_was_not_read_is_judged_only_when_everything_was(one_policy):
    one_policy.says("never-matches")
    elsewhere = (entry(rule="waf/elsewhere"),)
    assert checks_of(linted(ignores=elsewhere)) == ["unused-ignore"]
    assert linted(ignores=elsewhere, partial=True).findings == ()
    one_policy.reading = Reading((POLICY,), (problem("unreadable", "broken.json"),))
    assert checks_of(linted(ignores=elsewhere)) == ["unreadable-input"]
    one_policy.reading = Reading()
    assert linted(ignores=elsewhere).findings == ()


# Files that git knows


def test_readers_are_told_which_files_count(pipeline):
    known = frozenset({"/srv/edge/a.json"})
    linted(tracked=known)
    assert pipeline.tracked is known
    linted()
    assert pipeline.tracked is None
