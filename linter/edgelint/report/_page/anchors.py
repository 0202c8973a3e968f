"""The names by which the parts of a page are linked to."""

from __future__ import annotations

import re

from edgelint.model.policy import Policy, Route, Rule
from edgelint.source import Place

_LONGEST = 60


class Anchors:
    """Names of parts, each given once: lower-case letters, digits and single hyphens, whatever the user calls the part."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._places: dict[Place, str] = {}
        self._policies: dict[Policy, str] = {}

    def give(self, *words: str) -> str:
        """A name that is not taken yet, made of some words."""
        name = "-".join(re.sub(r"[^a-z0-9]+", "-", word.lower()).strip("-")[:_LONGEST] or "x" for word in words)
        number, found = 1, name
        while found in self._taken:
            number += 1
            found = f"{name}-{number}"
        self._taken.add(found)
        return found

    def add(self, policy: Policy, rules: tuple[Rule, ...], routes: tuple[Route, ...]) -> None:
        """Name the rules and routes of a policy that the page shows."""
        for rule in rules:
            self._places[rule.place] = self.give("rule", rule.phase, rule.name)
        for route in routes:
            name = self.give("route", route.host or "any", route.path.strip("/") or "all")
            self._places[route.place] = name
        self._policies[policy] = self.give("policy", policy.name)

    def policy(self, policy: Policy) -> str:
        """The name of a policy's part."""
        return self._policies[policy]

    def at(self, place: Place) -> str:
        """The name of the part about the rule or route that stands at a place, empty where there is none."""
        return self._places.get(place, "")


def check_anchor(check: str) -> str:
    """The name of the part that explains a check."""
    return f"check-{check}"
