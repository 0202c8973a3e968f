import re

import pytest
from hypothesis import given, settings

from edgelint.finding import Confidence, Severity
from edgelint.record import replace
from edgelint.report import Failure
from edgelint.report.markdown import LONGEST, render
from markdown_pages import pages
from report_samples import (
    RULES,
    accepted,
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
    varied,
)
from support import many

SOURCE = json_source("edge/policy.json", RULES)
FULL = report(
    replace(shadowed(SOURCE), fixes=(fixed(SOURCE, "true"), fixed(SOURCE, "false", safe=False))),
    plain(SOURCE, severity=Severity.LOW),
    in_database(),
    policies=(policy(SOURCE),),
    hidden=2,
    accepted=(accepted(SOURCE),),
)


@pytest.mark.parametrize(("name", "document"), [("findings", FULL), ("varied", varied())])
def test_a_comment_is_what_a_reviewer_wants_to_read(name, document):
    text = render(document)
    assert text == golden(f"markdown-{name}.md", text)


def blocks(text):
    """The first words of each paragraph that is not empty."""
    return [paragraph.split("\n")[0] for paragraph in text.split("\n\n")]


def test_the_first_line_is_the_verdict_and_the_last_the_summary():
    first, *_, last = blocks(render(FULL))
    assert first == "## edgelint: 3 findings (1 critical, 1 high, 1 low)"
    assert last.startswith(
        "3 findings (1 critical, 1 high, 1 low) in 1 policy, 2 rules; accepted: 1 by the configuration"
    )
    assert "2 more with --pedantic" in last


def test_a_clean_run_is_short():
    assert render(report(policies=(policy(SOURCE),))) == (
        "## edgelint: no findings\n\nno findings in 1 policy, 2 rules\n"
    )


def test_the_gravest_come_first_and_the_others_are_folded():
    text = render(FULL)
    headings = re.findall(r"^### (.*)$", text, re.MULTILINE)
    assert headings == ["critical: `unguarded-lookup-fails-open`", "high: `shadowed-rule`", "low: `never-matches`"]
    fold = text.index("<details><summary>1 lesser finding</summary>")
    assert text.index("### high") < fold < text.index("### low") < text.rindex("</details>")


def test_everything_there_is_to_say_is_said():
    text = render(FULL)
    for part in (
        "`edge/policy.json:11`: waf rule `block-admin` is never reached: `captcha-all` takes every request it matches",
        "from `203.0.113.5`:\n\n```sh\ncurl -X POST -H 'cookie: a=1'",
        "- waf `captcha-all`, looked at first: `edge/policy.json:5`",
        "- 1 of 1 earlier rules takes part",
        "**What to do:** give `block-admin` a lower priority number than `captcha-all`",
        "**Suggested fix:** make it right\n\n```\nwaf `captcha-all` match: true\n```",
        "**Suggested change:** make it right\n\n```\nwaf `captcha-all` match: false\n```",
        "1. waf rule `captcha-all` matches and the visitor has a pass\n2. waf ends: rule `block-admin` is not asked",
        "`edge.db: public_waf_rules[20].match_json`: waf rule `secret` is evaded",
    ):
        assert part in text


def test_doubt_is_said():
    assert "### high: `never-matches` (likely)" in render(report(plain(SOURCE, confidence=Confidence.LIKELY)))


def test_files_are_named_from_the_root(tmp_path, monkeypatch):
    (tmp_path / "repository" / "edge").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "repository" / "edge")
    assert "`edge/a.json:5`" in render(report(plain(json_source("a.json", RULES)), root=tmp_path / "repository"))


def test_what_broke_on_our_side_is_said_where_it_is_seen():
    broken = [Failure(f"check-{number}", "edge/policy.json", "ValueError: @team") for number in range(8)]
    text = render(report(shadowed(SOURCE), failures=tuple(broken)))
    assert blocks(text)[1] == "**Internal error** in `check-0` on `edge/policy.json`: `ValueError: @team`"
    assert text.count("**Internal error**") == 5
    assert text.endswith("; 8 checks failed\n")


def test_folded_parts_are_tags_with_markdown_inside():
    for page in pages(render(FULL)):
        assert page.tags.count("details") == page.tags.count("summary") == 2
        assert page.tags.count("h3") == 3
        assert page.tags.count("ol") == 1
        assert page.tags.count("pre") == 3


# Length


def counted(text):
    """How many findings of a comment are shown whole and in a line, and how many are said to be a line, and left out."""
    cut = re.search(
        r"(?:(\d+) findings? shown in one line each)?(?:, )?(?:(\d+) findings? left out)?\. `edgelint", text
    )
    whole, line = text.count("\n### "), len(re.findall(r"^- \*\*", text, re.MULTILINE))
    return whole, line, *(int(number or 0) for number in (cut.groups() if cut else ("", "")))


@pytest.mark.parametrize("letter", ["a", "漢", "𝒳", "`", "a@"])
@pytest.mark.parametrize("number", [1, 40, 400, 4000])
def test_a_comment_is_never_longer_than_github_takes(number, letter):
    one = replace(shadowed(SOURCE), message=letter * 100, detail=(f"{letter} " * 50,))
    low = replace(one, severity=Severity.LOW)
    text = render(report(*[one, low] * number))
    assert len(text.encode()) <= LONGEST
    whole, line, said_line, said_left = counted(text)
    assert line == said_line
    assert whole + line + said_left == 2 * number
    assert text.count("<details>") == text.count("</details>")
    assert whole > 5 or number == 1


def test_the_gravest_are_the_last_to_be_cut():
    texts = render(report(*[replace(shadowed(SOURCE), severity=severity) for severity in Severity for _ in range(80)]))
    assert texts.count("### critical") > 20
    assert texts.count("- **high**") > 20
    assert "info" not in texts.split("\n", 1)[1].rsplit("\n\n", 1)[0]


def test_a_finding_with_very_much_to_say_is_a_line_and_the_next_is_whole():
    long = replace(shadowed(SOURCE), detail=("x " * 10_000,))
    text = render(report(long, plain(SOURCE)))
    assert counted(text) == (1, 1, 1, 0)
    assert len(text) < 2000


def test_a_very_long_message_is_cut():
    text = render(report(plain(SOURCE, message="word " * 10_000)))
    assert len(text) < 2000
    assert re.search("word wo?r?d? \\.\\.\\.\n", text)


def test_very_long_failures_leave_room_for_the_rest():
    broken = Failure("never-matches", "\x1b" * 4000, "\x1b" * 4000)
    text = render(report(*[shadowed(SOURCE)] * 1000, failures=(broken,) * 5))
    assert len(text.encode()) <= LONGEST


# Strangers


WORD = re.compile(r"""[("']*(?:[^\W\d_]+(?:['/-][^\W\d_]+)*[0-9]?|[0-9]{1,6}(?:\.[0-9]{1,3})?)?["').,;:!?]*""")


@settings(max_examples=many(40))  # a page is long
@given(hostile_texts)
def test_nothing_a_stranger_writes_is_markup_a_name_or_an_address(text):
    written = render(hostile(text))
    for page in pages(written):
        assert set(page.tags) <= {"h2", "h3", "p", "strong", "code", "pre", "ul", "ol", "li", "details", "summary"}
        assert page.tags.count("details") == page.tags.count("summary") == 2
        assert page.tags.count("h2") == 1
        assert page.tags.count("h3") == 3
        assert page.tags.count("pre") == 4
        assert page.tags.count("ul") == 3
        assert page.tags.count("ol") == 1
        assert {name for name, _ in page.attributes} <= {"class", "lang"}
        assert not page.comments
        words = " ".join(page.text).split()
        assert not [word for word in words if not WORD.fullmatch(word)]
