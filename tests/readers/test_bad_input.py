import json
import string
import time
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import limiter, messages, only_problem, only_rule, read_paths, read_text, waf

from edgelint.readers import Reading
from edgelint.readers.p2pstream import objects
from edgelint.source import Cell

RULE = '{"waf_rules": [{"name": "r", "match_rule": {"cel_expression": %s}}]}'


def every_problem(reading: Reading) -> list[str]:
    return [*messages(reading), *(message for policy in reading.policies for message in messages(policy))]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "the file is empty"),
        (b" \n\t", "the file is empty"),
        (b"\xef\xbb\xbf", "the file is empty"),
        (b'{"waf_rules": [\n {"name": "r"', "not valid JSON"),
        (b'{"waf_rules": ' + b"[" * 100_000, "nested too deeply"),
        (b"waf_rules: " + b"[" * 100_000, "nested too deeply"),
        (b'{"waf_rules": [{"name": "r", "limit": ' + b"9" * 5000 + b"}]}", "5000 digits is too long"),
        (b'{"waf_rules": [{"name": "r", "priority": NaN}]}', "`NaN` is not JSON"),
        (b'{"waf_rules": [], "waf_rules": [{"name": "r"}]}', "stands twice"),
        (b'{"waf_rules": [{"name": "\xff"}]}', "not UTF-8 at byte 25, line 1"),
        (b'{"waf_rules":\n\n [{"name": "\xc3\xa9\xff"}]}', "not UTF-8 at byte 29, line 3"),
        (b'\xef\xbb\xbf{"waf_rules": [{"name": "\xff"}]}', "not UTF-8 at byte 28, line 1"),
        ('{"waf_rules": []}'.encode("utf-16"), "text is UTF-16"),
        (b'{"waf_rules": [{"name": "\\ud800"}]}', "surrogate"),
        (b"waf_rules:\n- &a [*a]\n", "stands for nothing"),
        (b"waf_rules: {a: &a [x, x], b: &b [*a, *a]}\nwaf_rules: 5", "stands twice"),
        (b"\0\0\0\0", "is in no format"),
        (b"waf_rules: [{name: \x07}]", "control character"),
    ],
)
def test_broken_bytes_end_in_a_clear_problem(data, words):
    started = time.perf_counter()
    found = every_problem(read_text(data))
    assert any(words in message for message in found), found
    assert time.perf_counter() - started < 2
    for message in found:
        assert "\n" not in message
        assert message.isprintable()


def test_the_rest_of_a_file_with_a_byte_that_is_not_utf8_is_read():
    (policy,) = read_text(b'{"waf_rules": [{"name": "ok"}, {"name": "b\xffd"}]}').policies
    assert [rule.name for rule in policy.rules] == ["ok", "b\N{REPLACEMENT CHARACTER}d"]


def test_a_byte_order_mark_moves_no_place():
    (policy,) = read_text(b"\xef\xbb\xbf" + json.dumps(waf(moon=1)).encode()).policies
    assert only_problem(policy).place.location().column == json.dumps(waf(moon=1)).index("1") + 1


@pytest.mark.parametrize("kind", ["json", "yaml"])
def test_a_line_of_ten_megabytes_is_read_quickly(kind):
    long = "x" * 10_000_000
    text = json.dumps(waf(name=long)) if kind == "json" else f"waf_rules: [{{name: r, block_response_body: '{long}'}}]"
    started = time.perf_counter()
    (policy,) = read_text(text).policies
    assert len(policy.rules) == 1
    for problem in policy.problems:
        problem.place.location()
        assert len(problem.message) < 300
    assert time.perf_counter() - started < 5


def test_line_separators_of_other_standards_count_as_no_line():
    (policy,) = read_text('{"waf_rules": [{"name": "r",\n "\u2028\x85": "\u2029", "moon": 1}]}').policies
    moon = policy.problems[-1].place.location()
    assert (moon.line, moon.column) == (2, 21)


def test_a_folder_is_walked_and_not_read_as_a_file(tmp_path):
    (tmp_path / "x.json").mkdir()
    assert read_paths(tmp_path) == Reading()


def test_aliases_may_repeat_a_rule_and_each_is_read():
    (policy,) = read_text("waf_rules:\n- &r {name: one}\n- *r\n").policies
    assert len(policy.rules) == 2
    assert "is called `one` too" in only_problem(policy).message


def test_a_name_of_the_user_is_shown_short_and_on_one_line():
    (policy,) = read_text(json.dumps(waf(**{"x\ny" + "z" * 500: 1}))).policies
    message = only_problem(policy).message
    assert "\n" not in message
    assert len(message) < 150


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(string.printable, max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "name", "root", "source", "x"]), inner)
    ),
    max_leaves=6,
)
FIELDS = st.sampled_from(
    [
        "id",
        "name",
        "priority",
        "enabled",
        "action",
        "activation_mode",
        "key_parts",
        "match",
        "match_rule",
        "triggers",
        "waiting_room",
        "limit",
        "burst",
        "algorithm",
        "window_millis",
        "ttl_millis",
        "route_ids",
        "backend_ids",
        "query_mode",
        "vary_headers",
        "url",
        "targets",
        "protocol",
        "port",
        "agent_selector",
    ]
)
LISTS = st.sampled_from(
    [
        "waf_rules",
        "rate_limit_rules",
        "traffic_shaper_rules",
        "cache_rules",
        "routes",
        "listeners",
        "route_targets",
        "backends",
        "route_backends",
        "waf_captcha_providers",
        "cache_settings",
        "backend_agents",
    ]
)
CONFIGURATIONS = st.dictionaries(
    LISTS, st.lists(st.dictionaries(FIELDS, JUNK, max_size=6), max_size=3) | JUNK, max_size=5
)


@given(CONFIGURATIONS)
def test_no_configuration_of_junk_is_too_much(value):
    reading = read_text(json.dumps({"waf_rules": [], **value}))
    for policy in reading.policies:
        for rule in policy.rules:
            assert rule.place.location().line == 1
            assert dict(rule.places) is not None
        for problem in policy.problems:
            assert not isinstance(problem.place.span(), Cell)
            assert "\n" not in problem.message


def test_the_limits_of_an_integer_are_those_of_64_bits():
    (policy,) = read_text(json.dumps(limiter(burst=2**63, limit=2**62))).policies
    assert "64 bits" in only_problem(policy).message
    assert only_rule(policy).settings["limit"] == 2**62


def test_problems_without_number_deep_inside_take_little_time_and_memory():
    group: dict[str, object] = {"conditions": [{f"k{number}": 0 for number in range(100)}] * 500}
    for _ in range(200):
        group = {"groups": [group]}
    text = json.dumps(limiter(match_rule={"builder": {"root": group}}))
    started = time.process_time()
    tracemalloc.start()
    (policy,) = read_text(text).policies
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert policy.problems[-1].message == "49980 more problems of a match are not listed"
    assert peak < 10 * len(text)
    assert time.process_time() - started < 5


def test_groups_nested_as_deeply_as_they_are_read_need_little_of_the_stack():
    group: dict[str, object] = {}
    for _ in range(255):
        group = {"groups": [group]}
    text = json.dumps(limiter(match_rule={"builder": {"root": group}}))

    def at_depth(frames):
        return read_text(text) if frames == 0 else at_depth(frames - 1)

    (policy,) = at_depth(50).policies
    assert only_problem(policy).message == "the form has more than 64 groups and conditions"


def test_far_too_long_lists_are_refused_or_cut_and_noted(monkeypatch):
    value = {"rate_limit_rules": [{"name": "a", "key_parts": [{}] * 1001}, {"name": "b", "key_parts": [{}] * 5}]}
    (policy,) = read_text(json.dumps(value)).policies
    assert [rule.name for rule in policy.rules] == ["b"]
    assert "lists hold at most 1000 items" in only_problem(policy).message
    monkeypatch.setattr(objects, "MOST_OBJECTS", 1)
    (policy,) = read_text(json.dumps({"waf_rules": [{"name": "a"}, {"name": "b"}]})).policies
    assert [rule.name for rule in policy.rules] == ["a"]
    assert "holds more than 1, the rest is not read" in only_problem(policy).message


def test_of_very_many_problems_the_first_are_listed():
    rule = {f"unknown{number}": 1 for number in range(30)}
    (policy,) = read_text(json.dumps({"waf_rules": [{"name": f"r{number}", **rule} for number in range(100)]})).policies
    assert len(policy.problems) == 1001
    assert policy.problems[20].message == "10 more problems of a WAF rule are not listed"
    assert policy.problems[-1].message == "1100 more problems of this configuration are not listed"
