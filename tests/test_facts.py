"""Which request is shown for a claim: one that gets to the rule, rather than one that something else stops before."""

import pytest

from edgelint.evidence import meeting, reached
from edgelint.facts import Facts
from edgelint.replay import applies
from policy_samples import policy_of

BLOCKED = {"name": "block", "priority": 10, "action": "block"}
CHALLENGED = {"name": "challenge", "priority": 20, "action": "captcha", "captcha_provider_id": 1}


def when(condition):
    return {"match_rule": {"cel_expression": condition}}


def facts_with(*waf):
    """Two shapers that share all below /files/a, behind some rules of an earlier phase."""
    return Facts(
        policy_of(
            {
                "waf_captcha_providers": [{"id": 1, "name": "turnstile"}],
                "waf_rules": list(waf),
                "traffic_shaper_rules": [
                    {"name": "files", "priority": 10, **when('path_prefix(path, "/files")')},
                    {"name": "below", "priority": 20, **when('path_prefix(path, "/files/a")')},
                ],
            }
        )
    )


@pytest.mark.parametrize(
    ("waf", "blocked", "challenged"),
    [
        ([], False, False),
        ([BLOCKED | when('path == "/files/a"'), CHALLENGED | when('path.endsWith("b")')], False, False),
        ([BLOCKED | when('path == "/files/a"'), CHALLENGED | when('path.startsWith("/")')], False, True),
        ([BLOCKED | when('path.startsWith("/files/a")'), CHALLENGED | when('path == "/"')], True, False),
    ],
)
def test_a_request_is_shown_that_gets_to_a_rule_if_only_with_a_pass(waf, blocked, challenged):
    facts = facts_with(*waf)
    files, below = facts.active("shape")
    for request in (meeting(facts, below, files), reached(facts, files, facts.live(below))):
        assert applies(facts.policy, below, request)
        stopped = {rule.name: applies(facts.policy, rule, request) for rule in facts.active("block", "challenge")}
        assert (stopped.get("block", False), stopped.get("challenge", False)) == (blocked, challenged)
