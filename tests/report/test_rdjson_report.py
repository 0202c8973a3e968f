import json
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from edgelint.finding import Fix, Replacement, Severity
from edgelint.record import replace
from edgelint.report.rdjson import render
from edgelint.source import Place, Span
from markdown_pages import pages
from report_samples import (
    RULES,
    fixed,
    golden,
    hostile,
    hostile_texts,
    in_database,
    json_source,
    plain,
    report,
    shadowed,
    source,
    varied,
)
from support import many

SOURCE = json_source("edge/policy.json", RULES)


def diagnostics(*findings, **other):
    return json.loads(render(report(*findings, **other)))["diagnostics"]


def test_every_kind_of_finding_has_its_diagnostic():
    text = json.dumps(json.loads(render(varied())), indent=2) + "\n"
    assert text == golden("rdjson-varied.json", text)


def test_a_diagnostic_says_what_is_wrong_and_where():
    (said,) = diagnostics(shadowed(SOURCE))
    assert said["message"].split("\n")[0] == (
        "waf rule `block-admin` is never reached: `captcha-all` takes every request it matches"
    )
    assert [line.split(":")[0] for line in said["message"].split("\n")[1:]] == ["help", "request"]
    assert said["location"] == {
        "path": "edge/policy.json",
        "range": {"start": {"line": 11, "column": 21}, "end": {"line": 11, "column": 52}},
    }
    assert said["code"]["value"] == "shadowed-rule"
    assert said["severity"] == "ERROR"
    assert said["related_locations"] == [
        {
            "message": "waf `captcha-all`, looked at first",
            "location": {
                "path": "edge/policy.json",
                "range": {"start": {"line": 5, "column": 15}, "end": {"line": 5, "column": 28}},
            },
        }
    ]


@pytest.mark.parametrize(
    ("severity", "word"),
    [
        (Severity.CRITICAL, "ERROR"),
        (Severity.HIGH, "ERROR"),
        (Severity.MEDIUM, "WARNING"),
        (Severity.LOW, "INFO"),
        (Severity.INFO, "INFO"),
    ],
)
def test_the_severity_has_a_word(severity, word):
    assert diagnostics(plain(SOURCE, severity=severity))[0]["severity"] == word


def test_the_tool_is_named_once():
    document = json.loads(render(report()))
    assert document["source"]["name"] == "edgelint"
    assert document["diagnostics"] == []


def test_what_has_no_line_has_no_range():
    empty = plain(SOURCE, place=Place(source("empty.yaml", "", {})))
    assert [set(said["location"]) for said in diagnostics(in_database(), empty)] == [{"path"}, {"path"}]


def test_files_are_named_from_the_root(tmp_path, monkeypatch):
    (tmp_path / "repository" / "edge").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "repository" / "edge")
    (said,) = diagnostics(shadowed(json_source("a.json", RULES)), root=tmp_path / "repository")
    places = [said["location"], said["related_locations"][0]["location"]]
    assert [place["path"] for place in places] == ["edge/a.json"] * 2


# Columns and suggestions


def cut(text, span):
    """The bytes of a text that a range means, and those before and behind it."""
    lines = text.encode().splitlines(keepends=True) or [b""]
    start, end = (
        sum(map(len, lines[: span[edge]["line"] - 1])) + span[edge]["column"] - 1 for edge in ("start", "end")
    )
    whole = text.encode()
    return whole[:start], whole[start:end], whole[end:]


@given(before=some.text("a\n ü漢𝒳"), marked=some.text("bü漢𝒳", min_size=1), after=some.text("c\n𝒳"))
def test_columns_count_bytes(before, marked, after):
    start = len(before)
    place = Place(source("a.yaml", before + marked + after, {("a",): Span(start, start + len(marked))}), ("a",))
    (said,) = diagnostics(plain(SOURCE, place=place))
    assert cut(before + marked + after, said["location"]["range"]) == (before.encode(), marked.encode(), after.encode())


def corrected(text, replacements):
    for piece in sorted(replacements, key=lambda piece: piece.span.start, reverse=True):
        text = text[: piece.span.start] + piece.text + text[piece.span.end :]
    return text


def test_a_fix_is_a_suggestion():
    fix = fixed(SOURCE, "true")
    (said,) = diagnostics(replace(shadowed(SOURCE), fixes=(fix,)))
    ((suggestion),) = said["suggestions"]
    assert suggestion == {
        "range": {"start": {"line": 6, "column": 21}, "end": {"line": 6, "column": 60}},
        "text": '"true"',
    }


@given(some.data())
def test_a_suggestion_does_what_all_replacements_of_its_fix_do(data):
    text = data.draw(some.text("ab\nü漢𝒳", min_size=1, max_size=30))
    cuts = sorted(data.draw(some.lists(some.integers(0, len(text)), min_size=2, max_size=6)))
    held = source("a.yaml", text, {("a",): Span(0, 1)})
    spans = [Span(*pair) for pair in zip(cuts[::2], cuts[1::2], strict=False)]
    pieces = tuple(Replacement(held, span, data.draw(some.text("xü\n"))) for span in spans)
    fix = Fix("x", (), replacements=tuple(data.draw(some.permutations(pieces))))
    if len({piece.span.start for piece in pieces}) < len(pieces):
        return  # two at one place have no order
    (said,) = diagnostics(plain(SOURCE, place=Place(held, ("a",)), fixes=(fix,)))
    for suggestion in said.get("suggestions", []):
        before, _, after = cut(text, suggestion["range"])
        assert before + suggestion["text"].encode() + after == corrected(text, pieces).encode()
    assert said.get("suggestions") or text.count("\n") >= 20


def test_a_fix_of_another_file_or_of_a_database_is_no_suggestion():
    other = fixed(json_source("edge/other.json", RULES), "true")
    both = replace(other, replacements=other.replacements + fixed(SOURCE, "true").replacements)
    for fix in (other, both, replace(other, replacements=())):
        (said,) = diagnostics(replace(shadowed(SOURCE), fixes=(fix,)))
        assert "suggestions" not in said


def test_other_suggestions_are_of_the_lines_of_the_first():
    fixes = (fixed(SOURCE, "true"), fixed(SOURCE, "true", "false"), fixed(SOURCE, "false", safe=False))
    (said,) = diagnostics(replace(shadowed(SOURCE), fixes=fixes))
    assert [suggestion["text"] for suggestion in said["suggestions"]] == ['"true"', '"false"']


def test_a_suggestion_of_very_many_lines_is_none():
    text = "a\n" * 30
    held = source("a.yaml", text, {("a",): Span(0, 1)})
    for last, wanted in ((38, True), (40, False)):
        fix = Fix(
            "x", (), replacements=(Replacement(held, Span(0, 1), "b"), Replacement(held, Span(last, last + 1), "b"))
        )
        (said,) = diagnostics(plain(SOURCE, place=Place(held, ("a",)), fixes=(fix,)))
        assert ("suggestions" in said) is wanted


# Strangers, and reviewdog itself


@settings(max_examples=many(40))
@given(hostile_texts)
def test_nothing_a_stranger_writes_is_markup_in_a_comment(text):
    told = render(hostile(text))
    assert told.isascii()
    for said in json.loads(told)["diagnostics"]:
        for message in [said["message"], *(one["message"] for one in said["related_locations"])]:
            for page in pages(f"See: {message}"):
                assert set(page.tags) <= {"p", "code", "br"}
                assert not page.attributes


def test_reviewdog_reads_all_of_it(tmp_path):
    program = shutil.which("reviewdog")
    if program is None:
        pytest.skip("reviewdog is not installed: `go install github.com/reviewdog/reviewdog/cmd/reviewdog@v0.21.0`")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    finding = replace(shadowed(SOURCE), fixes=(fixed(SOURCE, "true"),))
    given = render(report(finding, in_database(), *varied().findings))
    command = [program, "-f=rdjson", "-reporter=rdjson", "-filter-mode=nofilter", "-diff=git diff"]
    done = subprocess.run(command, cwd=tmp_path, input=given, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)["diagnostics"]
    expected = json.loads(given)["diagnostics"]
    assert len(told) == len(expected)
    for said, wanted in zip(told, expected, strict=True):
        assert said["message"] == wanted["message"]
        assert said["severity"] == wanted["severity"]
        assert said["location"] == wanted["location"]
        assert said.get("suggestions", []) == wanted.get("suggestions", [])
        assert said.get("related_locations", []) == wanted.get("related_locations", [])
