"""Short ways to read something and look at it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from edgelint.model.policy import Policy, Problem, Rule
from edgelint.readers import Reading, read
from edgelint.source import Place, Span


def no_input() -> bytes:
    raise AssertionError("standard input was read")


def read_paths(*paths: Path | str, input_format: str | None = None) -> Reading:
    return read([str(path) for path in paths], stdin=no_input, input_format=input_format)


def read_text(text: str | bytes) -> Reading:
    """What a document on standard input holds."""
    return read(["-"], stdin=lambda: text if isinstance(text, bytes) else text.encode())


def read_plain(value: object) -> Policy:
    """The policy of plain values, written as JSON."""
    return only_policy(read_text(json.dumps(value, indent=1)))


def only_policy(reading: Reading) -> Policy:
    assert not reading.problems, [problem.message for problem in reading.problems]
    (policy,) = reading.policies
    return policy


def only_rule(policy: Policy) -> Rule:
    (rule,) = policy.rules
    return rule


def waf(**fields: Any) -> dict[str, Any]:
    """A configuration kept by hand with one WAF rule."""
    return {"waf_rules": [{"name": "r", **fields}]}


def limiter(**fields: Any) -> dict[str, Any]:
    """A configuration kept by hand with one rate-limit rule."""
    return {"rate_limit_rules": [{"name": "r", **fields}]}


def shown(place: Place) -> str:
    """The text at a place."""
    span = place.span()
    assert isinstance(span, Span)
    return place.source.text[span.start : span.end]


def only_problem(policy: Policy | Reading) -> Problem:
    assert len(policy.problems) == 1, [problem.message for problem in policy.problems]
    return policy.problems[0]


def messages(policy: Policy | Reading) -> list[str]:
    return [problem.message for problem in policy.problems]
