import json

import pytest
from hypothesis import given, settings

from edgelint.finding import Severity
from edgelint.report.gitlab import render
from edgelint.source import Place
from report_samples import (
    RULES,
    golden,
    hostile,
    hostile_texts,
    in_database,
    json_source,
    plain,
    report,
    shadowed,
    source,
    subject,
    varied,
)
from support import many

SOURCE = json_source("edge/policy.json", RULES)


def issues(*findings, **other):
    return json.loads(render(report(*findings, **other)))


def fingerprints(*findings, **other):
    return [issue["fingerprint"] for issue in issues(*findings, **other)]


def follows_the_schema(document):
    """What GitLab's own schema asks of a report, and its documentation of the words for severities."""
    assert isinstance(document, list)
    for issue in document:
        for key in ("description", "check_name", "fingerprint", "severity"):
            assert isinstance(issue[key], str)
            assert issue[key]
        assert issue["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert not issue["location"]["path"].startswith(("/", "./"))
        assert isinstance(issue["location"]["lines"]["begin"], int)


def test_every_kind_of_finding_has_its_issue():
    document = json.loads(render(varied()))
    follows_the_schema(document)
    text = json.dumps(document, indent=2) + "\n"
    assert text == golden("gitlab-varied.json", text)


def test_an_issue_says_what_is_wrong_what_to_do_and_shows_a_request():
    (issue,) = issues(shadowed(SOURCE))
    assert issue["check_name"] == "shadowed-rule"
    assert issue["location"] == {"path": "edge/policy.json", "lines": {"begin": 11, "end": 11}}
    for sentence in (
        "Waf rule `block-admin` is never reached: `captcha-all` takes every request it matches.",
        "Give `block-admin` a lower priority number than `captcha-all`.",
        "A request that shows it: curl -X POST ",
    ):
        assert sentence in issue["description"]


@pytest.mark.parametrize(
    ("severity", "word"),
    [
        (Severity.CRITICAL, "blocker"),
        (Severity.HIGH, "critical"),
        (Severity.MEDIUM, "major"),
        (Severity.LOW, "minor"),
        (Severity.INFO, "info"),
    ],
)
def test_the_severity_has_a_word(severity, word):
    assert issues(plain(SOURCE, severity=severity))[0]["severity"] == word


def test_no_findings_are_an_empty_list():
    assert render(report()) == "[]\n"


def test_what_has_no_line_stands_on_the_first():
    empty = plain(SOURCE, place=Place(source("empty.yaml", "", {})))
    assert [issue["location"]["lines"]["begin"] for issue in issues(in_database(), empty)] == [1, 1]


def test_a_file_is_named_from_the_root(tmp_path, monkeypatch):
    (tmp_path / "repository" / "edge").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "repository" / "edge")
    (issue,) = issues(plain(json_source("./a.json", RULES)), root=tmp_path / "repository")
    assert issue["location"]["path"] == "edge/a.json"


# Fingerprints


def test_no_two_findings_share_a_fingerprint():
    other = json_source("edge/other.json", RULES)
    findings = [plain(SOURCE), plain(SOURCE), plain(SOURCE, subject=subject(SOURCE, 1)), shadowed(SOURCE)]
    findings += [plain(other), in_database("a.db"), in_database("b.db")]
    assert len(set(fingerprints(*findings))) == len(findings)


def test_a_fingerprint_outlives_lines_that_are_added_and_findings_elsewhere():
    moved = source(SOURCE.name, "\n\n" + SOURCE.text, {})
    other = plain(json_source("edge/another.json", RULES))
    assert fingerprints(plain(SOURCE)) == fingerprints(plain(SOURCE, place=Place(moved, ("wafRules", 0))))
    assert fingerprints(plain(SOURCE))[0] == fingerprints(other, plain(SOURCE))[1]


def test_a_fingerprint_does_not_hang_on_where_the_command_was_called(tmp_path, monkeypatch):
    (tmp_path / "edge").mkdir()
    monkeypatch.chdir(tmp_path)
    above = fingerprints(plain(json_source("edge/a.json", RULES)), root=tmp_path)
    monkeypatch.chdir(tmp_path / "edge")
    assert fingerprints(plain(json_source("a.json", RULES)), root=tmp_path) == above


@settings(max_examples=many(40))
@given(hostile_texts)
def test_whatever_strangers_write_the_report_can_be_read(text):
    told = render(hostile(text or "x"))
    assert told.isascii()
    follows_the_schema(json.loads(told))


def test_a_path_of_several_folders_is_one_without_detours():
    (issue,) = issues(plain(json_source("./edge/../edge/a.json", RULES)))
    assert issue["location"]["path"] == "edge/a.json"
