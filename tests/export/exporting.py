"""Exports in tests, and what a policy means, told without the project's own comparison."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

from edgelint.export import exported
from edgelint.model.policy import Policy, Route, Rule
from edgelint.readers import read
from edgelint.run import Wishes, lint


@cache
def policy_of(path: Path | str) -> Policy:
    (policy,) = read([str(path)], stdin=bytes).policies
    return policy


def policy_in(text: str) -> Policy:
    """The policy of a text that came through standard input."""
    (policy,) = read(["-"], stdin=text.encode).policies
    return policy


@cache
def export_of(path: Path | str) -> str:
    """The export of a file or folder, which stays as it is while the tests run."""
    return exported(read([str(path)], stdin=bytes), str(path)).text


def export_in(value: object) -> str:
    """The export of a configuration, given as text or as plain values."""
    text = value if isinstance(value, str) else json.dumps(value)
    return exported(read(["-"], stdin=text.encode), "-").text


def plain(value: object) -> Any:
    """The export of a configuration as plain values."""
    return json.loads(export_in(value))


def readable(path: Path | str) -> bool:
    """Whether a file holds one policy of p2pstream, and nothing in it is broken."""
    reading = read([str(path)], stdin=bytes)
    problems = (*reading.problems, *(problem for policy in reading.policies for problem in policy.problems))
    whole = all(problem.kind == "unknown-field" for problem in problems)
    return whole and [policy.platform.name for policy in reading.policies] == ["p2pstream"]


def meaning(policy: Policy) -> dict[str, object]:
    """All of a policy but its places and ids."""
    listeners = {listener.id: listener.name for listener in policy.listeners}
    providers = {provider.id: (provider.name, provider.enabled, provider.kind) for provider in policy.providers}
    store = policy.store
    return {
        "phases": [(phase.name, phase.algorithm, len(phase.rules), len(phase.active)) for phase in policy.phases],
        "rules": [_rule(rule, policy, providers) for rule in policy.rules],
        "routes": [_route(route, listeners) for route in policy.routes],
        "listeners": Counter((one.name, one.protocol, one.address, one.port, one.enabled) for one in policy.listeners),
        "providers": Counter((one.name, one.enabled, one.kind, one.site_key) for one in policy.providers),
        "store": store and (store.enabled, store.capacity, store.entries),
    }


def _rule(rule: Rule, policy: Policy, providers: dict[str, Any]) -> dict[str, object]:
    settings = dict(rule.settings)
    number = settings.pop("provider", 0)
    routes, targets = settings.pop("routes", ()), settings.pop("targets", ())
    assert {one.id for one in rule.references if one.kind != "captcha provider"} == {*routes, *targets}
    return {
        "rule": (rule.phase, rule.name, rule.priority, rule.enabled, rule.conditional),
        "match": (rule.match.text, rule.match.expression),
        "key": rule.key and [part.field for part in rule.key],
        "outcome": (rule.outcome.kind, rule.outcome.passable, dict(rule.outcome.effect) | {"provider": 0}),
        "settings": settings,
        "chosen": rule.chosen,
        "provider": providers.get(str(number), "none" if not number else "gone"),
        "routes": Counter(_spot(policy, one) for one in dict.fromkeys(routes)),
        "targets": Counter(_target_spots(policy, one) for one in dict.fromkeys(targets)),
    }


def _spot(policy: Policy, number: str) -> str:
    return " ".join(str(position) for position, route in enumerate(policy.routes) if route.id == number) or "gone"


def _target_spots(policy: Policy, number: str) -> str:
    spots = (
        f"{position}/{place}"
        for position, route in enumerate(policy.routes)
        for place, target in enumerate(route.targets)
        if target.id == number
    )
    return " ".join(spots) or "gone"


def _route(route: Route, listeners: dict[str, str]) -> dict[str, object]:
    return {
        "listener": listeners.get(route.listener, "gone" if route.listener else "any"),
        "priority": None if route.default else route.order[0],
        "match": (route.host, route.path, route.default, route.match, route.separators),
        "does": (route.enabled, route.action, route.redirect),
        "targets": [
            (one.name, one.origin, one.enabled, one.group, one.weight, one.injected, one.health_checked)
            for one in route.targets
        ],
    }


def finding_identities(path: Path | str, topology: Any = None) -> Counter[tuple[str, str, str]]:
    """What `edgelint check --pedantic` finds, told by check, phase and name; a whole rule set goes by no name."""
    wishes = Wishes(pedantic=True) if topology is None else Wishes(pedantic=True, topology=topology)
    report = lint([str(path)], wishes, bytes)
    assert not report.failures
    assert report.policies
    names = {policy.name for policy in report.policies} | {finding.place.source.name for finding in report.findings}
    found = (finding.identity() for finding in report.findings)
    return Counter((check, phase, "" if name in names else name) for check, phase, name in found)
