import re

import pytest
from hypothesis import example, given, settings

from edgelint.finding import Confidence, Severity
from edgelint.record import replace
from edgelint.report._safe import visible
from edgelint.report.github import render
from edgelint.source import Place, Span
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
    source,
    varied,
)
from support import many

SOURCE = json_source("edge/policy.json", RULES)

COMMANDS = "add-mask add-matcher add-path debug echo endgroup error group notice save-state set-env set-output stop-commands warning"


def command(line):
    """What the runner of GitHub Actions makes of a line: a command with its properties and its data, or None.

    It looks for `::name key=value,...::data` at the beginning, blanks left out, and else for `##[name key=value;...]data`
    anywhere.
    """
    names = COMMANDS.replace(" ", "|")
    if found := re.match(rf"\s*::({names})(?: (.*?))?::(.*)$", line, re.DOTALL | re.IGNORECASE):
        pairs = [pair.split("=", 1) for pair in (found[2] or "").strip().split(",")]
        return found[1], {key: unescaped(value, "%0D %0A %3A %2C") for key, value in pairs}, unescaped(found[3])
    if found := re.search(rf"##\[({names})[ \]]", line, re.IGNORECASE):
        return found[1], {}, ""
    return None


def unescaped(text, codes="%0D %0A"):
    for written in [*codes.split(), "%25"]:
        text = text.replace(written, chr(int(written[1:], 16)))
    return text


def lines(text):
    """The lines of an output as .NET reads them."""
    return re.split(r"\r\n|\r|\n", text.removesuffix("\n"))


def commands(*findings, **other):
    return [found for line in lines(render(report(*findings, **other))) if (found := command(line))]


def test_every_kind_of_finding_has_its_annotation():
    text = render(varied())
    assert text == golden("github-varied.txt", text)


def test_an_annotation_says_what_is_wrong_where_and_what_to_do():
    ((name, properties, data),) = commands(replace(shadowed(SOURCE), fixes=(fixed(SOURCE, "true"),)))
    assert name == "error"
    assert properties == {
        "title": "high: shadowed-rule",
        "file": "edge/policy.json",
        "line": "11",
        "endLine": "11",
        "col": "21",
        "endColumn": "52",
    }
    first, *rest = data.split("\n")
    assert first == "waf rule `block-admin` is never reached: `captcha-all` takes every request it matches"
    assert [line.split(":")[0] for line in rest] == [
        "request",
        "help",
        "fix",
        "  waf `captcha-all` match",
        "also",
        "note",
        "trace",
        "  waf ends",
    ]


@pytest.mark.parametrize(
    ("severity", "name"),
    [
        (Severity.CRITICAL, "error"),
        (Severity.HIGH, "error"),
        (Severity.MEDIUM, "warning"),
        (Severity.LOW, "notice"),
        (Severity.INFO, "notice"),
    ],
)
def test_the_kind_follows_the_severity(severity, name):
    ((said, properties, _),) = commands(plain(SOURCE, severity=severity, confidence=Confidence.LIKELY))
    assert said == name
    assert properties["title"] == f"{severity.value}: never-matches (likely)"


def test_a_clean_run_is_one_line_that_is_no_command():
    assert render(report(policies=(policy(SOURCE),), hidden=1)) == (
        "no findings in 1 policy, 2 rules; 1 more with --pedantic\n"
    )


# Places


@pytest.mark.parametrize("name", ["a b.json", "a,b:c.json", "100%25.json", "a=b.json", "ü/漢.json", "a::error::.json"])
def test_a_file_is_named_as_it_is(name):
    ((_, properties, _),) = commands(plain(json_source(name, RULES)))
    assert properties["file"] == name


def test_a_file_is_named_from_the_root(tmp_path, monkeypatch):
    (tmp_path / "repository" / "edge").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "repository" / "edge")
    findings = [plain(json_source(name, RULES)) for name in ("a.json", "../b.json", "../../c.json")]
    said = commands(*findings, root=tmp_path / "repository")
    assert [properties["file"] for _, properties, _ in said] == ["edge/a.json", "b.json", "../../c.json"]


def test_columns_count_utf_16_units():
    text = "# 𝒳\n- 漢𝒳: '漢𝒳' # x\n"
    start = text.index("'")
    place = Place(source("a.yaml", text, {("a",): Span(start, start + 4)}), ("a",))
    ((_, properties, _),) = commands(plain(SOURCE, place=place))
    assert (properties["line"], properties["col"], properties["endColumn"]) == ("2", "8", "13")


def test_a_place_of_several_lines_is_shown_on_its_first():
    text = "one\ntwo three\nfour"
    place = Place(source("a.yaml", text, {("a",): Span(8, len(text))}), ("a",))
    ((_, properties, _),) = commands(plain(SOURCE, place=place))
    assert [properties[key] for key in ("line", "endLine", "col", "endColumn")] == ["2", "2", "5", "10"]


def test_what_has_no_line_has_its_file_only():
    said = commands(in_database(), plain(SOURCE, place=Place(source("empty.yaml", "", {}))))
    assert [set(properties) for _, properties, _ in said] == [{"title", "file"}] * 2


def test_standard_input_is_no_file():
    ((_, properties, _),) = commands(plain(json_source("-", RULES)))
    assert set(properties) == {"title"}


# What GitHub takes


def test_the_gravest_of_each_kind_are_annotated_and_the_others_are_counted():
    findings = [plain(SOURCE, severity=Severity.HIGH, message=f"high {number}") for number in range(12)]
    findings += [plain(SOURCE, severity=Severity.MEDIUM, message="medium")] * 10
    findings += [plain(SOURCE, severity=Severity.INFO, message="info")] * 12
    findings += [plain(SOURCE, severity=Severity.LOW, message="low", confidence=Confidence.LIKELY)]
    findings += [plain(SOURCE, severity=Severity.CRITICAL, message="critical")]
    text = render(report(*findings))
    said = [command(line) for line in lines(text)]
    assert [found[0] for found in said if found] == ["error"] * 10 + ["warning"] * 10 + ["notice"] * 10
    assert [found[2] for found in said[:10]] == ["critical", *(f"high {number}" for number in range(9))]
    assert said[20][2] == "low"
    assert lines(text)[30] == "3 errors, 3 notices not annotated: GitHub takes 10 of a kind from a step"
    assert lines(text)[31].startswith("36 findings (1 critical, 12 high, 10 medium, 1 low, 12 info) in ")


def test_one_too_many_is_counted_in_the_singular():
    text = render(report(*[plain(SOURCE, severity=Severity.MEDIUM)] * 11))
    assert "\n1 warning not annotated: " in text


def test_a_message_is_no_longer_than_the_runner_takes():
    long = replace(shadowed(SOURCE), detail=("𝒳" * 3000, "more"))
    ((_, _, data),) = commands(long)
    assert 4000 <= len(data.encode("utf-16-le")) // 2 <= 4096
    assert data.endswith("𝒳 ...")
    assert "\nhelp: " in data


# Strangers


@settings(max_examples=many(40))
@given(hostile_texts)
@example("::stop-commands::x")
@example("##[stop-commands]x")
@example("%0A::error::x")
@example("x\n::error::y")
@example("##" + "[add-mask]x")
def test_nothing_a_stranger_writes_is_a_command(text):
    document = hostile(text)
    told = render(document)
    assert "##[" not in told
    said = [command(line) for line in lines(told)]
    assert [found[0] for found in said if found] == ["error", "notice", "notice"]
    assert len(said) == 4
    shown = visible(text).replace("##[", "##<U+005B>")
    for (_, properties, data), finding in zip(said[:3], document.findings, strict=True):
        assert set(properties) <= {"title", "file", "line", "endLine", "col", "endColumn"}
        assert properties["title"] == f"{finding.severity.value}: {finding.check}"
        assert data.split("\n")[0] == shown
