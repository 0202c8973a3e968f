"""Assertions are proved or refuted as they should be, examples come to what they come to, and the law of both holds."""

import json
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgelint.cli import main
from edgelint.facts import Facts
from edgelint.languages.p2pstream import compile_match
from edgelint.model.assertion import Assertion, Budget
from edgelint.proving import DemandError
from edgelint.proving.proofs import KINDS, prove
from edgelint.readers import read
from edgelint.replay import steps
from edgelint.source import Place
from model_interpreter import holds
from oracles.order import Trial
from oracles.random_rules import atoms, documents, policy_of, requests
from report_samples import source
from support import many

POLICY = """\
listeners: [{id: 1, name: tls, protocol: https, port: 443}]
waf_captcha_providers: [{id: 1, name: turnstile}]
routes: [{id: 1, listener_id: 1, priority: 10, host_pattern: a.example.com, targets: [{id: 1, name: a, url: "http://10.0.0.1"}]}]
waf_rules:
  - {name: admin, priority: 10, action: block, match_rule: {cel_expression: 'path_prefix(path, "/admin") && !cidr(remote_ip, "10.0.0.0/8")'}}
  - {name: login, priority: 20, action: captcha, captcha_provider_id: 1, match_rule: {cel_expression: 'path_prefix(path, "/login")'}}
  - {name: rush, priority: 30, action: block, activation_mode: automatic, match_rule: {cel_expression: 'path == "/buy"'}}
rate_limit_rules:
  - {name: login, priority: 10, algorithm: ALGORITHM, limit: 10, window_millis: 60000, key_parts: KEY, match_rule: {cel_expression: 'path_prefix(path, "/login") && method == "POST"'}}
traffic_shaper_rules:
  - {name: files, priority: 10, download_bytes_per_second: 1000, key_parts: [{source: remote_ip}], match_rule: {cel_expression: 'path_prefix(path, "/files")'}}
cache_rules:
  - {name: assets, priority: 10, match_rule: {cel_expression: 'path_prefix(path, "/assets")'}}
"""
ADDRESS = "[{source: remote_ip}]"
EDGE = 'topology: {listeners: {"*": {behind: edge}}}\n'


def policy_text(algorithm="sliding_window", key=ADDRESS):
    return POLICY.replace("ALGORITHM", algorithm).replace("KEY", key)


def facts(tmp_path, text=None, topology=None):
    path = tmp_path / "edge.yaml"
    path.write_text(text or policy_text(), encoding="utf-8")
    (policy,) = read([str(path)], stdin=bytes).policies
    assert not policy.problems
    return Facts(policy, topology)


def demand(subject, require, at_most=None, per=None):
    text = source("edgelint.yaml", "x", {})
    treatment = require.removeprefix("not_")
    budget = Budget(*at_most) if at_most else None
    return Assertion("it", subject, treatment, require.startswith("not_"), Place(text, ()), budget, per)


@pytest.mark.parametrize(
    ("subject", "require", "outcome", "said"),
    [
        ('path_prefix(path, "/admin") && remote_ip == "203.0.113.9"', "blocked", "proved", ""),
        ('path_prefix(path, "/admin")', "blocked", "refuted", "no WAF rule takes it"),
        ('path == "/admin" || path == "/login"', "blocked", "refuted", "no WAF rule takes it"),
        ('path_prefix(path, "/login")', "blocked", "refuted", "challenges it instead"),
        ('path_prefix(path, "/login")', "not_blocked", "proved", ""),
        ('path_prefix(path, "/admin/a")', "not_blocked", "refuted", "waf rule `admin` blocks it"),
        ('path == "/buy"', "not_blocked", "refuted", "waf rule `rush` blocks it while it is active"),
        ('path == "/buy"', "blocked", "refuted", "no WAF rule takes it"),
        ('path_prefix(path, "/login/x")', "challenged", "proved", ""),
        ('path_prefix(path, "/log")', "challenged", "refuted", "no WAF rule takes it"),
        ('path.startsWith("/admin") && remote_ip == "8.8.8.8"', "challenged", "refuted", "no WAF rule takes it"),
        ('path_prefix(path, "/admin") && remote_ip == "8.8.8.8"', "challenged", "proved", ""),
        ('path_prefix(path, "/files")', "not_challenged", "proved", ""),
        ('path == "/login"', "not_challenged", "refuted", "waf rule `login` challenges it"),
        ('path == "/login" && method == "POST"', "rate_limited", "proved", ""),
        ('path == "/login"', "rate_limited", "refuted", "no rate limit rule takes it"),
        ('path_prefix(path, "/admin") && remote_ip == "8.8.8.8"', "rate_limited", "proved", ""),
        ('path_prefix(path, "/files")', "not_rate_limited", "proved", ""),
        ('method == "POST"', "not_rate_limited", "refuted", "rate limit rule `login` limits it"),
        ('path_prefix(path, "/files/big")', "shaped", "proved", ""),
        ('path_prefix(path, "/file")', "shaped", "refuted", "no traffic shaper rule takes it"),
        ('path_prefix(path, "/files")', "not_shaped", "refuted", "shaper rule `files` shapes it"),
        ('path == "/assets/a.js" && method == "GET" && !("cookie" in headers)', "cached", "refuted", "never kept"),
        ('path_prefix(path, "/account")', "not_cached", "proved", ""),
        ('path_prefix(path, "/assets") && method == "POST"', "not_cached", "proved", ""),
        ('path_prefix(path, "/assets")', "not_cached", "refuted", "cache rule `assets` caches it"),
        ('path_prefix(path, "/assets")', "cached", "refuted", "answers to such a request are never kept"),
        ('path == "/A" && path == "/b"', "blocked", "refuted", "it demands nothing"),
    ],
)
def test_each_demand_is_proved_or_refuted_with_its_reason(tmp_path, subject, require, outcome, said):
    found = prove(facts(tmp_path), demand(subject, require))
    assert (found.outcome, said in found.reason) == (outcome, True), found.reason


LOGIN = 'path == "/login" && method == "POST"'


@pytest.mark.parametrize(
    ("algorithm", "key", "at_most", "per", "said"),
    [
        ("sliding_window", ADDRESS, (10, 60_000), "client", ""),
        ("sliding_window", ADDRESS, (9, 60_000), "client", "10 requests"),
        ("fixed_window", ADDRESS, (10, 60_000), "client", "20 requests"),
        ("fixed_window", ADDRESS, (20, 60_000), "client", ""),
        ("token_bucket", ADDRESS, (10, 60_000), None, "19 requests"),
        ("sliding_window", "[{source: host}]", (10, 60_000), None, ""),
        ("sliding_window", "[{source: host}]", None, "client", "does not count each client by itself"),
        ("sliding_window", "[{source: remote_ip}, {source: header, name: x-id}]", None, "client", "changes its header `x-id`"),
        ("sliding_window", "[{source: remote_ip}, {source: path}]", None, "client", ""),
        ("sliding_window", "[{source: header, name: x-id}]", (10, 60_000), "client", "does not count each client"),
    ],
)  # fmt: skip
def test_a_limit_has_to_grant_no_more_than_is_demanded(tmp_path, algorithm, key, at_most, per, said):
    found = prove(facts(tmp_path, policy_text(algorithm, key)), demand(LOGIN, "rate_limited", at_most, per))
    assert (found.outcome == "proved") == (said == ""), found.reason
    assert said in found.reason


def test_a_limit_by_address_is_no_limit_for_each_client_behind_a_proxy(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "edge.yaml").write_text(policy_text(), encoding="utf-8")
    wanted = f"assertions: [{{name: each, for: '{LOGIN}', require: rate_limited, per: client}}]\n"
    for behind, code in (("edge", 0), ("cloudflare", 1)):
        config = f'topology: {{listeners: {{"*": {{behind: {behind}}}}}}}\n{wanted}'
        (tmp_path / "edgelint.yaml").write_text(config, encoding="utf-8")
        assert main(["test"]) == code
    assert "counts by the address of what stands before listener `tls`" in capsys.readouterr().out


def test_what_is_no_expression_is_told_with_its_place(tmp_path, monkeypatch, capsys):
    with pytest.raises(DemandError):
        prove(facts(tmp_path), demand("path ==", "blocked"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "edgelint.yaml").write_text(
        "assertions:\n  - {name: a, require: blocked, for: 'nope(path)'}\n", encoding="utf-8"
    )
    assert main(["test", "edge.yaml"]) == 2
    assert capsys.readouterr().err.startswith("edgelint: edgelint.yaml:2:")


# Laws


def treated(trial, request, kind):
    """Whether something is done to a request in quiet times, by a plain reading; None where it does not get there."""
    for phase in trial.facts.policy.phases:
        taking = trial.quiet(phase, request)
        if any(rule.outcome.kind == kind for rule in taking):
            return True
        if any(rule.outcome.kind == "block" for rule in taking):
            return None if kind != "block" else True
    return False


@st.composite
def demands(draw):
    parts = draw(st.lists(atoms, min_size=1, max_size=2))
    require = draw(
        st.sampled_from(["blocked", "challenged", "rate_limited", "not_blocked", "not_challenged", "not_rate_limited"])
    )
    return demand(" && ".join(f"({part})" for part in parts), require)


def check(document, assertions, tried):
    known = Facts(policy_of(document))
    trial = Trial(known, tried)
    counts = {"proved": 0, "refuted": 0, "undecided": 0}
    for assertion in assertions:
        found = prove(known, assertion)
        counts[found.outcome] += 1
        kind, expression = KINDS[assertion.treatment], compile_match(assertion.subject).expression
        if found.outcome == "refuted" and found.request is not None:
            assert holds(expression, found.request) is True
            assert list(steps(known.policy, found.request)) is not None
            if "active" not in found.reason:
                assert treated(trial, found.request, kind) is assertion.denied
        for request in trial.requests if found.outcome == "proved" else ():
            if holds(expression, request) is True:
                assert treated(trial, request, kind) is not assertion.denied, (assertion, request)
    return counts


@settings(deadline=None, max_examples=many(25))
@given(documents(3, 12), st.lists(demands(), min_size=2, max_size=4), st.lists(requests(), min_size=20, max_size=40))
def test_what_is_proved_stays_unrefuted_and_what_is_refuted_replays(document, assertions, tried):
    check(document, assertions, tried)


@pytest.mark.slow
@settings(deadline=None, max_examples=many(300))
@given(documents(3, 12), st.lists(demands(), min_size=4, max_size=6), st.lists(requests(), min_size=80, max_size=120))
def test_what_is_proved_stays_unrefuted_in_many_policies(document, assertions, tried):
    check(document, assertions, tried)


# Examples and the command


EXAMPLES = """\
requests:
  - {request: GET https://a.example.com/, expect: forwarded, route: a.example.com, limits: []}
  - {request: GET https://a.example.com/admin, expect: blocked 403, rule: waf/admin}
  - {request: GET https://a.example.com/admin, ip: 10.1.1.1, expect: forwarded}
  - {request: POST https://a.example.com/login, expect: challenged, rule: waf/login}
  - {request: POST https://a.example.com/login, pass: true, expect: forwarded, limits: [login]}
  - {request: GET https://a.example.com/buy, active: "*", expect: blocked}
  - {request: "curl -X GET https://a.example.com/files/x", expect: forwarded, shaper: files}
  - {request: GET https://a.example.com/assets/x, expect: forwarded, cache: assets}
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "edge.yaml").write_text(policy_text(), encoding="utf-8")
    (tmp_path / "edgelint.yaml").write_text(f'{EDGE}tests: ["*.requests.yaml"]\n', encoding="utf-8")
    (tmp_path / "edge.requests.yaml").write_text(EXAMPLES, encoding="utf-8")
    return tmp_path


def test_examples_come_to_what_is_expected(here, capsys):
    assert main(["test", "edge.yaml"]) == 0
    assert capsys.readouterr().out == "edge.yaml: 8 of 8 examples as expected, 6 of 6 rules reached by examples\n"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("expect: blocked 403", "expect: blocked 451", "expected blocked 451, is blocked 403 by `admin`"),
        ("rule: waf/admin", "rule: waf/login", "expected rule `waf/login`, is `waf/admin`"),
        ("limits: [login]", "limits: []", "expected limits none, is `login`"),
        ("shaper: files", "shaper: other", "expected shaper `other`, is `files`"),
        ("route: a.example.com", "route: b.example.com", "expected route `b.example.com`, is `a.example.com`"),
        ("cache: assets", "cache: x", "expected cache `x`, is `assets`"),
        ('active: "*"', "active: [nobody]", "it cannot be tried: `nobody` is no automatic rule"),
        ('"curl -X GET https://a.example.com/files/x"', '"GET https://[::1/"', "it cannot be tried"),
    ],
)
def test_an_example_that_comes_to_something_else_is_told(here, capsys, old, new, said):
    assert old in EXAMPLES
    (here / "edge.requests.yaml").write_text(EXAMPLES.replace(old, new, 1), encoding="utf-8")
    assert main(["test", "edge.yaml"]) == 1
    assert said in capsys.readouterr().out


def test_rules_that_no_example_reaches_are_named(here, capsys):
    (here / "edge.requests.yaml").write_text("".join(EXAMPLES.splitlines(keepends=True)[:3]), encoding="utf-8")
    assert main(["test", "edge.yaml"]) == 0
    assert "no example reaches 5 rules: waf/login, waf/rush, rate_limit/login" in capsys.readouterr().out


def test_scripts_and_dashboards_get_the_same_in_their_own_form(here, capsys):
    (here / "edge.requests.yaml").write_text(EXAMPLES.replace("rule: waf/admin", "rule: waf/x"), encoding="utf-8")
    assert main(["test", "edge.yaml", "--format", "json"]) == 1
    (told,) = json.loads(capsys.readouterr().out)["policies"]
    assert (told["holds"], len(told["examples"]), told["unreached"]) == (False, 8, [])
    assert main(["test", "edge.yaml", "--format", "junit"]) == 1
    suite = ET.fromstring(capsys.readouterr().out).find("testsuite")
    assert (suite.get("tests"), suite.get("failures"), len(suite.findall("testcase"))) == ("8", "1", 8)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("requests: [{request: GET https://a/}]", "edge.requests.yaml:1:12: the key `expect` is missing"),
        ("requests: [{request: x, expect: gone}]", "`expect` should be one of blocked, challenged"),
        ("requests: [{request: x, expect: blocked 999}]", "`expect` should be one of blocked, challenged"),
        ("requests: [{request: x, expects: blocked}]", "unknown key `expects`"),
        ("requests: 7", "`requests`"),
        ("[]", "a file of examples should have keys and values"),
        (
            "policy: other.yaml\nrequests: [{request: GET https://a/, expect: blocked}]",
            "names no rule set that was read",
        ),
        ("requests: [", "not YAML"),
    ],
)
def test_a_file_that_is_wrong_is_told_with_its_place(here, capsys, text, said):
    (here / "edge.requests.yaml").write_text(text, encoding="utf-8")
    assert main(["test", "edge.yaml"]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_where_there_is_nothing_to_test_that_is_said(here, capsys):
    assert main(["test", "edge.yaml", "--isolated"]) == 3
    assert "there are no assertions and no examples" in capsys.readouterr().err
    (here / "edge.yaml").write_text(
        "waf_rules: [{name: x, action: block, match_rule: {cel_expression: 'path =='}}]", encoding="utf-8"
    )
    assert main(["test", "edge.yaml"]) == 2
    assert "nothing can be proved before" in capsys.readouterr().err
