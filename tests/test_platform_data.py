"""What a platform says as data speaks of settings, values and headers that there are."""

import pytest

from edgelint.platforms.p2pstream import P2PSTREAM
from edgelint.readers import read
from edgelint.readers.p2pstream import shapes
from edgelint.readers.p2pstream.settings import settings_of

SHAPES = {
    "waf": shapes.WafRule,
    "rate_limit": shapes.RateLimitRule,
    "shaper": shapes.TrafficShaperRule,
    "cache": shapes.CacheRule,
}


@pytest.mark.parametrize("idle", P2PSTREAM.idle, ids=[f"{idle.phase}-{idle.settings[0]}" for idle in P2PSTREAM.idle])
def test_idle_settings_are_settings_of_their_phase(idle):
    known = settings_of(SHAPES[idle.phase]()).keys()
    assert set(idle.settings) <= known
    assert {word for word, _ in idle.when} <= known


CHOICES = {
    ("waf", "action"): ("block", "captcha", "waiting_room"),
    ("waf", "activation"): ("always", "automatic"),
    ("rate_limit", "algorithm"): ("fixed_window", "sliding_window", "token_bucket", "leaky_bucket"),
    ("shaper", "budget_scope"): ("per_key", "per_request"),
    ("cache", "query_mode"): ("full", "ignore", "allowlist", "denylist"),
}


def test_conditions_of_idle_settings_name_values_and_leave_some_out():
    for idle in P2PSTREAM.idle:
        for word, values in idle.when:
            choices = CHOICES.get((idle.phase, word))
            if choices is None:
                assert all(isinstance(value, int) for value in values)
            else:
                assert set(values) < set(choices)


LISTS = {"waf": "waf_rules", "rate_limit": "rate_limit_rules", "shaper": "traffic_shaper_rules", "cache": "cache_rules"}


@pytest.mark.parametrize(("phase", "word"), CHOICES)
def test_the_choices_of_this_test_are_those_of_the_platform(phase, word, tmp_path):
    term = P2PSTREAM.term(phase, word)
    needed = {"captcha": "captcha_provider_id: 1,", "allowlist": "query_params: [a],", "denylist": "query_params: [a],"}
    rules = "".join(
        f"  - {{name: r{number}, priority: {number}, {needed.get(value, '')} download_bytes_per_second: 9, {term}: {value}}}\n"
        if phase == "shaper"
        else f"  - {{name: r{number}, priority: {number}, {needed.get(value, '')} {term}: {value}}}\n"
        for number, value in enumerate(CHOICES[phase, word], 1)
    )
    (tmp_path / "edge.yaml").write_text(f"{LISTS[phase]}:\n{rules}", encoding="utf-8")
    (policy,) = read([str(tmp_path / "edge.yaml")], stdin=bytes).policies
    assert [rule.settings[word] for rule in policy.rules] == list(CHOICES[phase, word])


def test_headers_of_the_cache_are_in_lower_case():
    caching = P2PSTREAM.caching
    for name in (*caching.bypassing, *caching.refused_vary):
        assert name == name.lower()
    assert not set(caching.bypassing) & P2PSTREAM.invisible_headers
