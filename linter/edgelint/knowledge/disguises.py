"""Requests that an application takes for others: HEAD for GET, and those with a header that names another method or path."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from edgelint.evidence import reached
from edgelint.facts import Facts
from edgelint.knowledge.addressees import upstream_of, upstreams
from edgelint.knowledge.escapes import Escape, escapes, takes
from edgelint.knowledge.landings import Landings
from edgelint.meaning import text_language
from edgelint.model.expression import METHOD, PATH, And, AnyValue, Constant, Equals, Expression, Field, Test
from edgelint.model.policy import Route, Rule
from edgelint.model.topology import Upstream
from edgelint.model.walk import atoms, rewrite
from edgelint.record import record, replace
from edgelint.sensitive import paths, takes_credentials
from edgelint.space.limits import Unbounded

_METHOD_HEADER, _PATH_HEADER = Field("header", "x-http-method-override"), Field("header", "x-original-url")
_WRITING = ("DELETE", "PUT", "PATCH")
_OVERRIDING = ("laravel", "rails")
"""What obeys a header that overrides the method of a POST where nobody says otherwise."""


@record(eq=False)
class Disguise:
    """A confirmed request past a rule whose header makes it another one. `declared` says that the application obeys it."""

    header: str
    escape: Escape
    declared: bool


def unlike(facts: Facts, rule: Rule, method: str, like: str, *, unlimited: bool = False) -> Escape | None:
    """A request with a method past a rule that would take it with another; with `unlimited`, past every limit as well."""
    if not asks_for(rule, METHOD):
        return None
    condition = And((as_if(rule.match.expression, METHOD, like), Test(METHOD, Equals(method))))
    meant = facts.both(facts.matching(condition), facts.possible)
    found = escapes(facts, rule, meant, more=facts.active("limit") if unlimited else ())
    return next((one for one in found if takes(facts, rule, replace(one.request, method=like))), None)


def hands_in_credentials(rule: Rule) -> bool:
    """Whether a rule names a path at which passwords or tokens are handed in."""
    return any(map(takes_credentials, paths(rule)))


def disguise(facts: Facts, rule: Rule) -> Disguise | None:
    """A header that leads past a rule where the application is declared, or else known by habit, to obey it."""
    if not any(map(_may_obey, facts.topology.upstreams)):
        return None
    landed = facts.once(Landings).reached(rule)
    routes = [route for route in landed if any(map(_may_obey, upstreams(facts, rule, route)))]
    found = [one for way in _ways(facts, rule) for one in _past(facts, rule, way, routes)] if routes else []
    return min(found, key=lambda one: not one.declared, default=None)


def _may_obey(upstream: Upstream) -> bool:
    return upstream.overrides is True or (upstream.overrides is None and upstream.stack in _OVERRIDING)


class _Way(NamedTuple):
    """A request that is sent with one value of a field, and with another one in a header that overrides it."""

    field: Field
    wanted: str
    sent: str
    header: Field


def _ways(facts: Facts, rule: Rule) -> Iterator[_Way]:
    request = reached(facts, rule) if asks_for(rule, PATH) else None
    if request is not None:
        yield _Way(PATH, request.path, "/", _PATH_HEADER)
    if asks_for(rule, METHOD):
        yield from (_Way(METHOD, method, "POST", _METHOD_HEADER) for method in _WRITING)


def _past(facts: Facts, rule: Rule, way: _Way, routes: list[Route]) -> Iterator[Disguise]:
    as_wanted = as_if(rule.match.expression, way.field, way.wanted)
    sent = And((as_wanted, Test(way.field, Equals(way.sent)), AnyValue(way.header, Equals(way.wanted))))
    for escape in escapes(facts, rule, facts.both(facts.matching(sent), facts.possible), routes):
        upstream = upstream_of(facts, escape.request.host, escape.route)
        obeys = _may_obey(upstream) if way.field == METHOD else bool(upstream.overrides)
        if obeys and takes(facts, rule, replace(escape.request, **{way.field.kind: way.wanted})):
            yield Disguise(way.header.name, escape, declared=bool(upstream.overrides))


def asks_for(rule: Rule, field: Field) -> bool:
    """Whether a condition tests a field that every request has."""
    return any(isinstance(atom, Test) and atom.field == field for atom, _ in atoms(rule.match.expression))


def as_if(expression: Expression, field: Field, value: str) -> Expression:
    """A condition for requests whose field has a value, whatever it really is."""

    def settle(node: Expression) -> Expression:
        if not isinstance(node, Test) or node.field != field:
            return node
        try:
            return Constant(value in text_language(node.predicate))
        except Unbounded:
            return node

    return rewrite(expression, settle)
