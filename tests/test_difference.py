"""Forty kinds of edits with their verdicts, and random edits whose verdicts are checked by sampling both versions."""

import copy
import json
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgelint.cli import main
from edgelint.difference.comparison import compare
from edgelint.fingerprint import treatment
from edgelint.model.request import Request
from edgelint.readers import read
from oracles.order import Trial
from oracles.random_rules import ACTIONS, HARD, atoms, documents, policy_of, requests
from support import many

BASE = {
    "listeners": [{"id": 1, "name": "tls", "protocol": "https", "port": 443}],
    "waf_captcha_providers": [{"id": 1, "name": "turnstile"}, {"id": 2, "name": "hcaptcha"}],
    "routes": [
        {
            "id": number,
            "listener_id": 1,
            "priority": 10 * number,
            "host_pattern": host,
            "targets": [{"id": number, "name": host, "url": f"http://10.0.0.{number}"}],
        }
        for number, host in enumerate(["app.example.com", "api.example.com"], 1)
    ],
    "waf_rules": [
        {"id": 1, "name": "bots", "priority": 10, "action": "block", "text": 'path_prefix(path, "/wp-admin")'},
        {
            "id": 2,
            "name": "login",
            "priority": 20,
            "action": "captcha",
            "captcha_provider_id": 1,
            "text": 'host == "app.example.com" && path_prefix(path, "/login")',
        },
        {
            "id": 3,
            "name": "old-login",
            "priority": 30,
            "action": "block",
            "text": 'path == "/login/old" || path == "/signin"',
        },
        {"id": 4, "name": "rush", "priority": 40, "action": "block", "activation_mode": "automatic", "text": 'path == "/buy"'},
    ],
    "rate_limit_rules": [
        {
            "id": 1,
            "name": "api",
            "priority": 10,
            "limit": 100,
            "window_millis": 60000,
            "algorithm": "sliding_window",
            "key_parts": [{"source": "remote_ip"}],
            "text": 'host == "api.example.com" && (method == "POST" || method == "PUT")',
        },
        {
            "id": 2,
            "name": "search",
            "priority": 20,
            "limit": 10,
            "window_millis": 1000,
            "algorithm": "sliding_window",
            "key_parts": [{"source": "remote_ip"}],
            "text": 'path.matches("^/search(/|$)")',
        },
    ],
    "traffic_shaper_rules": [
        {
            "id": 1,
            "name": "downloads",
            "priority": 10,
            "download_bytes_per_second": 1000000,
            "key_parts": [{"source": "remote_ip"}],
            "text": 'path_prefix(path, "/files")',
        }
    ],
    "cache_rules": [
        {"id": 1, "name": "assets", "priority": 10, "ttl_millis": 60000, "text": 'path.endsWith(".js")'},
    ],
}  # fmt: skip


def written(document):
    """The document with the text of each rule where it belongs."""
    found = copy.deepcopy(document)
    for name, rules in found.items():
        for rule in rules if name.endswith("_rules") else ():
            rule["match_rule"] = {"cel_expression": rule.pop("text")}
    return found


def policy(folder, document):
    path = folder / "edge.json"
    path.write_text(json.dumps(written(document)), encoding="utf-8")
    (found,) = read([str(path)], stdin=bytes).policies
    assert not [problem for problem in found.problems if problem.kind != "unknown-field"], found.problems
    return found


def edited(*changes):
    """The base with some rules changed, each by list, name and new values; None takes a rule away."""
    found = copy.deepcopy(BASE)
    for kind, name, values in changes:
        rules = found[kind]
        position = next((position for position, rule in enumerate(rules) if rule["name"] == name), None)
        if values is None:
            del rules[position]
        elif position is None:
            rules.append({"id": 90 + len(rules), "name": name, "priority": 900, **values})
        else:
            rules[position] |= values
    return found


def waf(rule, /, **values):
    return ("waf_rules", rule, values)


def limit(rule, /, **values):
    return ("rate_limit_rules", rule, values)


LOGIN, OLD = 'host == "app.example.com" && path_prefix(path, "/login")', 'path == "/login/old" || path == "/signin"'
API, SEARCH = 'host == "api.example.com" && (method == "POST" || method == "PUT")', 'path.matches("^/search(/|$)")'

EDITS = {
    "nothing": ((), {}, set()),
    "rename": ((waf("login", name="sign-in"),), {"sign-in": "equivalent"}, set()),
    "renumber": ((waf("login", priority=25),), {"login": "equivalent"}, set()),
    "another id": ((waf("login", id=77),), {}, set()),
    "reorder without effect": ((waf("bots", priority=25),), {"bots": "equivalent"}, set()),
    "reorder with effect": (
        (waf("old-login", priority=15),),
        {"old-login": "wider"},
        {"blocked instead of challenged"},
    ),
    "blanks": ((waf("login", text=LOGIN.replace(" && ", "\n  &&  ")),), {"login": "equivalent"}, set()),
    "operands in another order": (
        (waf("login", text='path_prefix(path, "/login") && host == "app.example.com"'),),
        {"login": "equivalent"},
        set(),
    ),
    "double negation": ((waf("login", text=f"!(!({LOGIN}))"),), {"login": "equivalent"}, set()),
    "de Morgan": (
        (waf("old-login", text='!(path != "/login/old" && path != "/signin")'),),
        {"old-login": "equivalent"},
        set(),
    ),
    "a list for alternatives": (
        (waf("old-login", text='path in ["/signin", "/login/old"]'),),
        {"old-login": "equivalent"},
        set(),
    ),
    "an equivalent pattern": ((limit("search", text='path.matches("^/search($|/)")'),), {"search": "equivalent"}, set()),
    "a pattern for a prefix": (
        (waf("bots", text='path.matches("^/wp-admin(/|$)")'),),
        {"bots": "equivalent"},
        set(),
    ),
    "a pattern that takes more": (
        (limit("search", text='path.matches("^/search")'),),
        {"search": "wider"},
        {"newly limited"},
    ),
    "a conjunct that says nothing": ((waf("login", text=f'{LOGIN} && path != ""'),), {"login": "equivalent"}, set()),
    "a disjunct that is covered": (
        (waf("login", text=f'({LOGIN}) || (host == "app.example.com" && path == "/login/x")'),),
        {"login": "equivalent"},
        set(),
    ),
    "a disjunct that earlier rules take": (
        (waf("old-login", text=f'{OLD} || path == "/wp-admin/x"'),),
        {"old-login": "equivalent"},
        set(),
    ),
    "narrowed path": (
        (waf("login", text=LOGIN.replace("/login", "/login/new")),),
        {"login": "narrower"},
        {"no longer challenged", "blocked instead of challenged"},
    ),
    "added conjunct": ((waf("login", text=f'{LOGIN} && method == "POST"'),), {"login": "narrower"}, {"no longer challenged", "blocked instead of challenged"}),
    "added disjunct": (
        (waf("bots", text='path_prefix(path, "/wp-admin") || path == "/xmlrpc.php"'),),
        {"bots": "wider"},
        {"newly blocked"},
    ),
    "moved boundary": (
        (waf("bots", text='path.startsWith("/wp-admin")'),),
        {"bots": "wider"},
        {"newly blocked"},
    ),
    "another path": (
        (waf("bots", text='path_prefix(path, "/wp-login")'),),
        {"bots": "incomparable"},
        {"newly blocked", "no longer blocked"},
    ),
    "negated": (
        (waf("bots", text='!path_prefix(path, "/wp-admin")'),),
        {"bots": "incomparable"},
        {"newly blocked", "no longer blocked", "blocked instead of challenged"},
    ),
    "another method": (
        (limit("api", text='host == "api.example.com" && method == "POST"'),),
        {"api": "narrower"},
        {"no longer limited"},
    ),
    "dropped host": ((limit("api", text='method == "POST" || method == "PUT"'),), {"api": "wider"}, {"newly limited"}),
    "switched off": (
        (waf("bots", enabled=False),),
        {"bots": "narrower"},
        {"no longer blocked"},
    ),
    "removed": ((("waf_rules", "bots", None),), {"bots": "narrower"}, {"no longer blocked"}),
    "removed where another takes over": (
        (("waf_rules", "login", None),),
        {"login": "narrower"},
        {"no longer challenged", "blocked instead of challenged"},
    ),
    "added": ((waf("new", action="block", text='path == "/.env"'),), {"new": "wider"}, {"newly blocked"}),
    "added and covered": (
        (waf("new", action="block", text='path == "/wp-admin/a"'),),
        {"new": "equivalent"},
        set(),
    ),
    "added as a twin with a count of its own": (
        (limit("twin", limit=10, window_millis=1000, algorithm="sliding_window", key_parts=[{"source": "remote_ip"}], text=SEARCH),),
        {"twin": "wider"},
        {"newly limited"},
    ),
    "another action": (
        (waf("bots", action="captcha", captcha_provider_id=1),),
        {"bots": "equivalent"},
        {"challenged instead of blocked"},
    ),
    "another answer": ((waf("bots", block_response_status_code=451),), {"bots": "equivalent"}, {"blocked in another way"}),
    "another provider": (
        (waf("login", captcha_provider_id=2),),
        {"login": "equivalent"},
        {"challenged in another way"},
    ),
    "another key": (
        (limit("api", key_parts=[{"source": "header", "name": "authorization"}]),),
        {"api": "equivalent"},
        {"limited with another key"},
    ),
    "one bucket for all": ((limit("api", key_parts=[{"source": "host"}]),), {"api": "equivalent"}, {"limited with another key"}),
    "another budget": ((limit("api", limit=50),), {"api": "equivalent"}, {"limited with another budget"}),
    "another key and window": (
        (limit("api", window_millis=1000, key_parts=[{"source": "path"}]),),
        {"api": "equivalent"},
        {"limited with another key and budget"},
    ),
    "split in two": (
        (
            limit("api", text='host == "api.example.com" && method == "POST"'),
            limit("put", limit=100, window_millis=60000, algorithm="sliding_window", key_parts=[{"source": "remote_ip"}], text='host == "api.example.com" && method == "PUT"'),
        ),
        {"api": "narrower", "put": "wider"},
        {"limited by another rule, with a count of its own"},
    ),
    "automatic from now on": (
        (waf("bots", activation_mode="automatic"),),
        {"bots": "equivalent"},
        {"no longer blocked"},
    ),
    "automatic on more": (
        (waf("rush", text='path == "/buy" || path == "/cart"'),),
        {"rush": "wider"},
        {"newly blocked"},
    ),
    "slower": (
        (("traffic_shaper_rules", "downloads", {"download_bytes_per_second": 1000}),),
        {"downloads": "equivalent"},
        {"shaped with another budget"},
    ),
    "cached longer": (
        (("cache_rules", "assets", {"ttl_millis": 3600000}),),
        {"assets": "equivalent"},
        {"cached in another way"},
    ),
    "cached more": (
        (("cache_rules", "assets", {"text": 'path.endsWith(".js") || path.endsWith(".css")'}),),
        {"assets": "wider"},
        {"newly cached"},
    ),
    "served elsewhere": (
        (("routes", None, None),),
        {},
        {"no longer served"},
    ),
}  # fmt: skip


def version(name):
    changes = EDITS[name][0]
    if changes == (("routes", None, None),):
        return BASE | {"routes": BASE["routes"][:1]}
    return edited(*changes)


@pytest.mark.parametrize("name", EDITS)
def test_each_kind_of_edit_has_its_verdict(tmp_path, name):
    _, verdicts, titles = EDITS[name]
    found = compare(policy(tmp_path, BASE), policy(tmp_path, version(name)))
    assert {edit.version.rule.name: edit.verdict for edit in found.edits} == verdicts
    assert {change.title for change in found.changes} == titles
    assert found.undecided == ()


def test_there_are_as_many_kinds_as_are_promised():
    assert len(EDITS) >= 40


def test_a_key_that_loses_its_clients_is_called_out(tmp_path):
    found = compare(policy(tmp_path, BASE), policy(tmp_path, version("one bucket for all")))
    assert [change.note for change in found.changes] == [
        "its key no longer tells clients apart: all of them share one bucket"
    ]


def test_what_an_automatic_rule_does_is_said_to_hold_under_load(tmp_path):
    found = compare(policy(tmp_path, BASE), policy(tmp_path, version("automatic on more")))
    assert [change.loaded for change in found.changes] == [True]


def test_listeners_that_were_made_anew_are_the_same_by_name(tmp_path):
    renumbered = json.loads(json.dumps(BASE).replace('"listener_id": 1', '"listener_id": 7'))
    renumbered["listeners"][0]["id"] = 7
    found = compare(policy(tmp_path, BASE), policy(tmp_path, renumbered))
    assert (found.edits, found.changes, found.undecided) == ((), (), ())


# Random edits


@st.composite
def two_versions(draw):
    """A random policy, and the same with one to three edits."""
    before = draw(documents(3, 8))
    after = json.loads(json.dumps(before))
    for _ in range(draw(st.integers(1, 3))):
        rules = after[
            draw(st.sampled_from([name for name in ("waf_rules", "rate_limit_rules") if after[name]] or ["waf_rules"]))
        ]
        if not rules:
            break
        _edit_one(draw, rules, draw(st.integers(0, len(rules) - 1)))
    return before, after, draw(st.lists(requests(), min_size=30, max_size=60))


def _edit_one(draw, rules, position):
    rule = rules[position]
    text = (rule.get("match_rule") or {}).get("cel_expression", "true")
    match draw(st.sampled_from(["narrow", "widen", "replace", "remove", "off", "move", "action", "copy"])):
        case "narrow":
            rule["match_rule"] = {"cel_expression": f"({text}) && {draw(atoms)}"}
        case "widen":
            rule["match_rule"] = {"cel_expression": f"({text}) || {draw(atoms)}"}
        case "replace":
            rule["match_rule"] = {"cel_expression": draw(st.one_of(atoms, st.sampled_from(HARD[3:5])))}
        case "remove":
            del rules[position]
        case "off":
            rule["enabled"] = False
        case "move":
            rule["priority"] = draw(st.integers(1, 99))
        case "action" if "action" in rule:
            rule |= draw(st.sampled_from(ACTIONS))
        case "copy":
            number = 1 + max(500, *(one["id"] for one in rules))
            rules.append(rule | {"id": number, "name": f"copy-{number}-{rule['name']}"})


def fates(trial, request):
    """What happens to a request in quiet times: by phase, what is done to it, as far as it gets."""
    found: dict[str, list[object]] = {}
    for phase in trial.facts.policy.phases:
        taking = trial.quiet(phase, request)
        found[phase.name] = sorted(repr(treatment(rule, trial.facts.policy)) for rule in taking)
        if any(rule.outcome.kind == "block" for rule in taking):
            break
    return found


def check(before, after, tried) -> Mapping[str, int]:
    old, new = policy_of(before), policy_of(after)
    difference = compare(old, new)
    changed = {change.phase for change in difference.changes}
    from edgelint.facts import together

    trials = [Trial(facts, tried) for facts in together([old, new])]
    counts = {"same": 0, "different": 0}
    arriving = [request for request in trials[0].requests if request in trials[1].requests]
    for request in [*arriving, *(change.request for change in difference.changes)]:
        then, now = (fates(trial, request) for trial in trials)
        counts["same" if then == now else "different"] += 1
        for phase in then.keys() & now.keys():
            if then[phase] != now[phase] and not difference.undecided:
                assert phase in changed, (request, then, now)
    return counts


@settings(deadline=None, max_examples=many(25))
@given(two_versions())
def test_requests_that_are_treated_differently_are_never_missed(versions):
    check(*versions)


def test_nor_are_they_where_no_rule_is_left():
    rule = {"id": 1, "name": "waf-1", "priority": 10, "enabled": True, "action": "block"}
    rules = [rule | {"match_rule": {"cel_expression": 'path_prefix(path, "/api")'}}]
    tried = [Request("GET", "https", "app.example.com", path, "10.1.2.3", (), ()) for path in ("/", "/api")]
    assert check({"waf_rules": rules}, {"waf_rules": []}, tried)["different"]


def alike(*limits):
    """A policy of limits, by name and condition, that differ in nothing else."""
    budget = {
        "algorithm": "sliding_window",
        "limit": 10,
        "window_millis": 60000,
        "key_parts": [{"source": "remote_ip"}],
    }
    rules = [
        {"name": name, "priority": priority, "match_rule": {"cel_expression": text}} | budget
        for priority, (name, text) in enumerate(limits, start=1)
    ]
    return policy_of({"rate_limit_rules": rules})


EVERY, BELOW, DEEPER = ("wide", "true"), ("narrow", 'path_prefix(path, "/a")'), ("narrow", 'path_prefix(path, "/a/b")')
BOTH = [("one", 'path_prefix(path, "/a")'), ("two", 'path == "/a/x"')]
OTHER = [("new", 'path_prefix(path, "/a") || path == "/new"')]


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        # A rule that only moved has counted these requests before, too, and stands for no other.
        ([EVERY, BELOW], [DEEPER, EVERY], ("no longer limited", "narrow", "/a")),
        ([DEEPER, EVERY], [EVERY, BELOW], ("newly limited", "narrow", "/a")),
        # One rule stands for one other.
        (BOTH, OTHER, ("no longer limited", "two", "/a/x")),
        (OTHER, BOTH, ("newly limited", "two", "/a/x")),
    ],
)
def test_each_limit_stands_for_one_other(before, after, change):
    found = compare(alike(*before), alike(*after))
    assert change in [(one.title, (one.before or one.after).name, one.request.path) for one in found.changes]
    assert found.undecided == ()


def test_it_is_said_where_too_many_limits_that_do_the_same_were_changed():
    old, new = (
        [(f"{name}-{at}", f'path_prefix(path, "/a") || path == "/{name}-{at}"') for at in range(7)] for name in "ab"
    )
    found = compare(alike(*old), alike(*new))
    assert any("too many rules that do the same were changed" in reason for reason in found.undecided)


@pytest.mark.slow
@settings(deadline=None, max_examples=many(400))
@given(two_versions())
def test_requests_that_are_treated_differently_are_never_missed_in_many_policies(versions):
    check(*versions)


@settings(deadline=None, max_examples=many(10))
@given(documents(3, 10), st.integers(0, 1 << 16))
def test_a_policy_written_otherwise_is_no_difference(document, seed):
    import random

    turned = json.loads(json.dumps(document))
    for name, rules in turned.items():
        if name.endswith("_rules"):
            random.Random(seed).shuffle(rules)
    found = compare(policy_of(document), policy_of(turned))
    assert (found.edits, found.changes) == ((), ())


# The command


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, document in (
        ("old.json", BASE),
        ("new.json", version("one bucket for all")),
        ("wide.json", version("added")),
    ):
        (tmp_path / name).write_text(json.dumps(written(document)), encoding="utf-8")
    return tmp_path


def test_the_command_says_what_changes_and_fails_when_it_is_told_to(here, capsys):
    assert main(["diff", "old.json", "old.json", "--fail-on", "any"]) == 0
    assert capsys.readouterr().out == "no change in behaviour (no rule edited)\n"
    assert main(["diff", "old.json", "new.json"]) == 0
    said = capsys.readouterr().out
    assert "limited with another key: rate limit rule `api`" in said
    assert "warning: its key no longer tells clients apart" in said
    assert "services: api.example.com" in said
    assert main(["diff", "old.json", "new.json", "--fail-on", "any"]) == 1
    assert main(["diff", "old.json", "wide.json", "--fail-on", "widened"]) == 1
    assert main(["diff", "wide.json", "old.json", "--fail-on", "widened"]) == 0
    assert main(["diff", "wide.json", "old.json", "--fail-on", "any"]) == 1


def test_scripts_and_reviews_get_the_same_in_their_own_form(here, capsys):
    main(["diff", "old.json", "wide.json", "--format", "json"])
    (told,) = json.loads(capsys.readouterr().out)["policies"]
    assert [change["title"] for change in told["changes"]] == ["newly blocked"]
    assert told["changes"][0]["request"]["url"] == "https://app.example.com/.env"
    main(["diff", "old.json", "wide.json", "--format", "markdown"])
    assert capsys.readouterr().out.startswith("**Newly blocked; 1 rule edited**\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["absent.json", "old.json"], "cannot read `absent.json`"),
        (["HEAD:old.json", "old.json"], "is in no git repository"),
        (["broken.json", "old.json"], "correct that first"),
        (["empty.json", "old.json"], "there is no rule set in it"),
    ],
)
def test_what_cannot_be_compared_is_said(here, capsys, words, said):
    broken = written(BASE)
    broken["waf_rules"][0]["match_rule"]["cel_expression"] = "path =="
    (here / "broken.json").write_text(json.dumps(broken), encoding="utf-8")
    (here / "empty.json").write_text("[]", encoding="utf-8")
    assert main(["diff", *words]) == 2
    assert said in capsys.readouterr().err
