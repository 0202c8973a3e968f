import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from edgelint import catalog
from edgelint.cli import main
from edgelint.finding import Confidence, Severity
from edgelint.model.topology import Front, Topology
from edgelint.record import replace
from edgelint.report import Failure, html
from edgelint.report._page import pictures
from edgelint.report._page.explanations import explanation
from edgelint.report._page.expressions import expression
from edgelint.report._safe import visible
from edgelint.report.html import render
from edgelint.run import Wishes, lint
from html_pages import Page, harmless
from report_samples import (
    HOSTILE,
    RULES,
    accepted,
    fixed,
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
from support import FIXTURES, ROOT

SOURCE = json_source("edge/policy.json", RULES)
SHOP = FIXTURES / "examples" / "shop.json"
FULL = report(
    plain(SOURCE, severity=Severity.LOW, confidence=Confidence.LIKELY),
    replace(shadowed(SOURCE), fixes=(fixed(SOURCE, 'path == "/"'),)),
    in_database(),
    policies=(policy(SOURCE),),
    hidden=2,
    accepted=(accepted(SOURCE, "reviewed <b>"),),
)


def shop(**wishes):
    """The report about the example."""
    return lint([str(SHOP)], Wishes(**wishes), bytes)


@pytest.fixture(scope="module")
def page():
    """The page about the example."""
    return harmless(render(shop()), ROOT)


@pytest.fixture(scope="module")
def full():
    """A page with findings of every kind."""
    return harmless(render(FULL), ROOT)


# What is said


def test_the_head_is_the_verdict(full):
    assert full.one("h1").text == "3 findings"
    assert full.named("title")[0].text == "edgelint: 3 findings (1 critical, 1 high, 1 low)"
    assert full.one("ul", class_="tiles").text == "1 critical1 high0 medium1 low0 info"
    header = full.one("header").text
    assert "edge/policy.json" in header
    assert "2 more with --pedantic" in header
    assert "accepted: 1 by the configuration" in header


def test_the_gravest_finding_comes_first(full):
    cards = full.named("details", class_="finding")
    assert [one.attributes["data-severity"] for one in cards] == ["critical", "high", "low"]
    assert [one.attributes["data-confidence"] for one in cards] == ["proven", "proven", "likely"]
    assert cards[1].attributes["data-phase"] == "waf"


def test_a_finding_says_everything(full):
    card = full.named("details", class_="finding")[1]
    for words in (
        "waf rule block-admin is never reached: captcha-all takes every request it matches",
        "edge/policy.json:11:21",
        "from 203.0.113.5",
        "waf rule captcha-all matches and the visitor has a pass",
        "1 of 1 earlier rules takes part",
        "give block-admin a lower priority number than captcha-all",
        "looked at first",
        '+ path == "/"',
    ):
        assert words in card.text
    assert FULL.findings[1].witness is not None
    assert FULL.findings[1].witness.request.curl() in [one.text for one in full.named("code")]


def test_the_spot_is_marked(full):
    assert next(one.text for one in full.named("mark")) == json.dumps(RULES[1]["expression"])


def test_a_finding_leads_to_its_rule_and_to_what_is_said_about_its_check(full):
    assert {"#rule-waf-block-admin", "#rule-waf-captcha-all", "#check-shadowed-rule"} <= set(full.links)
    rule = full.one("details", id="rule-waf-block-admin")
    assert "never reached" in rule.text
    assert "1 high" in rule.text
    assert catalog.page("shadowed-rule").title in full.one("details", id="check-shadowed-rule").text


def test_what_somebody_accepted_is_folded(full):
    held = next(
        one for one in full.named("details") if "somebody accepted" in one.text and "card" not in str(one.attributes)
    )
    assert "open" not in held.attributes
    assert "reviewed <b>" in held.text


def test_a_name_survives_edits_of_what_stands_around_a_finding():
    moved = render(report(shadowed(json_source("edge/policy.json", RULES, indent=8))))
    ids = [one.attributes["id"] for one in Page(moved).named("details", class_="finding")]
    assert ids == [one.attributes["id"] for one in Page(render(FULL)).named("details", class_="finding")][1:2]


def test_the_page_is_always_the_same():
    assert render(shop()) == render(shop())


def test_a_clean_run_is_green_and_short():
    page = harmless(render(report(policies=(policy(SOURCE),))), ROOT)
    assert (page.one("h1").text, page.one("h1").attributes["class"]) == ("No findings", "clean")
    assert "Nothing to report." in page.one("main").text


def test_with_no_policy_there_is_a_page_all_the_same():
    assert harmless(render(report()), ROOT).one("h1").text == "No findings"


def test_a_failure_of_ours_is_an_alarm():
    page = harmless(render(report(failures=(Failure("never-matches", "edge.json", "ValueError: <oh>"),))), ROOT)
    assert "never-matches on edge.json, please report it: ValueError: <oh>" in page.one("p", class_="alarm").text


def test_what_was_not_understood_is_said():
    assert "the field new is not modelled" in harmless(render(varied()), ROOT).one("section", id="problems").text


# Rules, routes, overlaps


def test_a_rule_is_told_in_words(page):
    rule = page.one("details", id="rule-waf-internal-needs-secret").text
    assert "every request to /internal and below, with header x-edge-secret, none of them being s3cr3t" in rule
    assert "answers 403" in rule
    assert 'path_prefix(path, "/internal") && !headers["x-edge-secret"].exists(v, v == "s3cr3t")' in rule
    assert "curl -H 'x-edge-secret: a' https://shop.example.com/internal" in rule


def test_rules_that_take_something_before_are_linked(page):
    rule = render(shop()).split('id="rule-waf-blocklist"')[1].split("</details>")[0]
    assert 'But not</dt><dd><p>what <a href="#rule-waf-login-captcha">' in rule


def test_the_routes_stand_against_the_phases(page):
    table = page.one("table", class_="matrix")
    assert [one.text for one in page.named("th", scope="col")][:3] == ["route", "WAF", "rate limit"]
    assert all(name in table.text for name in ("every route", "shop.example.com", "login-limit"))
    assert page.named("th", id="route-shop-example-com-all")


def test_the_overlaps_are_drawn_and_told(page):
    drawing = page.one("svg", role="group")
    assert drawing.text.startswith("How 3 rules with 2 overlaps meetRules that are looked at first stand on the left")
    assert [one.text for one in page.named("text") if one.attributes["class"] == "name"] == [
        "1. login-captcha",
        "2. internal-needs-secret",
        "3. blocklist",
    ]
    rows = [one.text for one in page.named("tr") if "takes a part of" in one.text]
    assert rows == ["login-captchatakes a part ofblocklist", "internal-needs-secrettakes a part ofblocklist"]


def test_what_surrounds_the_policy_counts():
    behind = Topology(fronts=(("*", Front(behind="cloudflare")),))
    path = FIXTURES / "deployments" / "web-shop" / "edge.yaml"
    alone, fronted = (render(lint([str(path)], Wishes(topology=one), bytes)) for one in (Topology(), behind))
    assert "sees the addresses of proxies only" not in alone
    assert "sees the addresses of proxies only" in fronted


def test_a_policy_that_cannot_be_pictured_still_has_its_findings(monkeypatch):
    def broken(*_arguments):
        raise ValueError("oh <no>")

    monkeypatch.setattr(pictures, "_worked_out", broken)
    page = harmless(render(FULL), ROOT)
    assert len(page.named("details", class_="finding")) == 3
    assert len(page.named("details", class_="rule")) == 2
    assert "ValueError: oh <no>" in page.one("p", class_="alarm").text


def test_of_too_many_findings_the_gravest_are_shown(monkeypatch):
    monkeypatch.setattr(html, "MOST_FINDINGS", 2)
    page = harmless(render(FULL), ROOT)
    cards = page.named("details", class_="finding")
    assert [one.attributes["data-severity"] for one in cards] == ["critical", "high"]
    assert "1 more are left out" in page.one("section", id="findings").text
    assert page.one("h1").text == "3 findings"


def test_of_too_many_rules_those_that_findings_speak_of_are_shown(monkeypatch):
    monkeypatch.setattr(pictures, "MOST_RULES", 3)
    page = harmless(render(shop()), ROOT)
    assert [one.attributes["id"] for one in page.named("details", class_="rule")] == [
        "rule-waf-login-captcha",
        "rule-waf-internal-needs-secret",
        "rule-waf-blocklist",
    ]
    assert page.named("table", class_="matrix") == []


def test_cards_of_many_are_folded(monkeypatch):
    monkeypatch.setattr(html, "UNFOLDED", 3)
    page = harmless(render(shop()), ROOT)
    assert not [one for one in page.named("details", class_="card") if "open" in one.attributes]


# What comes from strangers


@settings(max_examples=25)
@given(hostile_texts)
def test_nothing_of_the_input_is_markup(text):
    page = harmless(render(hostile(text)), ROOT)
    assert visible(text) in page.one("body").text
    wild, tame = (len(Page(render(hostile(one))).named("details")) for one in (text, "x"))
    assert wild == tame


@pytest.mark.parametrize(
    "text",
    [
        HOSTILE,
        "</script><script>alert(1)</script>",
        "</style><style>*{display:none}</style>",
        '" onmouseover="alert(1)',
        "' autofocus onfocus='alert(1)",
        "javascript:alert(1)",
        "<svg/onload=alert(1)>",
        "</title><img src=x onerror=alert(1)>",
        "<!--",
        "]]><!DOCTYPE html>",
        "&lt;script&gt;",
        "#findings",
        "rule-waf-x",
        "controls",
        "constructor",
        "expression(alert(1))",
        "url(https://a.example/)",
    ],
)
def test_every_text_of_an_export_stays_text(tmp_path, text):
    export = json.loads(SHOP.read_text(encoding="utf-8"))
    file = tmp_path / (re.sub(r"[/\0\ud800-\udfff]", "", text)[:60] + ".json")
    file.write_text(json.dumps(_poisoned(export, text)), encoding="utf-8")
    found = lint([str(file)], Wishes(pedantic=True), bytes)
    assert found.policies
    page = harmless(render(found), ROOT)
    assert page.named("details", class_="rule")
    assert not page.named("p", class_="alarm")


def _poisoned(export, text):
    """The export with the text in every name, pattern, condition and header."""
    for kind in ("listeners", "routes", "rateLimitRules", "wafRules", "wafCaptchaProviders"):
        for number, one in enumerate(export[kind]):
            if "name" in one:
                one["name"] = f"{text}{number}"
    literal = json.dumps(text.encode("utf-8", "replace").decode())
    conditions = (f'path_prefix(path, "/") && "x" in headers && headers["x"][0] == {literal}', f"host == {literal}")
    for rule, condition in zip(export["wafRules"], conditions, strict=False):
        rule["matchRule"]["celExpression"] = condition
    export["wafRules"][1]["responseHeaders"] = {"x-a": text}
    export["routes"][0]["pathPrefix"] = f"/{text}"
    for target in export["routes"][0]["targets"]:
        target["name"] = text
    return export


@pytest.mark.parametrize("name", catalog.names())
def test_every_explanation_is_well_formed(name):
    page = Page(explanation(catalog.page(name), catalog.names()))
    assert page.one("h3").text == catalog.page(name).title
    assert [one.text for one in page.named("h4")][:2] == ["What", "Why"]
    assert "```" not in page.source
    assert not re.search(r"\]\(|`", re.sub("<pre>.*?</pre>", "", page.source, flags=re.DOTALL))


def test_an_explanation_links_only_to_what_is_on_the_page():
    one = catalog.page("ipv6-full-address")
    assert "#check-shared-bucket-behind-proxy" in Page(explanation(one, catalog.names())).links
    assert "#check-shared-bucket-behind-proxy" not in Page(explanation(one, ())).links


# Conditions


@given(some.text() | hostile_texts)
def test_a_condition_says_what_it_says(text):
    lines = re.split(r"\r\n|\r|\n", text)
    assert Page(f"<p>{expression(text)}</p>").one("p").text == "\n".join(
        visible(line.replace("\t", "    ")) for line in lines
    )


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ('host == "a"', ["operator", "string"]),
        ("!path.startsWith('/x') // why", ["operator", "function", "string", "comment"]),
        ("x in [1, 2.5] || true", ["word", "number", "number", "operator", "word"]),
        (r'path.matches(r"\.(js|css)$")', ["function", "string"]),
        (r'"a\"b" != ""', ["string", "operator", "string"]),
        ("included", []),
    ],
)
def test_the_parts_of_a_condition_are_told_apart(text, kinds):
    assert [one.attributes["class"] for one in Page(expression(text)).named("span")] == kinds


# The command line


def test_a_page_is_written_to_a_file(tmp_path):
    file = tmp_path / "report.html"
    assert main(["check", "--isolated", "--format", "html", "--output", str(file), str(SHOP)]) == 1
    assert harmless(file.read_text(encoding="utf-8"), ROOT).one("h1").text == "4 findings"
