"""Known findings stay silent, new ones and those of changed rules are told; a baseline is a file people merge."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgelint.baseline import CHANGED, BaselineError, Entry, compared, entries, read, write
from edgelint.cli import main
from edgelint.fingerprint import Meanings
from report_samples import RULES, json_source, plain, policy

SOURCE = json_source("policy.json", RULES)
MEANINGS = Meanings([policy(SOURCE)])
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
ENTRIES = st.lists(st.builds(Entry, WORDS, WORDS, WORDS), max_size=6)

POLICY = """\
listeners: [{id: 1, name: tls, protocol: https, port: 443}]
routes: [{id: 1, listener_id: 1, priority: 10, host_pattern: a.example.com, targets: [{id: 1, name: a, url: "http://10.0.0.1"}]}]
waf_rules:
  - {name: one, priority: 1, action: block, match_rule: {cel_expression: 'host == "A.example.com"'}}
"""
SECOND = "  - {name: two, priority: 2, action: block, match_rule: {cel_expression: 'host == \"B.example.com\"'}}\n"


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "edge.yaml").write_text(POLICY, encoding="utf-8")
    (tmp_path / "edgelint.yaml").write_text('topology: {listeners: {"*": {behind: edge}}}\n', encoding="utf-8")
    return tmp_path


def told(capsys, *words):
    capsys.readouterr()
    code = main(["check", "--format", "json", *words])
    document = json.loads(capsys.readouterr().out)
    return code, [(one["check"], one["subject"]["name"]) for one in document["findings"]], document


# What is known


def test_a_known_finding_is_no_new_one_and_what_is_gone_is_named():
    first, second = plain(SOURCE), plain(SOURCE, "redundant-rule", 1)
    before = entries([first, plain(SOURCE, "impossible-literal")], MEANINGS)
    beside = compared([first, second], MEANINGS, before)
    assert (beside.new, beside.known) == ((second,), (first,))
    assert [entry.check for entry in beside.gone] == ["impossible-literal"]


def test_of_several_alike_only_as_many_are_known_as_there_were():
    one = plain(SOURCE)
    assert len(compared([one, one, one], MEANINGS, entries([one, one], MEANINGS)).new) == 1


def test_a_finding_about_a_rule_that_was_changed_is_told_and_says_so():
    (entry,) = entries([plain(SOURCE)], MEANINGS)
    beside = compared([plain(SOURCE)], MEANINGS, [Entry(entry.check, entry.rule, "0123456789abcdef")])
    assert beside.new[0].detail == (CHANGED,)


@given(ENTRIES)
def test_a_baseline_reads_as_it_was_written(tmp_path_factory, known):
    path = tmp_path_factory.mktemp("baseline") / "b.json"
    path.write_text(write(known), encoding="utf-8")
    assert read(path) == tuple(sorted(known))
    assert len(write(known).splitlines()) <= len(known) + 5


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ":1:1: not JSON"),
        ('{"version": 1, "findings": [', "not JSON"),
        ("[]", "is no baseline"),
        ('{"version": 1, "findings": {}}', "is no baseline"),
        ('{"version": 2, "findings": []}', "another version"),
        ('{"version": 1, "findings": [{"check": "a", "rule": "b", "meaning": ""}, 1]}', "entry 2 has no"),
        ('{"version": 1, "findings": [{"check": "a", "rule": 1, "meaning": ""}]}', "entry 1 has no"),
        ("[" * 100_000, "cannot be read as JSON"),
        ("9" * 5000, "cannot be read as JSON"),
    ],
)
def test_what_is_no_baseline_is_refused_in_one_line(tmp_path, text, said):
    path = tmp_path / "b.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BaselineError) as error:
        read(path)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_bytes_that_are_no_text_and_files_that_are_none_are_refused(tmp_path):
    (tmp_path / "b.json").write_bytes(b"\xff\xfe{")
    for path in (tmp_path / "b.json", tmp_path, tmp_path / "absent.json"):
        with pytest.raises(BaselineError):
            read(path)


# The command


def test_what_was_written_down_is_silent_until_something_new_comes(here, capsys):
    assert told(capsys)[:2] == (1, [("impossible-literal", "one")])
    assert main(["baseline", "write"]) == 0
    code, findings, document = told(capsys, "--baseline", "edgelint-baseline.json")
    assert (code, findings) == (0, [])
    assert {"by": "baseline"}.items() <= document["accepted"][0].items()
    assert main(["check", "--baseline", "edgelint-baseline.json"]) == 0
    assert "in the baseline" in capsys.readouterr().out
    (here / "edge.yaml").write_text(POLICY + SECOND, encoding="utf-8")
    assert told(capsys, "--baseline", "edgelint-baseline.json")[:2] == (1, [("impossible-literal", "two")])


def test_the_baseline_says_what_it_lacks_and_what_it_has_too_much(here, capsys):
    main(["baseline", "write"])
    assert main(["baseline", "check"]) == 0
    (here / "edge.yaml").write_text(POLICY.replace("name: one", "name: first"), encoding="utf-8")
    capsys.readouterr()
    assert main(["baseline", "check"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert "not in the baseline: impossible-literal waf/first" in lines
    assert "no longer found: impossible-literal waf/one" in lines


def test_a_changed_rule_is_told_though_its_finding_was_known(here, capsys):
    main(["baseline", "write"])
    (here / "edge.yaml").write_text(POLICY.replace("A.example", "B.example"), encoding="utf-8")
    _, findings, document = told(capsys, "--baseline", "edgelint-baseline.json")
    assert findings == [("impossible-literal", "one")]
    assert CHANGED in document["findings"][0]["detail"]


def test_where_there_is_nothing_or_no_baseline_that_is_said(here, capsys):
    assert main(["check", "--baseline", "absent.json"]) == 2
    assert "absent.json: no such file" in capsys.readouterr().err
    assert main(["baseline", "check"]) == 2
    (here / "edge.yaml").unlink()
    assert main(["baseline", "write"]) == 3
    assert not (here / "edgelint-baseline.json").exists()
