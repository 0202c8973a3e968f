import unicodedata
from collections import Counter
from xml.etree.ElementTree import fromstring

from hypothesis import example, given, settings
from junitparser import Error, Failure, JUnitXml

from edgelint.finding import Subject
from edgelint.record import replace
from edgelint.report import Failure as Broken
from edgelint.report.junit import render
from report_samples import (
    RULES,
    fixed,
    golden,
    hostile,
    hostile_texts,
    in_database,
    json_source,
    plain,
    policy,
    report,
    shadowed,
    subject,
    varied,
)
from support import many

SOURCE = json_source("edge/policy.json", RULES)


def read(document):
    """The report as a program reads it that nobody here wrote."""
    return JUnitXml.fromstring(render(document).encode())


def suites(*findings, **other):
    return list(read(report(*findings, **other)))


def outcomes(suite):
    return {case.name: [type(result) for result in case.result] for case in suite}


def test_every_kind_of_finding_has_its_test():
    text = render(varied())
    assert text == golden("junit-varied.xml", text)


def test_a_finding_is_a_failed_test_and_a_rule_without_one_is_a_passed_one():
    (suite,) = suites(shadowed(SOURCE), policies=(policy(SOURCE),))
    assert suite.name == "edge/policy.json"
    assert outcomes(suite) == {"block-admin: shadowed-rule": [Failure], "captcha-all": []}
    assert [case.classname for case in suite] == ["edgelint.waf"] * 2
    assert {case._elem.get("file") for case in suite} == {"edge/policy.json"}


def test_a_clean_policy_has_a_test_for_each_rule():
    (suite,) = suites(policies=(policy(SOURCE),))
    assert outcomes(suite) == {"captcha-all": [], "block-admin": []}
    assert (suite.tests, suite.failures, suite.errors) == (2, 0, 0)


def test_a_failure_says_everything_in_its_text():
    (suite,) = suites(replace(shadowed(SOURCE), fixes=(fixed(SOURCE, "true"),)))
    ((result,),) = [case.result for case in suite]
    assert result.type == "shadowed-rule"
    assert result.message == "waf rule `block-admin` is never reached: `captcha-all` takes every request it matches"
    said = result.text.split("\n")
    assert said[0] == f"high[shadowed-rule]: {result.message}"
    assert said[1] == "--> edge/policy.json:11:21"
    starts = ("also: waf", "request: curl", "trace: waf", "  waf ends", "note: 1", "help: give", "fix: make", "  waf `")
    assert all(line.startswith(start) for line, start in zip(said[2:], starts, strict=True))


def test_findings_of_a_file_that_made_no_policy_are_a_suite_of_their_own():
    stray = json_source("edge/broken.json", RULES)
    place = subject(stray, 0).place
    broken = plain(stray, "unreadable-input", subject=Subject("input", "", "edge/broken.json", place))
    first, second = suites(broken, policies=(policy(SOURCE),))
    assert (first.name, second.name) == ("edge/policy.json", "edge/broken.json")
    assert outcomes(second) == {"edge/broken.json: unreadable-input": [Failure]}


def test_a_policy_of_several_files_is_one_suite():
    one, other = json_source("edge/one.json", RULES[:1]), json_source("edge/two.json", RULES[1:])
    both = replace(policy(one, RULES[:1]), name="edge")
    phase = both.phases[0]
    both = replace(both, phases=(replace(phase, rules=phase.rules + policy(other, RULES[1:]).phases[0].rules),))
    (suite,) = suites(plain(other, subject=replace(subject(other, 0, RULES[1:]))), policies=(both,))
    assert suite.name == "edge"
    assert outcomes(suite) == {"block-admin: never-matches": [Failure], "captcha-all": []}


def test_rules_of_one_name_in_two_policies_stay_apart():
    other = json_source("edge/other.json", RULES)
    first, second = suites(plain(SOURCE), policies=(policy(SOURCE), policy(other)))
    assert outcomes(first) == {"captcha-all: never-matches": [Failure], "block-admin": []}
    assert outcomes(second) == {"captcha-all": [], "block-admin": []}


def test_tests_of_one_name_are_numbered():
    (suite,) = suites(plain(SOURCE), plain(SOURCE), plain(SOURCE))
    names = ["captcha-all: never-matches", "captcha-all: never-matches (2)", "captcha-all: never-matches (3)"]
    assert [case.name for case in suite] == names


def test_what_broke_on_our_side_is_an_error():
    broken = Broken("never-matches", "edge/policy.json", "ValueError: oh")
    (suite,) = suites(shadowed(SOURCE), policies=(policy(SOURCE),), failures=(broken,))
    assert outcomes(suite)["never-matches"] == [Error]
    assert (suite.tests, suite.failures, suite.errors) == (3, 1, 1)


def test_counts_are_those_of_the_tests():
    document = read(varied())
    for suite in document:
        results = Counter(type(result) for case in suite for result in case.result)
        assert (suite.tests, suite.failures, suite.errors) == (len(list(suite)), results[Failure], results[Error])
    total = [sum(getattr(suite, key) for suite in document) for key in ("tests", "failures", "errors")]
    assert [document.tests, document.failures, document.errors] == total == [12, 11, 1]


def test_nothing_to_say_is_a_document_too():
    assert suites() == []
    assert fromstring(render(report())).get("tests") == "0"


def test_a_database_is_a_file_without_lines():
    (suite,) = suites(in_database())
    ((result,),) = [case.result for case in suite]
    assert "--> edge.db: public_waf_rules[20].match_json" in result.text


def test_files_are_named_from_the_root(tmp_path, monkeypatch):
    (tmp_path / "repository" / "edge").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "repository" / "edge")
    held = json_source("a.json", RULES)
    (suite,) = suites(plain(held), policies=(policy(held),), root=tmp_path / "repository")
    assert suite.name == "edge/a.json"
    assert {case._elem.get("file") for case in suite} == {"edge/a.json"}


@settings(max_examples=many(40))
@given(hostile_texts)
@example("\ufffe\uffff\x00\x0b\ud800]]>&lt;")
def test_whatever_strangers_write_the_document_can_be_read(text):
    document = hostile(text)
    told = render(document)
    assert told.isascii()
    assert len(list(read(document))) >= 1
    root = fromstring(told)
    assert [element.tag for element in root.iter("failure")] == ["failure"] * 3
    assert {element.tag for element in root.iter()} <= {"testsuites", "testsuite", "testcase", "failure", "error"}
    for element in root.iter():
        for value in (element.text or "", *element.attrib.values()):
            lines = value.replace("\n", "")
            assert not [c for c in lines if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
