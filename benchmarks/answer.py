"""Rules as p2pstream would answer with them: what surrounds a match expression in a GetPublicProxyConfig answer."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

PHASES = ("wafRules", "rateLimitRules", "trafficShaperRules", "cacheRules")
"""The lists of an answer that hold rules."""

Policy = dict[str, Any]
"""The answer of GetPublicProxyConfig, as p2pstream gives it in JSON."""


@dataclass(frozen=True)
class Draft:
    """A rule that has no name yet. `action` is that of a WAF rule, empty where it does not matter."""

    phase: str
    expression: str
    action: str = ""


def answer(rules: Mapping[str, Draft], hosts: Sequence[str], pick: random.Random) -> Policy:
    """The answer with these rules by name, each behind the one before it, and a route for each host."""
    lists: dict[str, list[dict[str, object]]] = {phase: [] for phase in PHASES}
    for position, (name, draft) in enumerate(rules.items(), 1):
        phase = lists[draft.phase]
        rule = {"id": str(len(phase) + 1), "name": name, "priority": str(position * 10), "enabled": True}
        phase.append({**rule, "matchRule": {"celExpression": draft.expression}, **settings(draft, pick)})
    return {**topology(hosts), **lists}


def listed(policy: Policy) -> list[dict[str, Any]]:
    """The rules of a policy, phase by phase."""
    return [rule for phase in PHASES for rule in policy[phase]]


def settings(draft: Draft, pick: random.Random) -> dict[str, object]:
    """What a rule does."""
    if draft.phase == "wafRules":
        chosen = draft.action or pick.choices(("block", "captcha"), (9, 1))[0]
        found: dict[str, object] = {"action": f"PUBLIC_WAF_RULE_ACTION_{chosen.upper()}"}
        return found | ({"captchaProviderId": "1"} if chosen == "captcha" else {"blockResponseStatusCode": "403"})
    if draft.phase == "rateLimitRules":
        key = [{"source": "PUBLIC_RATE_LIMIT_KEY_SOURCE_REMOTE_IP"}]
        limit = {"limit": str(pick.choice((10, 60, 300))), "windowMillis": "60000", "responseStatusCode": "429"}
        return {"algorithm": "PUBLIC_RATE_LIMIT_ALGORITHM_SLIDING_WINDOW", "keyParts": key, **limit}
    if draft.phase == "trafficShaperRules":
        scope = {"budgetScope": "PUBLIC_TRAFFIC_SHAPER_BUDGET_SCOPE_PER_REQUEST"}
        return {**scope, "downloadBytesPerSecond": str(pick.choice((1, 2, 4)) << 20)}
    return {"scope": "PUBLIC_CACHE_SCOPE_ROUTE", "ttlMillis": str(pick.choice((60, 300, 3600)) * 1000)}


def topology(hosts: Sequence[str]) -> dict[str, object]:
    """One listener, a route and a target for each host, and a captcha provider."""
    listener = {"id": "1", "name": "public-https", "port": "443", "protocol": "PUBLIC_LISTENER_PROTOCOL_HTTPS"}
    return {
        "listeners": [{**listener, "enabled": True}],
        "routes": [route(number, host) for number, host in enumerate(hosts, 1)],
        "wafCaptchaProviders": [{"id": "1", "name": "turnstile", "enabled": True}],
    }


def route(number: int, host: str) -> dict[str, object]:
    """The route of a host, to a target of its own."""
    target = {
        "id": str(number),
        "routeId": str(number),
        "name": f"target-{number}",
        "enabled": True,
        "targetType": "PUBLIC_ROUTE_TARGET_TYPE_PROXY",
        "url": f"http://10.{number // 62500}.{number // 250 % 250}.{number % 250}:8080",
    }
    return {
        "id": str(number),
        "listenerId": "1",
        "priority": str(number),
        "hostPattern": host,
        "enabled": True,
        "action": "PUBLIC_ROUTE_ACTION_FORWARD",
        "targets": [target],
    }
