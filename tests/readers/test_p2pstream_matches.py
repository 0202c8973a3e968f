import json
import re
from typing import Any

import pytest
from reading import limiter, only_problem, only_rule, read_plain, shown

from edgelint.languages.p2pstream import compile_match
from edgelint.model.expression import TRUE, Opaque
from edgelint.model.policy import Rule
from edgelint.model.request import Request
from support import corpus

REQUEST = Request("GET", "https", "example.com", "/", "192.0.2.1")


def samples(name: str) -> Any:
    return json.loads((corpus() / "p2pstream" / name).read_text())


def matching(match: object) -> Rule:
    policy = read_plain(limiter(match_rule=match))
    assert not policy.problems
    return only_rule(policy)


def without_repeats(text: str) -> str:
    """An expression with one parenthesis for several; how often a single value is wrapped means nothing."""
    return re.sub(r"\)+", ")", re.sub(r"\(+", "(", text))


def condition(**fields: Any) -> dict[str, Any]:
    return {"builder": {"root": {"conditions": [fields]}}}


def test_every_sample_of_a_stored_match_stands_for_its_expression():
    for sample in samples("match_json_samples.json"):
        rule = matching(sample["match_json"])
        assert rule.match.text == sample["cel"], sample["name"]
        if rule.match.text:
            assert rule.match.expression == compile_match(sample["cel"]).expression


@pytest.mark.parametrize("match", [None, {}, {"cel_expression": ""}, {"cel_expression": "  "}])
def test_no_match_is_every_request(match):
    rule = matching(match)
    assert (rule.match.expression, rule.match.text) == (TRUE, "")
    assert rule.match.evaluate(REQUEST) is True


@pytest.mark.parametrize("builder", [{}, {"root": {}}, {"root": {"operator": "any"}}])
def test_a_builder_without_conditions_is_the_expression_true(builder):
    rule = matching({"builder": builder})
    assert rule.match.text == "true"
    assert not rule.match.anchored


def test_a_builder_alone_is_expanded_and_its_text_stands_nowhere():
    rule = matching(condition(field="path", operator="prefix", values=["/a b"]))
    assert rule.match.text == '(((path_prefix(path, "/a b"))))'
    assert not rule.match.anchored
    assert rule.match.at((1, 2)) == rule.match.place
    assert json.loads(shown(rule.match.place)) == condition(field="path", operator="prefix", values=["/a b"])["builder"]


def test_an_expression_with_the_builder_it_came_from_is_anchored():
    match = condition(field="method", operator="equals", values=["GET"])
    rule = matching({"celExpression": '(((method == "GET")))', **match})
    assert rule.match.anchored
    assert shown(rule.match.at((3, 9))) == "method"


def test_enumerations_of_the_builder_may_be_full_names_or_numbers():
    full = condition(
        field="PUBLIC_POLICY_MATCH_FIELD_HOST",
        operator="PUBLIC_POLICY_MATCH_CONDITION_OPERATOR_HOST_PATTERN",
        values=["*.Example.com."],
        negated=True,
    )
    number = condition(field=3, operator=9, values=["*.example.com"], negated=True)
    assert matching(full).match.text == matching(number).match.text == '((!((host_match(host, "*.example.com")))))'


def test_a_builder_is_normalised_as_p2pstream_does_on_save():
    match = condition(field="header", name="X-Plan", operator="equals", values=["Free"])
    assert '"x-plan" in headers' in matching(match).match.text
    assert '"Free"' in matching(match).match.text
    assert '"POST"' in matching(condition(field="method", operator="in", values=["post"])).match.text


def test_an_expression_that_is_not_what_its_builder_says_is_a_mismatch():
    match = condition(field="method", operator="equals", values=["GET"])
    policy = read_plain(limiter(match_rule={"cel_expression": 'method == "GET"', **match}))
    problem = only_problem(policy)
    assert (problem.kind, problem.subject) == ("mismatch", "rate_limit/r")
    assert shown(problem.place) == json.dumps('method == "GET"')
    assert only_rule(policy).match.text == 'method == "GET"'


def test_an_invalid_expression_is_a_problem_inside_the_expression_and_never_decided():
    text = 'host == "é😀" && path_prefix(path, "/a"'
    policy = read_plain(limiter(match_rule={"celExpression": text}))
    rule = only_rule(policy)
    assert policy.problems
    for problem in policy.problems:
        assert (problem.kind, problem.subject) == ("expression", "rate_limit/r")
        assert problem.place.inner is not None
        assert problem.place.route == ("rate_limit_rules", 0, "match_rule", "celExpression")
    assert rule.match.expression == Opaque(f"invalid: {text}")
    assert rule.match.evaluate(REQUEST) is None


def test_a_builder_that_p2pstream_refuses_is_a_problem_at_the_condition():
    match = condition(field="method", operator="cidr", values=["GET"])
    problem = only_problem(read_plain(limiter(match_rule=match)))
    assert problem.kind == "expression"
    assert problem.place.route[:7] == ("rate_limit_rules", 0, "match_rule", "builder", "root", "conditions", 0)


def test_an_expression_longer_than_p2pstream_accepts_is_not_compiled():
    text = 'path == "/' + "é" * 2050 + '"'
    policy = read_plain(limiter(match_rule={"cel_expression": text}))
    assert "longer than 4096 bytes" in only_problem(policy).message
    assert isinstance(only_rule(policy).match.expression, Opaque)


@pytest.mark.parametrize(
    "match",
    [
        "method == 1",
        5,
        {"cel_expression": 5},
        {"cel_expression": "true", "builder": []},
        condition(field="moon", operator="equals", values=["x"]),
        condition(field="path", operator="equals", values=[1]),
        {"colour": "red"},
        {"methods": "GET"},
        {"methods": ["GET"], "countries": ["de"]},
        {"builder": {"root": {"conditions": [{"field": "path", "operator": "equals", "values": ["/"], "fold": True}]}}},
        {"headers": [{"name": "x", "operator": "equals", "value": 5}]},
    ],
)
def test_a_match_that_cannot_be_read_is_a_problem_and_never_decided(match):
    policy = read_plain(limiter(match_rule=match))
    assert only_problem(policy).kind in ("unreadable", "expression", "unknown-field")
    assert isinstance(only_rule(policy).match.expression, Opaque)


def test_a_builder_nested_without_end_is_a_problem():
    group: dict[str, Any] = {}
    for _ in range(300):
        group = {"groups": [group]}
    policy = read_plain(limiter(match_rule={"builder": {"root": group}}))
    assert isinstance(only_rule(policy).match.expression, Opaque)
    assert policy.problems


LEGACY = [
    (
        '((method in ["GET", "POST"]) && (protocol in ["https"]) && ((host_match(host, "*.example.com"))) && '
        '((path_prefix(path, "/api") || path_prefix(path, "/admin"))) && ((path.endsWith(".json"))) && '
        '(("x-plan" in headers && headers["x-plan"].size() > 0 && ((headers["x-plan"][0] == "free")))) && '
        '("x-trace" in headers) && (("session" in cookies && ((cookies["session"].startsWith("abc"))))) && '
        '(("page" in query && query["page"].size() > 0 && ((query["page"][0].contains("1"))))))'
    ),
    '((method in ["POST"]) && ((host_match(host, "app.example.com"))) && ((path_prefix(path, "/login"))))',
    '(((path.endsWith(".css") || path.endsWith(".js"))))',
    '((("user-agent" in headers && headers["user-agent"].size() > 0 && ((headers["user-agent"][0].contains("curl"))))))',
]


@pytest.mark.parametrize("field", ["match", "match_rule"])
def test_the_legacy_form_is_migrated_as_p2pstream_does_when_it_starts(field):
    for sample, text in zip(samples("legacy_match_json_samples.json"), LEGACY, strict=True):
        policy = read_plain(limiter(**{field: sample}))
        assert not policy.problems
        match = only_rule(policy).match
        assert without_repeats(match.text) == without_repeats(text)
        assert not match.anchored
        assert json.loads(shown(match.place)) == sample


def test_the_legacy_form_of_the_api_has_full_names_and_camel_case():
    match = {
        "protocols": ["PUBLIC_LISTENER_PROTOCOL_HTTPS"],
        "pathPrefixes": ["admin"],
        "queryParams": [{"name": "p", "operator": "PUBLIC_RATE_LIMIT_MATCH_OPERATOR_SUFFIX", "value": "x"}],
        "cookies": [{"name": "c", "operator": "moon", "value": "y"}],
    }
    policy = read_plain(limiter(match=match))
    text = only_rule(policy).match.text
    for part in ('protocol in ["https"]', 'path_prefix(path, "/admin")', '"p" in query', '.endsWith("x")', '== "y"'):
        assert part in text


def test_lists_of_the_legacy_form_that_are_empty_restrict_nothing():
    assert only_rule(read_plain(limiter(match={"methods": [], "headers": []}))).match.text == "true"


def test_of_a_match_in_both_fields_the_newer_counts():
    policy = read_plain(limiter(match={"methods": ["GET"]}, match_rule={"cel_expression": "true"}))
    assert "both given" in only_problem(policy).message
    assert only_rule(policy).match.text == "true"
