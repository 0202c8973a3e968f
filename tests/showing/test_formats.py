"""The ways to show rules: what they say, that a stranger's text breaks none of them, and that widths are kept."""

import json
import re
import shutil
import subprocess
import warnings
from functools import cache
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgelint.facts import Facts
from edgelint.picture.graph import graph
from edgelint.picture.overview import overview
from edgelint.readers import read
from edgelint.record import replace
from edgelint.report._safe import visible, width
from edgelint.showing import Drawn, Look, formats, graph_formats, graph_renderer, renderer
from edgelint.showing._layout import cut, table, widths, wrapped
from markdown_pages import pages
from report_samples import HOSTILE
from support import FIXTURES, facts_of

CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
names = st.text(min_size=1, max_size=30) | st.sampled_from(
    [
        HOSTILE,
        'a"] ; click r0x0 "javascript:alert(1)"',
        "end",
        "click",
        "%%{init: {}}%%",
        "`",
        "<b>&amp;</b>",
        "|",
        "\\",
        '\\"',
        "\\N",
        "a\nb",
        "1. x",
        "a & b",
        "- x",
        "# x",
        "--> b",
        ":::dead",
        "#quot;",
    ]
)


def facts_with(*called, expression='path == "/a"'):
    """The facts of a policy whose rules are called so."""
    facts = facts_of(*(expression for _ in called))
    (phase, *others) = facts.policy.phases
    rules = tuple(replace(rule, name=name) for rule, name in zip(phase.rules, called, strict=True))
    policy = replace(facts.policy, name=called[0], phases=(replace(phase, rules=rules), *others))
    return Facts(policy)


def shown(facts, form, look=None):
    return renderer(form)([overview(facts)], look or Look())


def drawn(facts, form):
    return graph_renderer(form)([Drawn(facts.policy.name, graph(facts))], Look())


def sample(path="examples/shop.json"):
    (policy,) = read([str(FIXTURES / path)], stdin=bytes).policies
    return Facts(policy)


# What is said


def test_there_are_these_formats():
    assert formats() == ("json", "markdown", "text")
    assert graph_formats() == ("dot", "json", "mermaid", "text")


def test_a_rule_is_a_paragraph():
    text = shown(sample(), "text")
    assert text.split("\n\n")[6] == "\n".join(
        [
            "1. login-limit  admits 10 requests per minute (sliding window), answers the others 429",
            "   catches  POST to `/login` and below at `shop.example.com`",
            "   before   everything is challenged by `login-captcha`",
            "   touches  partly `shop.example.com` (1 of 3 routes)",
            "   buckets  by host and path: all clients share it; a client gets further ones by changing path;",
            "            host is always the same here",
            "   request  curl -X POST https://shop.example.com/login (from 198.51.100.7)",
        ]
    )


def test_routes_are_a_table():
    assert shown(sample(), "text").endswith(
        """
Routes: the rules that touch each; * marks those that take all that earlier ones leave of it
every route, WAF: login-captcha, internal-needs-secret, blocklist

route             rate limit
shop.example.com  login-limit

no other rule touches `api.example.com` and `git.example.com`
"""
    )


def test_dead_rules_are_told_with_the_reason_and_without_what_does_not_matter_then():
    text = shown(facts_of('method == "GET"', 'method == "GET" && path == "/a"'), "text")
    assert "dead     `rule-0` takes every request first\n" in text
    assert "less" not in text


def test_what_an_earlier_rule_takes_is_said_where_that_is_not_all_it_catches():
    text = shown(facts_of('method == "GET" && host == "a.test"', 'host == "a.test"', 'path == "/x"'), "text")
    assert "less     `rule-0`: every GET\n" not in text
    assert "less     `rule-0`: GET\n" in text
    assert "less     what `rule-0` and `rule-1` take\n" in text


def test_json_is_one_document_with_a_version():
    (policy,) = json.loads(shown(sample(), "json"))["policies"]
    waf, limits, *_ = policy["phases"]
    assert [rule["name"] for rule in waf["rules"]] == ["login-captcha", "internal-needs-secret", "blocklist"]
    (limit,) = limits["rules"]
    assert limit["catches"]["words"] == ["POST to `/login` and below at `shop.example.com`"]
    assert [one["field"] for one in limit["catches"]["alternatives"][0]["conditions"]] == ["method", "path", "host"]
    assert limit["bucket"]["identity"] == "everybody"
    assert limit["stopped_before"] == [
        {"phase": "waf", "rule": "login-captcha", "kind": "challenge", "extent": "wholly"}
    ]
    assert policy["matrix"][1] == {
        "route": "2",
        "waf": [{"rule": rule["name"], "extent": "partly"} for rule in waf["rules"]],
        "rate_limit": [],
    }


def test_json_of_a_graph_speaks_of_nodes_by_number():
    document = json.loads(drawn(facts_of('path == "/a"', "true"), "json"))
    (found,) = document["policies"]
    assert document["version"] == 1
    assert found["edges"] == [{"from": 0, "to": 1, "relation": "earlier-takes-part", "certain": True}]
    assert [node["name"] for node in found["nodes"]] == ["rule-0", "rule-1"]
    assert found["unfinished"] is None


def test_a_graph_for_people_lists_what_each_rule_does_to_those_behind_it():
    text = drawn(
        facts_of('path == "/a"', 'path == "/a" && method == "GET"', 'method == "POST"', 'path == "/c"'), "text"
    )
    assert "   1. rule-0\n      takes all of `rule-1`\n      takes a part of `rule-2`\n" in text
    assert "   2. rule-1  no request is left for it\n" in text


@cache
def deployments():
    return [overview(sample(folder.relative_to(FIXTURES))) for folder in sorted((FIXTURES / "deployments").iterdir())]


@pytest.mark.parametrize("form", formats())
def test_every_deployment_can_be_shown(form):
    assert renderer(form)(deployments(), Look()).count("larkfield") > 30


def test_mermaid_says_where_it_will_not_be_drawn():
    facts = facts_of(*(f'path.startsWith("/{"a" * number}")' for number in range(40)))
    assert "  %% 780 overlaps: raise maxEdges" in drawn(facts, "mermaid")
    assert "%%" not in drawn(facts_of("true"), "mermaid")


# A stranger's text


@given(names)
@settings(max_examples=30)
def test_no_format_lets_a_control_character_through(name):
    facts = facts_with(name, name + "x")
    for form in formats():
        assert not CONTROL.search(shown(facts, form))
    for form in graph_formats():
        assert not CONTROL.search(drawn(facts, form))


@given(names)
@settings(max_examples=30)
def test_a_name_adds_no_line_to_the_page_or_the_drawing(name):
    harmless, hostile = facts_with("a", "b"), facts_with(name, name + "x")
    for form in ("dot", "mermaid"):
        assert drawn(hostile, form).count("\n") == drawn(harmless, form).count("\n")
    assert shown(hostile, "markdown").count("\n") == shown(harmless, "markdown").count("\n")


@given(names)
@settings(max_examples=30)
def test_mermaid_holds_nothing_of_a_name_but_harmless_characters_and_entity_codes(name):
    for line in drawn(facts_with(name), "mermaid").splitlines()[1:]:
        label = re.fullmatch(
            r'  (?:  r\d+x\d+\["(.*)"\](?::::dead)?|subgraph p\d+x\d+ \["(.*)"\]|end|classDef dead .*)', line
        )
        assert label, line
        for text in filter(None, label.groups()):
            assert re.fullmatch(r"(?:[A-Za-z0-9 .,_-]|#\d+;)*", text)
    assert f"1 {visible(name)} (block)" in _decoded(drawn(facts_with(name), "mermaid"))


def _decoded(text):
    return re.sub(r"#(\d+);", lambda found: chr(int(found[1])), text)


@given(names)
@settings(max_examples=30)
def test_dot_is_read_by_a_real_parser_with_the_name_as_it_is(name):
    pydot = pytest.importorskip("pydot", reason="pydot comes with the `test` dependency group")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it uses names that its own parser library calls old
        found = pydot.graph_from_dot_data(drawn(facts_with(name, name + "x"), "dot"))
    assert found is not None
    (cluster,) = found[0].get_subgraphs()
    nodes = [node for node in cluster.get_nodes() if node.get_name().startswith("r")]
    labels = [unescape(re.sub(r"\\(.)", r"\1", node.get("label")[1:-1])) for node in nodes]
    assert labels == [f"1. {visible(name)} (block)", f"2. {visible(name + 'x')} (block)"]
    assert len(found[0].get_edges()) == 1


@given(names)
@settings(max_examples=30)
def test_dot_quotes_every_name_whole(name):
    lines = drawn(facts_with(name), "dot").splitlines()
    found = [
        re.fullmatch(r'    (?:label|r0_0 \[label)="((?:[^"\\&]|\\[\\"]|&amp;)*)"\]?;', line) for line in lines[4:6]
    ]
    assert [unescape(re.sub(r"\\(.)", r"\1", label[1])) for label in found] == [
        f"{visible(name)}: waf",
        f"1. {visible(name)} (block)",
    ]


def test_graphviz_draws_it():
    if shutil.which("dot") is None:
        pytest.skip("Graphviz is not installed")
    done = subprocess.run(
        ["dot", "-Tsvg"], input=drawn(facts_with(HOSTILE), "dot").encode(), capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr


OURS = {"h1", "h2", "h3", "p", "code", "ul", "ol", "li", "strong", "em", "table", "thead", "tbody", "tr", "th", "td"}


@given(names)
@settings(max_examples=30)
def test_markdown_holds_no_markup_of_a_name(name):
    for page in pages(shown(facts_with(name), "markdown")):
        assert set(page.tags) <= OURS
        assert not [value for key, value in page.attributes if key not in ("style", "align")]
        assert not page.comments


@given(st.text(max_size=12), st.text(max_size=12))
@settings(max_examples=30)
def test_literals_of_conditions_are_safe_everywhere(one, other):
    text = json.dumps(one).replace("\\ud", "\\\\ud")
    facts = facts_of(
        f'"x-a" in headers && headers["x-a"].exists(v, v == {text} || v.contains({json.dumps("|" + "`<b>")}))'
    )
    for form in formats():
        assert not CONTROL.search(shown(facts, form))
    assert all("b" not in page.tags for page in pages(shown(facts, "markdown")))
    assert other is not None


# Widths


@given(st.text(alphabet="ab -漢\u0301", max_size=200), st.integers(4, 40))
def test_lines_are_as_wide_as_there_is_room_and_nothing_is_lost(text, cells):
    lines = list(wrapped(text, cells, hard=True))
    assert max(map(width, lines)) <= cells
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@given(st.text(alphabet="ab漢", max_size=50), st.integers(5, 20))
def test_a_text_that_is_cut_says_so(text, cells):
    found = cut(text, cells)
    assert width(found) <= cells
    assert found == text or found.endswith("...")


@given(
    st.lists(st.tuples(*[st.text(alphabet="abc, -", max_size=40)] * 3), min_size=1, max_size=5), st.integers(50, 120)
)
def test_a_table_fits(rows, cells):
    sizes = widths(rows, cells)
    assert all(width(line) <= cells for line in table(rows, sizes))


@pytest.mark.parametrize("columns", [60, 80, 140])
def test_a_page_is_as_wide_as_the_terminal_but_for_requests_and_what_cannot_be_broken(columns):
    text = renderer("text")(deployments(), Look(width=columns))
    for line in text.splitlines():
        longest = max(map(width, line.split(" ")))
        whole = line.startswith(("   request", "/"))
        assert width(line) <= columns or whole or longest > columns - 16


def test_colours_stand_around_labels_only():
    plain, coloured = shown(sample(), "text"), shown(sample(), "text", Look(colour=True))
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain
    assert "\x1b[34mcatches\x1b[0m" in coloured
