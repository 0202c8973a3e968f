"""Which rules stand in for another one, by what they do and how much they grant."""

import pytest

from edgelint.knowledge.escapes import stands_in
from edgelint.readers import read

POLICY = """
waf_captcha_providers: [{id: 1, name: turnstile}]
waf_rules:
  - {name: block, priority: 1, action: block}
  - {name: captcha, priority: 2, action: captcha, captcha_provider_id: 1}
  - {name: room, priority: 3, action: waiting_room}
rate_limit_rules:
  - {name: ten-a-minute, priority: 1, limit: 10, window_millis: 60000}
  - {name: hundred-a-minute, priority: 2, limit: 100, window_millis: 60000}
  - {name: two-a-second, priority: 3, limit: 2, window_millis: 1000}
traffic_shaper_rules:
  - {name: slow, priority: 1, download_bytes_per_second: 1000}
  - {name: slow-upload, priority: 2, upload_bytes_per_second: 1000, download_bytes_per_second: 900000}
  - {name: fast, priority: 3, download_bytes_per_second: 10001}
"""


@pytest.fixture(scope="module")
def rules(tmp_path_factory):
    path = tmp_path_factory.mktemp("policy") / "edge.yaml"
    path.write_text(POLICY, encoding="utf-8")
    (policy,) = read([str(path)], stdin=bytes).policies
    assert not policy.problems
    return {rule.name: rule for rule in policy.rules}


@pytest.mark.parametrize(
    ("other", "rule", "expected"),
    [
        ("block", "captcha", True),
        ("captcha", "block", False),
        ("captcha", "room", True),
        ("room", "captcha", False),
        ("block", "ten-a-minute", True),
        ("room", "ten-a-minute", True),
        ("ten-a-minute", "room", False),
        ("ten-a-minute", "hundred-a-minute", True),
        ("hundred-a-minute", "ten-a-minute", True),
        ("two-a-second", "ten-a-minute", False),
        ("two-a-second", "hundred-a-minute", True),
        ("slow", "fast", True),
        ("fast", "slow", False),
        ("slow-upload", "slow", True),
        ("slow", "ten-a-minute", False),
        ("ten-a-minute", "slow", False),
    ],
)
def test_a_rule_stands_in_for_one_that_does_no_more(rules, other, rule, expected):
    assert stands_in(rules[other], rules[rule]) is expected
