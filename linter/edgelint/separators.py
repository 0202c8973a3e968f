"""Paths on routes that let encoded slashes through: how a rule reads them, and how else they can be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from edgelint.model.expression import PATH, Equals, PathPrefix, Spanned, StartsWith
from edgelint.model.policy import Policy, Route, Rule
from edgelint.model.request import Request
from edgelint.model.walk import literal_atoms
from edgelint.record import replace
from edgelint.replay import applies, route_of
from edgelint.space.limits import Unbounded


def compared(rule: Rule, route: Route) -> Iterator[tuple[str, Spanned]]:
    """The paths below a route's own that a condition asks for, with the place."""
    own = route.path.rstrip("/") + "/"
    for atom, predicate, positive in literal_atoms(rule.match.expression):
        if positive and atom.field == PATH and isinstance(predicate, Equals | PathPrefix | StartsWith):
            text = predicate.text.rstrip("/")
            if text.startswith(own) and text != own:
                yield text, atom.span


def doubled(policy: Policy, request: Request, route: Route, spared: Sequence[Rule]) -> Request | None:
    """A request with a second, encoded slash behind the route's own path that some rules pass over; None when one does not."""
    start = len(route.path.rstrip("/")) + 1
    twin = replace(request, path=f"{request.path[:start]}/{request.path[start:]}")
    try:
        passed = route_of(policy, twin) is route and not any(applies(policy, rule, twin) for rule in spared)
    except Unbounded:
        return None
    return twin if passed else None
