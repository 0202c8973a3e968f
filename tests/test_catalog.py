import re

import pytest
import yaml

from edgelint import catalog
from edgelint.catalog import PageError, parse, split
from edgelint.config import load
from edgelint.finding import Severity
from edgelint.resources import folder
from edgelint.run import check_names
from page_examples import examples

POLICY_KEYS = {
    "listeners",
    "routes",
    "waf_captcha_providers",
    "waf_rules",
    "rate_limit_rules",
    "traffic_shaper_rules",
    "cache_rules",
}
PAGE = """---
title: A title
severity: high
confidence: proven
family: waf
needs: [rules]
since: 0.1.0
---
## What

First paragraph,
two lines.

Second.

## Why

Because.
"""

every_page = pytest.mark.parametrize("name", catalog.names())


def test_a_page_is_read_from_its_text():
    page = parse("some-check", PAGE)
    assert (page.name, page.title, page.severity, page.family) == ("some-check", "A title", Severity.HIGH, "waf")
    assert page.description == "First paragraph, two lines."
    assert page.section("Why") == "Because."
    assert page.section("Avoid") == ""
    assert page.security_severity == "8.1"


def test_a_security_score_of_its_own_wins_over_the_one_of_the_severity():
    page = parse("some-check", PAGE.replace("since:", 'security_severity: "9.8"\nsince:'))
    assert page.security_severity == "9.8"


def test_what_concerns_the_input_is_no_matter_of_security():
    assert parse("some-check", PAGE.replace("family: waf", "family: input")).security_severity is None


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("severity: grave", "`grave` is none of info, low"),
        ("family: wafs", "`wafs` is none of expression, scope"),
        ("needs: [rules, luck]", "`luck` is none of rules, routes"),
        ("needs: rules", "`needs` is a list"),
        ("title: [a, b]", "`title` is one text"),
    ],
)
def test_a_value_that_does_not_exist_is_an_error(line, complaint):
    key = line.partition(":")[0]
    text = re.sub(rf"^{key}: .*$", line, PAGE, count=1, flags=re.MULTILINE)
    with pytest.raises(PageError, match=re.escape(complaint)):
        parse("some-check", text)


@pytest.mark.parametrize(
    ("line", "place", "complaint"),
    [
        ("Title: x", 2, "reads `key: value`"),
        ("title:x", 2, "reads `key: value`"),
        ("title: ", 2, "reads `key: value`"),
        ("", 2, "reads `key: value`"),
        ("colour: red", 2, "unknown key `colour`"),
        ("title: a: b", 2, "double quotes"),
        ("title: a # b", 2, "double quotes"),
        ("title: 'a'", 2, "double quotes"),
        ('title: "a', 2, "double quotes"),
        ("title: *a", 2, "double quotes"),
        ("title: `a`", 2, "double quotes"),
        ("tags: [a, , b]", 2, "no plain word"),
        ("tags: [a: b]", 2, "no plain word"),
        ("tags: [[a]]", 2, "double quotes"),
        ("title: x\ntitle: y", 3, "`title` is there twice"),
    ],
)
def test_front_matter_outside_of_the_subset_is_an_error_with_its_line(line, place, complaint):
    with pytest.raises(PageError, match=rf"^check\.md:{place}: .*{re.escape(complaint)}"):
        split("check", f"---\n{line}\n---\nbody\n")


@pytest.mark.parametrize("text", ["", "title: x\n", "---\ntitle: x\n"])
def test_a_page_without_front_matter_is_an_error(text):
    with pytest.raises(PageError, match="begins with front matter"):
        split("check", text)


def test_a_missing_key_is_an_error():
    with pytest.raises(PageError, match="`since` is missing"):
        parse("check", PAGE.replace("since: 0.1.0\n", ""))


@every_page
def test_our_reading_of_the_front_matter_agrees_with_yaml(name):
    text = (folder("rules") / f"{name}.md").read_text(encoding="utf-8")
    ours, _ = split(name, text)
    theirs = yaml.safe_load(text.split("---\n")[1])
    assert ours == {key: tuple(value) if isinstance(value, list) else value for key, value in theirs.items()}


@every_page
def test_every_page_has_its_sections_in_order(name):
    body = catalog.page(name).body
    assert re.findall(r"^## (.*)$", body, re.MULTILINE) == ["What", "Why", "Avoid", "Prefer", "Limits"]
    assert all(catalog.page(name).section(heading) for heading in ("What", "Why", "Avoid", "Prefer", "Limits"))


@every_page
def test_every_title_and_description_fits_code_scanning(name):
    page = catalog.page(name)
    assert not re.search(r"[\[\]{}\\'.]", page.title)
    assert len(page.title) <= 255
    assert 40 < len(page.description) <= 1024
    assert len({"security", page.family, *page.tags}) <= 20
    assert page.security_severity is None or 0 < float(page.security_severity) <= 10


@every_page
def test_every_page_shows_what_to_avoid_and_what_to_prefer(name):
    for section in ("Avoid", "Prefer"):
        found = examples(catalog.page(name), section)
        assert found
        for example in found:
            policy = yaml.safe_load(example.policy)
            assert set(policy) <= POLICY_KEYS
            assert policy["listeners"]
            assert policy["routes"]


@every_page
def test_every_configuration_in_a_page_is_valid(name, tmp_path):
    for section in ("Avoid", "Prefer"):
        for example in examples(catalog.page(name), section):
            path = tmp_path / "edgelint.yaml"
            path.write_text(example.config, encoding="utf-8")
            load(path)


def test_every_check_has_a_page():
    assert set(check_names()) <= set(catalog.names())


def test_pages_are_found_by_name_and_nothing_else():
    pages = catalog.pages()
    assert list(pages) == sorted(pages)
    assert pages["shadowed-rule"].name == "shadowed-rule"
    with pytest.raises(KeyError):
        pages["../LICENSE"]
