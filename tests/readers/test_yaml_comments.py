"""Comments beside rules accept findings; texts that look like comments do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgelint.readers.documents.yaml_comments import remarks
from edgelint.readers.documents.yaml_document import read as read_yaml
from edgelint.run import Wishes, lint

RULE = "  - {{name: {name}, priority: {priority}, action: block, match_rule: {{cel_expression: 'host == \"A.example.com\"'}}}}"
HEAD = """\
listeners: [{id: 1, name: tls, protocol: https, port: 443}]
routes: [{id: 1, listener_id: 1, priority: 10, host_pattern: a.example.com, targets: [{id: 1, name: a, url: "http://10.0.0.1"}]}]
waf_rules:
"""
SAID = "# edgelint: ignore[impossible-literal] meant as a placeholder"


def linted(tmp_path, *lines):
    path = tmp_path / "edge.yaml"
    path.write_text(HEAD + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return lint([str(path)], Wishes(select=frozenset({"impossible-literal"})), bytes)


def rule(name, priority=1):
    return RULE.format(name=name, priority=priority)


def told(report):
    return [(one.check, one.subject.name) for one in report.findings if one.check != "declare-topology"]


BLOCK = ["  - name: one", "    priority: 1", "    action: block", "    match_rule:", "      cel_expression: >-", '        host == "A.example.com"']  # fmt: skip


@pytest.mark.parametrize(
    "lines",
    [
        [f"  {SAID}", rule("one")],
        [SAID, "", "  # more", rule("one")],
        [f"{rule('one')}  {SAID}"],
        [BLOCK[0], f"    {SAID}", *BLOCK[1:]],
        [f"{BLOCK[0]} {SAID}", *BLOCK[1:]],
        [*BLOCK[:4], f"      {SAID}", *BLOCK[4:]],
        ["  #edgelint:ignore[ broad-scope ,impossible-literal ]: a reason", rule("one")],
    ],
)
def test_a_comment_beside_a_rule_accepts_its_finding(tmp_path, lines):
    report = linted(tmp_path, *lines)
    assert told(report) == []
    assert [(one.by, bool(one.reason)) for one in report.accepted] == [("comment", True)]


def test_a_comment_speaks_of_its_own_rule_only(tmp_path):
    report = linted(tmp_path, rule("one"), f"  {SAID}", rule("two", 2), rule("three", 3))
    assert told(report) == [("impossible-literal", "one"), ("impossible-literal", "three")]


@pytest.mark.parametrize(
    ("comment", "said"),
    [
        ("# edgelint: ignore[impossible-literal]", "gives no reason"),
        ("# edgelint: ignore[impossible-literals] typo", "names no check"),
        ("# edgelint: ignore broad-scope", "is not understood"),
        ("# edgelint: ignore[] nothing", "is not understood"),
        ("# edgelint: disable", "is not understood"),
    ],
)
def test_a_comment_that_is_not_as_it_should_be_is_told_and_accepts_nothing(tmp_path, comment, said):
    report = linted(tmp_path, comment, rule("one"))
    stale = next(one for one in report.findings if one.check == "unused-ignore")
    assert said in stale.message
    assert stale.place.location().line == 4
    assert ("impossible-literal", "one") in told(report)


def test_a_comment_without_a_finding_is_told(tmp_path):
    found = linted(tmp_path, rule("one").replace("A.example", "a.example") + f" {SAID}")
    assert "has nothing to ignore" in found.findings[0].message


def test_a_comment_beside_no_rule_is_told(tmp_path):
    found = linted(tmp_path, rule("one"), "cache_rules: []", SAID)
    assert any("stands beside no rule" in one.message for one in found.findings)


@pytest.mark.parametrize(
    "value",
    [
        f'"{SAID}"',
        f"'{SAID}'",
        f"|\n    a\n    {SAID}\n    b",
        f">\n    {SAID}",
        "a# edgelint:ignore[x]",
    ],
)
def test_a_text_that_looks_like_a_comment_is_none(value):
    assert read_yaml("a.yaml", f"k: {value}\n").remarks == ()


@given(st.text(st.sampled_from("#edglint: []ore\n\t x-,'\"|>"), max_size=60))
def test_no_text_breaks_the_search_for_comments(text):
    for remark in remarks(text, ()):
        assert text[remark.span.start] == "#"
        assert remark.checks or not remark.reason
