"""Fixes: each that is offered ends its finding and brings no other, and nothing else in its file changes."""

import codecs
import io
import json
from pathlib import Path

import pytest

from edgelint.cli import main
from edgelint.config import settings
from edgelint.fixing import planned
from edgelint.readers.documents import json_document, yaml_document
from edgelint.readers.documents.editing import NotEditableError, edited, value_at
from edgelint.report import renderer
from edgelint.run import Wishes, lint
from edgelint.source import Place
from support import FIXTURES, ROOT

POLICIES = sorted(
    path
    for path in FIXTURES.glob("*/*.yaml")
    if path.name.startswith("fires-") and not path.name.endswith((".config.yaml", ".before.yaml"))
)


FIXED = {
    "conflicting-overlap/fires-tie": "priority",
    "impossible-literal/fires-host-case": "app.example.com",
    "invisible-header/fires-upper-case": "lower case",
    "pass-skips-later-rules/fires-blocklist": "priority",
    "shadowed-rule/fires-one": "priority",
    "unguarded-lookup-fails-open/fires-negated": "presence",
}


def report_on(path, config):
    found = settings(ROOT, config, isolated=config is None)
    return lint([str(path)], Wishes(pedantic=True, topology=found.topology), bytes)


def as_made(fix):
    """The text of a source with one fix made."""
    (source,) = {piece.source for piece in fix.replacements}
    text = source.text
    for piece in sorted(fix.replacements, key=lambda piece: piece.span.start, reverse=True):
        text = text[: piece.span.start] + piece.text + text[piece.span.end :]
    return text


MENDED = {case.partition("/")[0] for case in FIXED}


@pytest.mark.parametrize(
    "path",
    [pytest.param(path, marks=() if path.parent.name in MENDED else pytest.mark.slow) for path in POLICIES],
    ids=lambda path: f"{path.parent.name}/{path.stem}",
)
def test_every_fix_that_is_offered_ends_its_finding_and_brings_no_other(path, tmp_path):
    config = path.with_suffix(".config.yaml")
    config = config if config.exists() else None
    report = report_on(path, config)
    assert not report.failures
    before = {finding.identity() for finding in report.findings}
    for finding in report.findings:
        for number, fix in enumerate(finding.fixes):
            assert fix.replacements, fix.title
            mended = tmp_path / f"{number}.yaml"
            mended.write_text(as_made(fix), encoding="utf-8")
            after = {found.identity() for found in report_on(mended, config).findings}
            assert finding.identity() not in after, fix.title
            assert {found for found in after - before if found[1] not in ("input", "topology")} == set(), fix.title


@pytest.mark.parametrize("case", FIXED)
def test_a_common_fault_has_a_fix(case):
    path = next(FIXTURES.glob(f"{case}*.yaml"))
    report = report_on(path, None)
    titles = [fix.title for finding in report.findings if finding.check == path.parent.name for fix in finding.fixes]
    assert any(FIXED[case] in title for title in titles)


def test_safe_fixes_are_planned_together_and_unsafe_ones_are_not(tmp_path):
    path = tmp_path / "edge.yaml"
    path.write_text(TWO_FAULTS, encoding="utf-8")
    (change,) = planned(report_on(path, None).findings)
    assert change.source.text == TWO_FAULTS
    assert change.text == TWO_FAULTS.replace(
        '!headers["x-a"].exists(v, v == "1")', '!("x-a" in headers && headers["x-a"].exists(v, v == "1"))'
    ).replace('cookies["b"] != "1"', '(!("b" in cookies) || cookies["b"] != "1")')
    path.write_text(change.text, encoding="utf-8")
    assert planned(report_on(path, None).findings) == ()


def test_a_rule_that_changes_nothing_can_be_switched_off(tmp_path):
    path = tmp_path / "edge.yaml"
    rule = (
        "  - {name: %s, priority: %d, enabled: true, action: block, match_rule: {cel_expression: 'path == \"/a\"'}}\n"
    )
    path.write_text("waf_rules:\n" + rule % ("one", 10) + rule % ("two", 20), encoding="utf-8")
    (change,) = planned(report_on(path, None).findings)
    assert change.text == change.source.text[::-1].replace("eurt", "eslaf", 1)[::-1]


TWO_FAULTS = """\
# Kept by hand.
waf_rules:
  - name: one   # the first
    priority: 10
    action: block
    match_rule:
      cel_expression: >-
        path_prefix(path, "/a") &&
        !headers["x-a"].exists(v, v == "1")
  - {name: two, priority: 20, action: block, match_rule: {cel_expression: 'path == "/b" && cookies["b"] != "1"'}}
  - {name: three, priority: 30, action: block, match_rule: {cel_expression: 'method == "post"'}}
"""


# Editing of texts

JSON = '{"a": [1, {"text": "x \\"y\\" \\u00e9", "n": "5"}], "on": true}'
YAML = """\
plain: some words
single: 'it''s'
double: "a \\"b\\""
block: >-
  one
  two
number: 15
"""


def place(document, *route, inner=None):
    return Place(document.source, route, inner)


@pytest.mark.parametrize(
    ("text", "route", "inner", "value"),
    [
        (JSON, ("a", 1, "text"), (3, 4), 'z"\\'),
        (JSON, ("a", 1, "text"), None, "new"),
        (JSON, ("a", 1, "n"), None, "7"),
        (JSON, ("a", 0), None, "12"),
        (JSON, ("on",), None, "false"),
        (YAML, ("plain",), (5, 10), "deeds"),
        (YAML, ("plain",), None, "a: b # c"),
        (YAML, ("single",), (2, 4), "'s \\ not"),
        (YAML, ("double",), (2, 5), '"c"'),
        (YAML, ("block",), (4, 7), "three \\"),
        (YAML, ("number",), None, "16"),
    ],
)
def test_an_edited_value_reads_as_meant_and_the_rest_stays(text, route, inner, value):
    document = (json_document if text is JSON else yaml_document).read("x", text)
    old = value_at("x", text, route)
    new = edited(text, [(place(document, *route, inner=inner), value)])
    meant = value if inner is None else f"{old[: inner[0]]}{value}{old[inner[1] :]}"
    found = value_at("x", new, route)
    assert (str(found).lower() if not isinstance(found, str) else found) == meant
    span = place(document, *route).span()
    assert new.startswith(text[: span.start])
    assert new.endswith(text[span.end :])


def test_what_cannot_be_edited_is_refused():
    document = yaml_document.read("x", YAML)
    with pytest.raises(NotEditableError, match="lines"):
        edited(YAML, [(place(document, "single"), "a\nb")])
    with pytest.raises(NotEditableError, match="meet"):
        edited(YAML, [(place(document, "plain"), "a"), (place(document, "plain", inner=(0, 2)), "b")])
    with pytest.raises(NotEditableError, match="as meant"):
        value_at("x", YAML, ("plain", "deeper"))
    with pytest.raises(NotEditableError, match="as meant"):
        value_at("x", "{", ("a",))


def test_the_fixes_of_a_report_are_in_its_json():
    report = report_on(FIXTURES / "unguarded-lookup-fails-open" / "fires-negated.yaml", None)
    (fix,) = [
        fix for finding in json.loads(renderer("json")(report))["findings"] for fix in finding["fixes"] if fix["safe"]
    ]
    assert fix["edits"][0]["path"].endswith("fires-negated.yaml")
    assert fix["changes"][0]["setting"] == "match"
    assert " in headers" in fix["changes"][0]["text"]


# From the command line


def test_fix_mends_the_file_and_reports_the_rest(tmp_path, capsys):
    path = tmp_path / "edge.yaml"
    path.write_bytes(codecs.BOM_UTF8 + TWO_FAULTS.replace("\n", "\r\n").encode())
    assert main(["check", "--isolated", "--fix", str(path)]) == 1
    text = path.read_bytes().decode("utf-8-sig")
    assert text.count("\r\n") == TWO_FAULTS.count("\n")
    assert '!("x-a" in headers && ' in text
    told = capsys.readouterr()
    assert told.err.count("fixed: test for presence") == 2
    assert "unguarded-lookup-fails-open" not in told.out
    assert "never" in told.out
    assert main(["check", "--isolated", "--fix", str(path)]) == 1
    assert path.read_bytes().decode("utf-8-sig") == text
    assert "fixed:" not in capsys.readouterr().err


def test_diff_shows_what_fix_would_do_and_does_nothing(tmp_path, capsys):
    path = tmp_path / "edge.yaml"
    path.write_text(TWO_FAULTS, encoding="utf-8")
    assert main(["check", "--isolated", "--diff", str(path)]) == 1
    assert path.read_text(encoding="utf-8") == TWO_FAULTS
    lines = capsys.readouterr().out.splitlines()
    assert sorted(line[0] for line in lines if not line.startswith(("---", "+++", "@@", " "))) == ["+", "+", "-", "-"]


def test_what_came_through_standard_input_is_not_written_anywhere(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(TWO_FAULTS.encode())))
    assert main(["check", "--isolated", "--diff", "-"]) == 1
    assert "+++ b/-" in capsys.readouterr().out


def test_a_file_that_cannot_be_written_is_told_in_one_line(tmp_path, capsys, monkeypatch):
    path = tmp_path / "edge.yaml"
    path.write_text(TWO_FAULTS, encoding="utf-8")

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "write_bytes", refuse)
    assert main(["check", "--isolated", "--fix", str(path)]) == 2
    assert "permission denied" in capsys.readouterr().err
