import json
from typing import Any

import pytest
from reading import limiter, messages, only_policy, only_problem, only_rule, read_plain, read_text, shown, waf

from edgelint.model.expression import ADDRESS, HOST, METHOD, PATH, PROTOCOL, TRUE, Field, Opaque
from edgelint.model.policy import Outcome, Redirect
from edgelint.platforms.p2pstream import P2PSTREAM


def answer(**fields: Any) -> dict[str, Any]:
    """An answer of the API with one rate-limit rule."""
    return {"rateLimitRules": [{"id": "7", "name": "r", "createdAtUnixMillis": "1781000000000", **fields}]}


def test_what_an_answer_leaves_out_is_zero():
    rule = only_rule(read_plain(answer()))
    assert (rule.enabled, rule.priority, rule.order) == (False, 0, (0, 7))
    assert rule.match.expression == TRUE


def test_what_a_file_kept_by_hand_leaves_out_is_the_default_of_the_tables():
    rule = only_rule(read_plain(limiter()))
    assert (rule.enabled, rule.priority, rule.order) == (True, 100, (100, 1))
    assert rule.settings["limit"] == 60
    assert rule.settings["window"] == 60


def test_zero_where_zero_is_not_legal_is_the_default_in_an_answer_too():
    rule = only_rule(read_plain(answer()))
    assert (rule.settings["limit"], rule.settings["window"], rule.settings["status"]) == (60, 60, 429)


@pytest.mark.parametrize(
    ("value", "enabled"),
    [
        ({"wafRules": [{"name": "r"}]}, True),
        ({"wafRules": [{"name": "r", "action": "block"}]}, True),
        ({"wafRules": [{"name": "r", "action": "PUBLIC_WAF_RULE_ACTION_BLOCK"}]}, False),
        ({"waf_rules": [{"name": "r", "created_at_unix_millis": 1}]}, False),
        ({"config": {"waf_rules": [{"name": "r"}]}}, False),
        ({"result": {"config": {"wafRules": [{"name": "r", "enabled": True}]}}}, True),
    ],
)
def test_an_answer_is_told_by_full_names_time_stamps_or_a_wrapper(value, enabled):
    assert only_rule(read_plain(value)).enabled is enabled


def test_triggers_that_an_answer_leaves_out_are_off_but_missing_triggers_are_the_defaults():
    fields = {"name": "r", "enabled": True, "updatedAtUnixMillis": "1"}
    partial = only_rule(read_plain({"wafRules": [{**fields, "triggers": {"minimumRequestRate": "9"}}]}))
    assert partial.settings["trigger_rate"] == 9
    assert partial.settings["trigger_server_cpu"] == 0
    assert partial.settings["trigger_window"] == 10
    absent = only_rule(read_plain({"wafRules": [fields]}))
    assert absent.settings["trigger_server_cpu"] == 85
    kept = only_rule(read_plain(waf(triggers={"minimum_request_rate": 9})))
    assert kept.settings["trigger_server_cpu"] == 85


@pytest.mark.parametrize("value", ["PUBLIC_RATE_LIMIT_ALGORITHM_TOKEN_BUCKET", "token_bucket", "TOKEN_BUCKET", 3])
def test_an_enumeration_is_its_full_name_its_short_name_or_its_number(value):
    assert only_rule(read_plain(limiter(algorithm=value))).settings["algorithm"] == "token_bucket"


@pytest.mark.parametrize("value", ["PUBLIC_RATE_LIMIT_ALGORITHM_UNSPECIFIED", "", 0, None])
def test_an_unspecified_enumeration_is_its_default(value):
    assert only_rule(read_plain(limiter(algorithm=value))).settings["algorithm"] == "fixed_window"


@pytest.mark.parametrize("spelling", ["window_millis", "windowMillis"])
@pytest.mark.parametrize("value", [90000, "90000", 90000.0])
def test_a_64_bit_number_is_a_number_or_text_in_either_spelling(spelling, value):
    policy = read_plain(limiter(**{spelling: value}))
    rule = only_rule(policy)
    assert rule.settings["window"] == 90
    assert shown(rule.at("window")) == json.dumps(value)
    assert not policy.problems


@pytest.mark.parametrize("value", ["90000.0", "90000.00", "+90000", "0090000", "90_000", " 90000 ", "0" * 90 + "90000"])
def test_text_of_a_whole_number_may_be_written_as_people_write_it(value):
    assert only_rule(read_plain(limiter(window_millis=value))).settings["window"] == 90


@pytest.mark.parametrize(
    "value", ["", " ", "-", "1.5", "1.", ".0", "1e3", "0x10", "1__0", "_1", "1_", "1 0", "1,0", "٣", "nan"]
)
def test_other_text_is_no_whole_number(value):
    problem = only_problem(read_plain(limiter(burst=value)))
    assert problem.message == "`burst` should be a whole number, not text"


@pytest.mark.parametrize("value", [2**63 - 1, -(2**63)])
@pytest.mark.parametrize("form", [int, str])
def test_the_greatest_and_the_least_number_of_64_bits_are_read_and_no_number_beyond(value, form):
    assert only_rule(read_plain(waf(priority=form(value)))).priority == value
    beyond = value + (1 if value > 0 else -1)
    assert "should be a number of 64 bits" in only_problem(read_plain(waf(priority=form(beyond)))).message


@pytest.mark.parametrize("value", [1e19, -1e300])
def test_a_float_is_no_number_of_64_bits_when_it_is_too_large(value):
    assert "should be a number of 64 bits, not a number" in only_problem(read_plain(waf(priority=value))).message


@pytest.mark.parametrize("value", ["Infinity", "-Infinity", "NaN"])
def test_what_is_not_finite_is_no_number(value):
    text = '{"waf_rules": [{"name": "r", "captcha_provider_id": %s, "triggers": {"server_cpu_percent": %s}}]}'
    found = messages(only_policy(read_text(text % (value, value))))
    assert found[-2:] == [
        "`captcha_provider_id` should be a finite number, not a number",
        "`triggers.server_cpu_percent` should be a finite number, not a number",
    ]


@pytest.mark.parametrize(("value", "number"), [(70, 70), (12.5, 12.5), ("12.5", 12.5), ("1e1", 10), (" 7 ", 7)])
def test_a_number_may_be_text_too(value, number):
    rule = only_rule(read_plain(waf(triggers={"server_cpu_percent": value})))
    assert rule.settings["trigger_server_cpu"] == number


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("much", "a number, not text"),
        (True, "a number, not true or false"),
        ([1], "a number, not a list"),
        ({}, "a number, not an object"),
        ("nan", "a finite number, not text"),
        (10**400, "a finite number, not a number"),
    ],
)
def test_what_is_no_number_is_a_problem_and_the_default(value, words):
    policy = read_plain(waf(triggers={"server_cpu_percent": value}))
    assert only_problem(policy).message == f"`triggers.server_cpu_percent` should be {words}"
    assert only_rule(policy).settings["trigger_server_cpu"] == 85


@pytest.mark.parametrize(("value", "enabled"), [(True, True), (False, False), (1, True), (0, False)])
def test_a_flag_may_be_one_or_zero(value, enabled):
    assert only_rule(read_plain(waf(enabled=value))).enabled is enabled


@pytest.mark.parametrize("value", ["true", 2, -1, 1.0, 0.0, "1", [], {}])
def test_nothing_else_is_a_flag(value):
    problem = only_problem(read_plain({"cache_rules": [{"name": "r", "allow_cookie_requests": value}]}))
    assert "`allow_cookie_requests` should be true or false, not " in problem.message


@pytest.mark.parametrize("value", [True, 5, -1, 1.0, "token_Bucket!", [], {}])
def test_nothing_else_is_a_word_of_an_enumeration(value):
    problem = only_problem(read_plain(limiter(algorithm=value)))
    assert "should be one of `fixed_window`, `sliding_window`, `token_bucket`, `leaky_bucket`, not " in problem.message


def test_a_duration_is_in_seconds_and_whole_where_it_can_be():
    rule = only_rule(read_plain(limiter(window_millis=1500)))
    assert rule.settings["window"] == 1.5


def test_words_of_the_model_lead_to_what_is_written():
    value = limiter(priority=5, limit=9, match_rule={"cel_expression": "true"}, key_parts=[{"source": "host"}])
    rule = only_rule(read_plain(value))
    found = {word: shown(rule.at(word)) for word in ("name", "priority", "match", "outcome")}
    assert found == {"name": '"r"', "priority": "5", "match": '"true"', "outcome": "9"}
    assert shown(rule.at("key")).startswith("[")
    assert shown(rule.at("burst")) == '"r"'
    assert sorted(rule.places) == ["key", "key_parts", "limit", "match", "name", "outcome", "priority"]


def test_key_parts_become_fields():
    sources = ["remote_ip", "host", "method", "path", "protocol"]
    named = [
        {"source": "header", "name": "X-Plan"},
        {"source": "cookie", "name": "Sid"},
        {"source": "query_param", "name": "Q"},
    ]
    rule = only_rule(read_plain(limiter(key_parts=[{"source": source} for source in sources] + named)))
    assert rule.key is not None
    assert [part.field for part in rule.key] == [
        *(ADDRESS, HOST, METHOD, PATH, PROTOCOL),
        *(Field("header", "x-plan"), Field("cookie", "Sid"), Field("query", "Q")),
    ]
    assert json.loads(shown(rule.key[5].place)) == named[0]


@pytest.mark.parametrize("parts", [None, []])
def test_an_empty_key_is_the_address_of_the_client(parts):
    rule = only_rule(read_plain(limiter(key_parts=parts)))
    assert rule.key is not None
    assert [part.field for part in rule.key] == [ADDRESS]


def test_rules_that_count_nothing_have_no_key():
    parts = [{"source": "remote_ip"}]
    assert only_rule(read_plain(waf(key_parts=parts))).key is None
    assert only_rule(read_plain(waf(key_parts=parts))).settings["key_parts"] == ("remote_ip",)
    shaper = {"name": "r", "upload_bytes_per_second": 1, "key_parts": parts}
    per_request = read_plain({"traffic_shaper_rules": [{**shaper, "budget_scope": "per_request"}]})
    assert only_rule(per_request).key is None
    assert only_rule(read_plain({"traffic_shaper_rules": [shaper]})).key is not None


def test_captcha_and_waiting_room_let_those_with_a_pass_through_and_block_does_not():
    outcomes = [only_rule(read_plain(waf(action=action))).outcome for action in ("block", "captcha", "waiting_room")]
    assert [(outcome.kind, outcome.passable) for outcome in outcomes] == [
        ("block", False),
        ("challenge", True),
        ("queue", True),
    ]


def test_only_captcha_rules_refer_to_a_provider():
    captcha = only_rule(read_plain(waf(action="captcha", captcha_provider_id=3)))
    assert [(reference.kind, reference.id, shown(reference.place)) for reference in captcha.references] == [
        ("captcha provider", "3", "3")
    ]
    nameless = only_rule(read_plain(waf(action="captcha")))
    assert [reference.id for reference in nameless.references] == [""]
    assert only_rule(read_plain(waf(action="block", captcha_provider_id=3))).references == ()


def test_an_automatic_rule_is_conditional():
    assert only_rule(read_plain(waf(activation_mode="automatic"))).conditional
    assert not only_rule(read_plain(waf())).conditional


def test_a_burst_belongs_to_the_outcome_of_buckets_only():
    windows = [only_rule(read_plain(limiter(burst=burst))).outcome for burst in (0, 7)]
    assert windows[0] == windows[1]
    buckets = [only_rule(read_plain(limiter(burst=burst, algorithm="token_bucket"))).outcome for burst in (0, 60, 7)]
    assert buckets[0] == buckets[1] != buckets[2]
    assert isinstance(buckets[0], Outcome)


def test_rules_are_in_the_order_of_priority_then_id_then_position():
    rules = [
        {"name": "d", "priority": 9},
        {"name": "b", "priority": 2, "id": 40},
        {"name": "a", "priority": 2, "id": 3},
        {"name": "c", "priority": 9, "id": "1"},
        {"name": "e", "priority": 9},
    ]
    policy = read_plain({"waf_rules": rules})
    assert [(rule.name, rule.id) for rule in policy.rules] == [
        ("a", "3"),
        ("b", "40"),
        ("d", "d"),
        ("c", "1"),
        ("e", "e"),
    ]


def test_a_cache_that_is_switched_off_has_no_active_rules():
    rules = [{"name": "r", "ttl_millis": 5000}]
    for settings, enabled in (({"enabled": False}, False), ({"enabled": True}, True), ({}, True)):
        policy = read_plain({"cache_rules": rules, "cache_settings": settings})
        assert policy.phases[-1].active == (policy.rules if enabled else ())
        assert only_rule(policy).enabled


def test_old_names_of_settings_are_chosen_only_where_they_are_not_the_default():
    for value, chosen in ((100, frozenset()), (7, {"trigger_target_requests"})):
        rule = only_rule(read_plain(waf(triggers={"backend_active_requests": value})))
        assert (rule.settings["trigger_target_requests"], rule.chosen) == (value, chosen)
    for ids, chosen in (([], frozenset()), ([4], {"targets"})):
        assert only_rule(read_plain({"cache_rules": [{"name": "r", "backend_ids": ids}]})).chosen == chosen


def test_an_unknown_field_is_a_problem_and_the_rest_is_read():
    policy = read_plain(limiter(limit=5, shiny_new=True, match_rule={}))
    problem = only_problem(policy)
    assert (problem.kind, problem.subject, shown(problem.place)) == ("unknown-field", "rate_limit/r", "true")
    assert only_rule(policy).settings["limit"] == 5
    assert only_rule(policy).match.expression == TRUE


def test_a_rule_whose_match_may_be_misspelled_is_not_taken_to_match_everything():
    policy = read_plain(limiter(match_rul={"cel_expression": "false"}))
    assert only_problem(policy).kind == "unknown-field"
    assert isinstance(only_rule(policy).match.expression, Opaque)


def test_unknown_fields_deep_inside_are_found_where_they_are():
    value = limiter(key_parts=[{"source": "host", "nam": "x"}], match_rule={"celExpression": "true", "extra": [1]})
    policy = read_plain(value)
    assert sorted(shown(problem.place) for problem in policy.problems) == ['"x"', "[\n     1\n    ]"]
    assert [part.field for part in only_rule(policy).key or ()] == [HOST]
    assert only_rule(policy).match.text == "true"


def test_a_problem_deep_inside_says_the_way_to_it_in_the_spelling_of_the_user():
    root = {"conditions": [{"field": "path", "operator": "equals", "values": ["/", 5, None]}]}
    policy = read_plain({"rateLimitRules": [{"name": "r", "matchRule": {"builder": {"root": root}}}]})
    assert messages(policy) == [
        "`builder.root.conditions[0].values[1]` should be text, not a number",
        "`builder.root.conditions[0].values[2]` should be text, not nothing",
    ]
    assert [shown(problem.place) for problem in policy.problems] == ["5", "null"]
    waiting = {"maxAdmittedSessions": "many", "admissionRatePerSecond": 3, "colour": "red"}
    policy = read_plain({"wafRules": [{"name": "r", "action": "waiting_room", "waitingRoom": waiting}]})
    assert messages(policy) == [
        "`waitingRoom.maxAdmittedSessions` should be a whole number, not text",
        "`waitingRoom.colour` is not a known field of a WAF rule",
    ]
    settings = only_rule(policy).settings
    assert settings["room_capacity"] == 50
    assert settings["room_rate"] == 3


def test_a_list_with_an_unfit_item_is_the_default_and_one_with_unknown_fields_is_kept():
    policy = read_plain({"cache_rules": [{"name": "r", "cache_status_codes": [200, "ok"], "query_params": ["a"]}]})
    assert messages(policy) == ["`cache_status_codes[1]` should be a whole number, not text"]
    assert only_rule(policy).settings["statuses"] == ("200", "203", "204", "301", "308")
    assert only_rule(policy).settings["query_params"] == ("a",)


def test_the_defaults_of_lists_and_flags_are_zeros_in_an_answer():
    rule = {"name": "r", "ttlMillis": "5000"}
    kept = only_rule(read_plain({"cacheRules": [rule]})).settings
    assert (kept["vary"], kept["status_header"]) == (("Accept-Encoding",), True)
    answered = only_rule(read_plain({"cacheRules": [{**rule, "createdAtUnixMillis": "1"}]})).settings
    assert (answered["vary"], answered["status_header"]) == ((), False)


def test_an_unfit_field_of_an_answer_is_as_if_it_was_left_out():
    policy = read_plain({"cacheRules": [{"name": "r", "createdAtUnixMillis": "1", "varyHeaders": "Accept"}]})
    assert messages(policy) == ["`varyHeaders` should be a list, not text"]
    assert only_rule(policy).settings["vary"] == ()


def test_of_a_field_in_two_spellings_camel_case_counts_and_a_null_is_not_there():
    assert only_rule(read_plain(limiter(window_millis=60000, windowMillis=90000))).settings["window"] == 90
    rule = only_rule(read_plain(limiter(window_millis=60000, windowMillis=None, moon=None)))
    assert rule.settings["window"] == 60


def test_an_unknown_part_of_a_configuration_is_a_problem_and_known_ones_without_a_part_are_not():
    policy = read_plain({**waf(), "agents": [], "responseTemplates": [], "$schema": "x", "colour": "red"})
    assert messages(policy) == ["`colour` is not a known part of a configuration"]


def test_a_field_in_two_spellings_is_a_problem():
    problem = only_problem(read_plain(limiter(window_millis=60000, windowMillis=90000)))
    assert "stands twice" in problem.message


@pytest.mark.parametrize(
    ("fields", "text", "words"),
    [
        ({"burst": "many"}, '"many"', "`burst` should be a whole number, not text"),
        ({"burst": 1.5}, "1.5", "`burst` should be a whole number, not a number"),
        ({"burst": True}, "true", "`burst` should be a number, not true or false"),
        ({"burst": 10**30}, str(10**30), "`burst` should be a number of 64 bits"),
        ({"burst": "9" * 5000}, '"' + "9" * 5000 + '"', "`burst` should be a number of 64 bits"),
        ({"name": 5}, "5", "`name` should be text, not a number"),
        ({"algorithm": "bucket"}, '"bucket"', "`algorithm` should be one of `fixed_window`, `sliding_window`"),
        ({"response_status_code": []}, "[]", "should be a whole number, not a list"),
    ],
)
def test_a_field_of_the_wrong_type_is_a_problem_at_its_place_and_falls_back(fields, text, words):
    policy = read_plain({"rate_limit_rules": [{"name": "r", **fields}, {"name": "other"}]})
    problem = policy.problems[0]
    assert problem.kind == "unreadable"
    assert words in problem.message
    assert shown(problem.place) == text
    assert len(policy.rules) == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"enabled": "yes"},
        {"priority": "high"},
        {"limit": {}},
        {"key_parts": 5},
        {"key_parts": [{"source": "moon"}]},
        {"key_parts": [{"source": "header"}]},
        {"id": "seven"},
    ],
)
def test_a_rule_that_cannot_be_understood_where_it_matters_is_left_out(fields):
    policy = read_plain({"rate_limit_rules": [{"name": "r", **fields}, {"name": "other"}]})
    assert [rule.name for rule in policy.rules] == ["other"]
    problem = only_problem(policy)
    assert (problem.kind, problem.subject) == ("unreadable", "rate_limit/r")


def test_a_key_that_counts_nothing_costs_no_rule():
    policy = read_plain(waf(key_parts=[{"source": "header"}]))
    assert "needs a name" in only_problem(policy).message
    assert only_rule(policy).key is None


@pytest.mark.parametrize("rules", [5, {}, "x", [5], [[]], [None]])
def test_lists_and_rules_of_the_wrong_type_are_problems(rules):
    policy = only_policy(read_text(json.dumps({"waf_rules": rules, "cache_rules": [{"name": "r"}]})))
    assert len(policy.rules) == 1
    assert only_problem(policy).kind == "unreadable"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (limiter(window_millis=500), "`window_millis` is 500, p2pstream accepts 1000 to 86400000"),
        (limiter(window_millis=86_400_001), "accepts 1000 to 86400000"),
        (limiter(limit=-1), "`limit` is -1, p2pstream accepts 1 or more"),
        (limiter(limit=5, burst=51), "at most 10 times the limit"),
        (limiter(burst=-1), "accepts 0 or more"),
        (limiter(response_status_code=200), "accepts 400 to 599"),
        (waf(block_response_status_code=302), "accepts 400 to 599"),
        (waf(captcha_pass_ttl_millis=1000), "accepts 60000 to 86400000"),
        ({"traffic_shaper_rules": [{"name": "r"}]}, "neither upload nor download"),
        ({"traffic_shaper_rules": [{"name": "r", "upload_bytes_per_second": 2**41}]}, "accepts 0 to"),
        ({"cache_rules": [{"name": "r", "ttl_millis": 999}]}, "accepts 1000 to"),
        ({"cache_rules": [{"name": "r", "query_mode": "allowlist"}]}, "needs `query_params`"),
        (limiter(key_parts=[{"source": "host"}] * 9), "at most 8 parts"),
        (
            limiter(key_parts=[{"source": "header", "name": "X-Forwarded-For"}]),
            "refused as a key part since p2pstream v0.1.41",
        ),
        (limiter(key_parts=[{"source": "header", "name": "no header"}]), "is no name of a header"),
        ({"waf_rules": [{"name": "two words"}]}, "name `two words` is not 1 to 64"),
        ({"waf_rules": [{"name": "x" * 65}]}, "is not 1 to 64"),
        ({"waf_rules": [{"action": "block", "match_rule": {}}]}, "has no name"),
        ({"waf_rules": [{"name": "r"}, {"name": "r"}]}, "another waf rule is called `r` too"),
        ({"waf_rules": [{"name": "r", "id": 1}, {"name": "s", "id": 1}]}, "another waf rule has the id `1` too"),
    ],
)
def test_what_p2pstream_would_refuse_is_a_problem_and_the_rule_is_read(value, words):
    policy = read_plain(value)
    assert words in only_problem(policy).message
    assert policy.rules


def test_a_value_out_of_range_is_kept_unless_it_makes_no_sense():
    assert only_rule(read_plain(limiter(window_millis=500))).settings["window"] == 0.5
    assert only_rule(read_plain(limiter(window_millis=0))).settings["window"] == 60
    assert only_rule(read_plain(limiter(limit=-3))).settings["limit"] == 60


def test_one_name_in_two_phases_is_no_problem():
    assert not read_plain({**waf(), **limiter()}).problems


def test_no_value_of_an_unknown_or_secret_field_is_quoted():
    secret = "hunter2-hunter2"
    provider = {"name": "p", "secretKey": secret, "siteKey": [secret], "api_token": secret}
    target = {
        "url": f"ftp://user:{secret}@h/",
        "upstreamBasicAuth": {"password": secret},
        "upstreamRequestHeaders": secret,
    }
    value = {
        **waf(token=secret, block_response_body=[secret]),
        "waf_captcha_providers": [provider],
        "route_targets": [target],
    }
    policy = read_plain(value)
    assert policy.problems
    assert secret not in repr([(problem.message, problem.subject) for problem in policy.problems])
    assert secret not in repr([rule.settings for rule in policy.rules])


def test_a_target_keeps_no_credentials_of_its_url():
    route = {"path_prefix": "/", "targets": [{"url": "HTTP://user:hunter2@Example.com/base?x=1"}]}
    (read_route,) = read_plain({"routes": [route]}).routes
    assert [target.origin for target in read_route.targets] == ["http://example.com:80"]


def test_settings_that_are_not_the_default_are_told_from_those_that_are():
    rule = only_rule(read_plain(limiter(limit=60, burst=5, key_parts=[{"source": "remote_ip"}])))
    assert rule.chosen == {"burst"}
    automatic = only_rule(read_plain(waf(activation_mode="automatic", triggers={"server_cpu_percent": 0})))
    assert automatic.chosen == {"activation", "trigger_server_cpu"}
    keyed = only_rule(read_plain(waf(key_parts=[{"source": "host"}])))
    assert keyed.chosen == {"key_parts"}


def test_every_term_of_the_platform_is_a_setting_of_some_rule():
    kinds = {
        "waf": waf(),
        "rate_limit": limiter(),
        "shaper": {"traffic_shaper_rules": [{"name": "r", "upload_bytes_per_second": 1}]},
        "cache": {"cache_rules": [{"name": "r"}]},
    }
    settings = {phase: only_rule(read_plain(value)).settings for phase, value in kinds.items()}
    for term in P2PSTREAM.terms:
        phase, _, word = term.rpartition(".")
        assert not phase or word in settings[phase], term


def test_the_headers_of_an_answer_are_kept_as_lines():
    rule = only_rule(read_plain(waf(block_response_headers=[{"name": "Cache-Control", "value": "no-store"}])))
    assert rule.settings["headers"] == ("cache-control: no-store",)


def test_of_what_is_sent_to_a_target_only_names_are_kept():
    target = {
        "id": 4,
        "url": "http://a",
        "weight": 5,
        "priority_group": 1,
        "upstream_request_headers": [{"name": "X-Key", "value": "hunter2"}],
        "upstream_basic_auth": {"enabled": True, "username": "u", "password": "hunter2"},
        "health_check": {"enabled": True},
    }
    (route,) = read_plain({"routes": [{"path_prefix": "/", "targets": [target]}]}).routes
    (found,) = route.targets
    assert (found.injected, found.weight, found.group, found.health_checked) == (("authorization", "x-key"), 5, 1, True)


def test_a_redirect_says_where_to():
    route = {"path_prefix": "/", "action": "redirect", "redirect_target_mode": "absolute_url", "redirect_target": "/x"}
    (found,) = read_plain({"routes": [route]}).routes
    assert found.redirect == Redirect("absolute_url", "/x", 302)


def test_the_store_of_the_cache_has_its_bounds():
    store = read_plain(
        {"cache_settings": {"enabled": False, "max_disk_bytes": 5}, "cache_rules": [{"name": "r"}]}
    ).store
    assert store is not None
    assert (store.enabled, store.capacity, store.entries) == (False, 5, 100_000)
