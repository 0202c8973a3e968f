"""Whether two policies mean the same, wherever they stand and whatever ids they use: a reference is what it leads to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from edgelint.model.policy import Listener, Policy, Route, Rule, Target

_BY_ID = frozenset({"provider", "routes", "targets"})
"""Settings that hold ids."""


def same(one: Policy, other: Policy) -> bool:
    """Whether two policies mean the same."""
    return _Meaning(one).parts() == _Meaning(other).parts()


Positions = list[tuple[int, int]]
"""Where routes, or targets of routes, stand."""


class _Meaning:
    """A policy as values that can be compared; sorted where the order means nothing."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._listeners: Mapping[str, object] = {one.id: _listener(one) for one in policy.listeners}
        self._providers: Mapping[str, object] = {one.id: (one.name, one.kind) for one in policy.providers}
        self._targets: dict[str, Positions] = defaultdict(list)
        self._routes: dict[str, Positions] = defaultdict(list)
        for position, route in enumerate(policy.routes):
            self._routes[route.id].append((position, 0))
            for index, target in enumerate(route.targets):
                self._targets[target.id].append((position, index))

    def parts(self) -> tuple[object, ...]:
        """All of the policy."""
        policy, store = self._policy, self._policy.store
        return (
            policy.platform.name,
            [
                (phase.name, phase.algorithm, phase.on, [self._rule(rule) for rule in phase.rules])
                for phase in policy.phases
            ],
            [self._route(route) for route in policy.routes],
            sorted(_listener(one) for one in policy.listeners),
            sorted((one.name, one.enabled, one.kind, one.site_key) for one in policy.providers),
            store and (store.enabled, store.capacity, store.entries),
        )

    def _route(self, route: Route) -> tuple[object, ...]:
        # The default route comes last whatever its priority is.
        return (
            *(self._listeners.get(route.listener, bool(route.listener)), None if route.default else route.order[0]),
            *(route.host, route.path, route.default, route.enabled, route.action, route.match, route.separators),
            *(route.redirect, [_target(target) for target in route.targets]),
        )

    def _rule(self, rule: Rule) -> tuple[object, ...]:
        outcome = rule.outcome
        return (
            *(rule.phase, rule.name, rule.priority, rule.enabled, rule.conditional, rule.chosen),
            *(outcome.kind, outcome.passable, [pair for pair in outcome.effect if pair[0] not in _BY_ID]),
            *(rule.match.text, rule.match.expression, rule.match.language is None),
            rule.key and [part.field for part in rule.key],
            {word: value for word, value in rule.settings.items() if word not in _BY_ID},
            self._provider(str(rule.settings.get("provider", ""))),
            self._meant(rule, "route", self._routes),
            self._meant(rule, "target", self._targets),
        )

    def _provider(self, number: str) -> object:
        """The captcha provider of a number, or whether there is none."""
        return self._providers.get(number, number in ("", "0"))

    def _meant(self, rule: Rule, kind: str, known: Mapping[str, Positions]) -> list[Positions]:
        """What the references of one kind lead to: each thing once, and once each that is gone."""
        ids = {reference.id for reference in rule.references if reference.kind == kind}
        return sorted(known.get(one, []) for one in ids)


def _listener(listener: Listener) -> tuple[object, ...]:
    return (listener.name, listener.address, listener.port, listener.protocol, listener.enabled)


def _target(target: Target) -> tuple[object, ...]:
    served = (target.origin, target.enabled, target.group, target.weight)
    return (target.name, *served, target.injected, target.health_checked)
