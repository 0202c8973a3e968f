"""`edgelint trace` as a person or a script calls it."""

import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgelint.cli import main
from edgelint.readers import read
from edgelint.report.traces import json as document
from edgelint.report.traces import table, text
from edgelint.requests.sent import sent
from edgelint.tracing.account import account
from edgelint.tracing.stages import Wishes
from policy_samples import policy_of
from support import FIXTURES, many

SHOP = FIXTURES / "deployments" / "web-shop" / "edge.yaml"
TICKETS = FIXTURES / "deployments" / "ticket-sale"


@pytest.fixture(autouse=True)
def plain(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")


def trace(*arguments):
    return main(["trace", *map(str, arguments)])


def said(capsys, *arguments):
    """What a call writes and its exit code, which says that all went well."""
    assert trace(*arguments) == 0
    return capsys.readouterr().out


def test_a_request_is_told_phase_by_phase(capsys):
    out = said(capsys, SHOP, "GET https://shop.larkfield.example/products/fern", "--ip", "203.0.113.5")
    lines = out.splitlines()
    assert lines[0] == "GET https://shop.larkfield.example/products/fern from 203.0.113.5"
    assert "  listener: https (https, port 443)" in lines
    assert [line.split(":")[0] for line in lines if line[0] != " "][1:] == [
        "WAF", "rate limit", "traffic shaper", "route", "cache", "decision",
    ]  # fmt: skip
    assert '    path_prefix(path, "/products") is true: path is "/products/fern"' in lines
    assert '    key: address "203.0.113.5", path "/products/fern"' in lines
    assert "assumed" not in out
    assert lines[-1].startswith("decision: forwarded, to http://10.20.0.11:8080 or http://10.20.0.12:8080 by route")


def test_rules_that_do_not_match_are_told_on_demand(capsys):
    ask = (SHOP, "GET https://shop.larkfield.example/")
    assert "admin-from-office" not in said(capsys, *ask)
    out = said(capsys, *ask, "--all")
    assert "`admin-from-office` does not match" in out
    assert '    path_prefix(path, "/admin") is false: path is "/"' in out


def test_what_is_inactive_in_quiet_times_is_said_and_can_be_switched_on(capsys):
    ask = (SHOP, "GET https://drops.larkfield.example/")
    assert "would hold it in a waiting room, but it is automatic" in said(capsys, *ask)
    for active in ("--active", "--active=drops-room", "--active=search-captcha,drops-room"):
        assert "decision: queued" in said(capsys, *ask, active)
    assert "decision: forwarded" in said(capsys, *ask, "--active=search-captcha")


def test_who_holds_a_pass_gets_past_it_and_what_comes_behind(capsys):
    out = said(capsys, SHOP, "GET https://shop.larkfield.example/returns", "--pass")
    assert "assumed: a cookie with a valid pass of `returns-captcha`" in out
    assert "not looked at any more, although it would match: `returns-fraud-networks`" in out


def test_a_pass_is_a_cookie_and_keeps_from_the_cache():
    policy = policy_of(
        {
            "listeners": [{"id": 1, "name": "tls", "protocol": "https", "port": 443}],
            "routes": [{"id": 1, "listener_id": 1, "is_default": True, "targets": [{"id": 1, "name": "a", "url": "http://a"}]}],
            "waf_captcha_providers": [{"id": 1, "name": "t"}],
            "waf_rules": [
                {"id": 5, "name": "room", "action": "waiting_room", "match_rule": {"cel_expression": '!("cookie" in headers)'}},
                {"id": 6, "name": "late", "action": "captcha", "captcha_provider_id": 1, "priority": 200},
            ],
            "cache_rules": [{"id": 1, "name": "all"}],
        }
    )  # fmt: skip
    found = account(policy, sent("GET", "https://a.example/"), Wishes(passes=True))
    assert [rule.name for rule in found.held] == ["room", "late"]
    assert found.arrival.request.cookies().keys() == {"p2pstream_waf_5_admission", "p2pstream_waf_6"}
    assert [storing.bypass for storing in found.storing] == ["the request has header `cookie`"]


def test_a_command_line_of_curl_is_a_request(capsys):
    out = said(capsys, SHOP, "curl -d a=1 https://account.larkfield.example/password/reset")
    assert out.startswith("POST https://account.larkfield.example/password/reset from 198.51.100.7")
    assert "charges it to one bucket of 5 requests per day, 429 once that is used up" in out


def test_a_request_may_be_written_without_quotes(capsys):
    url = "https://account.larkfield.example/password/reset?a=1&b=2"
    for words in (("GET", url), ("curl", "--", url), ("curl", "-H", "a: b c", url)):
        assert said(capsys, SHOP, *words).startswith(f"GET {url} from 198.51.100.7")


def test_a_request_comes_from_standard_input(capsys, monkeypatch):
    for typed in (
        "GET https://shop.larkfield.example/admin\n",
        "curl 'https://shop.larkfield.example/admin' \\\n  -H 'a: b'\n",
    ):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(typed.encode())))
        assert "decision: blocked (403), by `admin-from-office`" in said(capsys, SHOP, "-")


def test_headers_come_from_the_call(capsys):
    out = said(capsys, SHOP, "GET https://shop.larkfield.example/preorder", "-H", "Accept: text/html")
    assert "decision: queued" in out
    assert 'headers["accept"] is ["text/html"] and v is "text/html"' in out


def test_json_is_stable_and_versioned(capsys):
    out = said(capsys, SHOP, "POST https://account.larkfield.example/login", "--pass", "--format", "json", "--all")
    found = json.loads(out)
    assert found["version"] == 1
    assert list(found) == ["version", "tool", "policy", "traces", "unread"]
    (one,) = found["traces"]
    assert list(one) == [
        "place", "request", "assumed", "notes", "listener", "passes", "seen", "phases", "route", "cache", "decision",
    ]  # fmt: skip
    assert one["passes"] == ["login-captcha"]
    assert one["decision"] == {
        "kind": "forwarded",
        "status": None,
        "location": None,
        "text": "to http://10.20.0.21:8080 by route `account.larkfield.example`",
        "rule": None,
        "unless": [],
    }
    waf, limits, *_ = one["phases"]
    assert [look["standing"] for look in waf["looks"]] == ["differs"] * 5 + ["passed"]
    assert waf["looks"][0]["reasons"][0]["result"] is False
    (login,) = (look for look in limits["looks"] if look["standing"] == "applies")
    assert login["key"] == [
        {"source": "address", "name": None, "value": "198.51.100.7", "missing": False, "cut": False}
    ]
    assert login["rule"]["line"] > 100


def test_json_leaves_out_rules_that_do_not_match_unless_asked(capsys):
    out = said(capsys, SHOP, "GET https://shop.larkfield.example/", "--format", "json")
    (one,) = json.loads(out)["traces"]
    assert [len(phase["looks"]) for phase in one["phases"]] == [0, 1, 0, 0]
    assert one["phases"][0]["looked_at"] == 15


def test_many_requests_are_a_table(capsys, tmp_path):
    path = tmp_path / "some.jsonl"
    path.write_text(
        '{"url": "https://shop.larkfield.example/admin"}\n{"url": 1}\n{"url": "https://shop.larkfield.example/"}\n'
    )
    assert trace(SHOP, "--requests", path) == 2
    out, err = capsys.readouterr()
    head, one, other = out.splitlines()
    assert head.split() == ["place", "request", "waf", "rate_limit", "shaper", "route", "cache", "decision"]
    assert "admin-from-office" in one
    assert one.endswith("blocked 403")
    assert other.endswith("forwarded")
    assert err == f"edgelint: {path}:2: `url` should be a text, not a number\n"


def test_many_requests_are_json_for_scripts(capsys, tmp_path):
    path = tmp_path / "some.jsonl"
    path.write_text('{"url": "https://tickets.bigstage.example/"}\n{"url": "https://x.example:9/"}\n')
    assert trace(TICKETS, "--requests", path, "--format", "json") == 2
    found = json.loads(capsys.readouterr().out)
    assert [one["decision"]["kind"] for one in found["traces"]] == ["queued"]
    assert found["unread"][0]["place"] == f"{path}:2"
    assert "name one of `public`, `venues`" in found["unread"][0]["message"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([SHOP], "say one request, or name a file with --requests"),
        ([SHOP, "GET https://a/", "--requests", "x"], "say one request, or name a file with --requests"),
        ([SHOP, "GET /login"], "there is no host in `/login`"),
        ([SHOP, "GET https://a/", "--ip", "x"], "`x` is no IP address"),
        ([SHOP, "GET https://a/", "-H", "x"], "header `x` should be written as `name: value`"),
        ([SHOP, "GET https://a/", "--format", "sarif"], "unknown format `sarif`, there is text, json"),
        (
            [SHOP, "GET https://a/", "--active=drop-room"],
            "unknown automatic rule `drop-room`, did you mean `drops-room`",
        ),
        ([SHOP, "GET https://a/", "--listener", "x"], "there is no enabled listener `x`"),
        ([SHOP, "curl --foo https://a/"], "unknown option `--foo` of curl"),
        ([SHOP, "--requests", "missing.jsonl"], "missing.jsonl: no such file or directory"),
        ([SHOP, "--requests", SHOP, "-H", "a: b"], "-H is for one request"),
        ([SHOP, "--requests", SHOP, "--all"], "a table has no room for --all"),
        (["-", "-"], "standard input can be the policy or the request, not both"),
        (["missing.yaml", "GET https://a/"], "cannot read `missing.yaml`"),
        ([TICKETS, "GET https://www.bigstage.example:9/"], "name one of `public`, `venues` with --listener"),
        ([FIXTURES / "examples", "GET https://a/"], "holds several policies, name one of"),
    ],
)
def test_a_wrong_call_is_answered_with_one_line(capsys, arguments, message):
    assert trace(*arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err
    assert err.count("\n") == 1


def test_without_a_policy_the_exit_code_says_so(capsys, tmp_path):
    (tmp_path / "notes.txt").write_text("hello")
    assert trace(tmp_path, "GET https://a/") == 3
    assert "no policy: there is no rule set" in capsys.readouterr().err


def test_what_was_not_understood_is_said(capsys, tmp_path):
    path = tmp_path / "edge.yaml"
    path.write_text('waf_rules: [{name: broken, action: block, match_rule: {cel_expression: "path =="}}]\n')
    assert trace(path, "GET https://a.example/") == 0
    out, err = capsys.readouterr()
    assert "1 thing in it is not understood" in err
    assert "`broken` is not known to match: its condition could not be read" in out
    assert "unless `broken` takes it, which is not known" in out
    assert "the policy has no routes" in out


def test_what_is_no_utf_8_has_no_model(capsys):
    out = said(capsys, SHOP, "GET https://shop.larkfield.example/%ff")
    assert "`path` of this request is no UTF-8" in out
    assert "unless `admin-from-office`" in out


def test_a_condition_beyond_the_engine_is_unknown_and_what_rests_on_it_is_said():
    hard = "".join(f"(?:{letter}{{1000}})?" for letter in "abcdefghijklmnopqrstuvwxyz")
    rules = [
        {"name": "hard", "action": "block", "match_rule": {"cel_expression": f'path.matches("{hard}$")'}},
        {"name": "late", "action": "block", "priority": 200, "match_rule": {"cel_expression": 'path == "/x"'}},
    ]
    found = account(policy_of({"waf_rules": rules}), sent("GET", "https://a.example/x"), Wishes())
    assert [look.standing for look in found.stages[0].looks] == ["unknown", "applies"]
    assert "there is no model for its condition" in found.stages[0].looks[0].why
    assert [rule.name for rule in found.decision.unless] == ["hard"]
    assert "blocked 403 unless hard" in table.render(found.policy, [("", found)])


def test_a_rule_that_costs_too_much_does_not_match(capsys):
    path = "/returns/" + "a" * 60_000
    rule = {"name": "long", "action": "block", "match_rule": {"cel_expression": 'path.matches("(?i)returns.*$")'}}
    found = account(policy_of({"waf_rules": [rule]}), sent("GET", f"https://a.example{path}"), Wishes())
    (look,) = found.stages[0].looks
    assert look.standing == "fails"
    assert "costs more than 20000" in look.why
    assert found.decision.kind == "passed"


def test_targets_that_a_cache_rule_is_for_may_be_some_of_those_that_serve(capsys):
    target = [
        {"id": number, "name": f"t{number}", "url": f"http://t{number}", "priority_group": number // 3}
        for number in (1, 2, 3)
    ]
    policy = policy_of(
        {
            "listeners": [{"id": 1, "name": "tls", "protocol": "https", "port": 443}],
            "routes": [{"id": 1, "listener_id": 1, "is_default": True, "targets": target}],
            "cache_rules": [
                {"id": 1, "name": "one", "target_ids": [1]},
                {"id": 2, "name": "others", "priority": 200, "target_ids": [1, 2, 3]},
                {"id": 3, "name": "never", "priority": 300},
            ],
        }
    )
    found = account(policy, sent("GET", "https://a.example/"), Wishes())
    looks = found.stages[-1].looks
    assert [(look.rule.name, look.standing) for look in looks] == [("one", "partly"), ("others", "applies")]
    assert [target.name for target in looks[0].targets] == ["t1"]
    shown = text.render(found)
    assert "when target `t1` serves" in shown
    assert "if none of these is healthy, to http://t3" in shown


@pytest.mark.parametrize(
    ("route", "url", "location"),
    [
        ({"redirect_target_mode": "same_host_path", "redirect_target": "/new"}, "https://a.example/old/x?q=1", "https://a.example/new/x?q=1"),
        ({"redirect_target_mode": "same_host_path", "redirect_target": "/new?a=b", "redirect_preserve_path_suffix": False}, "https://a.example/old/x?q=1", "https://a.example/new?a=b&q=1"),
        ({"redirect_target_mode": "absolute_url", "redirect_target": "https://b.example/", "redirect_preserve_query": False}, "https://a.example/old/x%20y?q=1", "https://b.example/x%20y"),
        ({"redirect_target_mode": "absolute_url", "redirect_target": "https://b.example/z/", "redirect_preserve_query": False}, "https://a.example/old", "https://b.example/z/"),
        ({"redirect_target_mode": "external_origin_keep_path", "redirect_target": "https://b.example"}, "https://a.example/old/x%3By?q=%20", "https://b.example/old/x%3By?q=%20"),
    ],
)  # fmt: skip
def test_a_redirect_says_where_it_leads(route, url, location):
    policy = policy_of(
        {
            "listeners": [{"id": 1, "name": "tls", "protocol": "https", "port": 443}],
            "routes": [{"id": 1, "listener_id": 1, "path_prefix": "/old", "action": "redirect", **route}],
        }
    )
    assert account(policy, sent("GET", url), Wishes()).decision.location == location


def test_no_control_character_of_a_request_reaches_the_terminal(capsys):
    trace(SHOP, "GET https://shop.larkfield.example/\x1b[31m%1b?\u202e", "-H", "x: \x1b[0m")
    out, err = capsys.readouterr()
    assert "\x1b" not in out + err
    assert "\u202e" not in out + err


ANYTHING = st.text(max_size=30)
(POLICY,) = read([str(SHOP)], stdin=bytes).policies


@settings(max_examples=many(50))
@given(st.text(max_size=10), st.text(max_size=20), st.lists(st.tuples(ANYTHING, ANYTHING), max_size=3))
def test_any_request_is_told_in_every_form(method, path, headers):
    try:
        made = sent(method, f"https://shop.larkfield.example/{path}", headers)
    except ValueError:
        return
    found = account(POLICY, made, Wishes(detail="all", passes=True))
    for shown in (text.render(found, everything=True), table.render(POLICY, [("1", found)])):
        assert "\x1b" not in shown
    assert json.loads(document.render(POLICY, [("", found)], everything=True))["traces"]
