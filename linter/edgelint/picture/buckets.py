"""What limiters and shapers count by: whom a key tells apart, and who decides what its parts are."""

from __future__ import annotations

from typing import Literal

from edgelint.budgets import Budget, budget_of
from edgelint.facts import Facts
from edgelint.keys import checked, fields, settled
from edgelint.knowledge.quotas import chosen, rotating
from edgelint.model.expression import Field, Not, Present
from edgelint.model.policy import Listener, Rule
from edgelint.record import record
from edgelint.space.questions import overlap

Role = Literal["client", "proxy", "credential", "chosen", "constant", "request"]
"""What a part of a key is: the client's address or what a trusted proxy says of it; the address of a proxy; something that the
application or a challenge checks; what the client says of itself; always the same; what the request is for."""

Identity = Literal["client", "proxy", "credential", "chosen", "few", "everybody", "one-client"]
"""Whom a bucket belongs to: a client; all clients of a proxy; whoever shows a credential; whoever makes a value up; whoever says
one of a few values; all; the only client there is."""


@record
class Part:
    """A part of a key. `missing` says that the requests that lack it share a bucket; `free` that a client can vary it at will."""

    field: Field
    role: Role
    missing: bool
    free: bool


@record(eq=False)
class Bucket:
    """What a limiter or shaper counts by; `budget` is None for shapers, `parts` for a budget of every request alone.

    `proxies` are the listeners where the client's address is that of a proxy.
    """

    budget: Budget | None
    parts: tuple[Part, ...] | None
    identity: Identity
    proxies: tuple[Listener, ...] = ()


def bucket(facts: Facts, rule: Rule) -> Bucket | None:
    """The bucket of a limiter or shaper; None for a rule that grants nothing."""
    if rule.outcome.kind not in ("limit", "shape"):
        return None
    if rule.key is None:
        return Bucket(budget_of(rule), None, "client")
    proxies = facts.fronted(rule)
    free = rotating(facts, rule, rule)
    parts = tuple(_part(facts, rule, field, free=field in free, fronted=bool(proxies)) for field in fields(rule))
    return Bucket(budget_of(rule), parts, _identity(facts, rule, parts), proxies)


def _part(facts: Facts, rule: Rule, field: Field, *, free: bool, fronted: bool) -> Part:
    return Part(field, _role(facts, rule, field, fronted=fronted), _missing(facts, rule, field), free)


def _role(facts: Facts, rule: Rule, field: Field, *, fronted: bool) -> Role:
    if settled(facts.meaning, facts.live(rule), field):
        return "constant"
    if field.kind == "address":
        return "proxy" if fronted else "client"
    if field.kind == "header" and field.name in facts.topology.trusted_headers:
        return "client"
    if field.kind not in _SENT:
        return "request"
    return "credential" if checked(field) or not chosen(facts, rule, field) else "chosen"


def _missing(facts: Facts, rule: Rule, field: Field) -> bool:
    if field.kind not in _SENT or facts.policy.platform.missing_key is None or not chosen(facts, rule, field):
        return False
    return overlap(facts.live(rule), facts.matching(Not(Present(field)))).yes


_SENT = ("header", "cookie", "query")

_IDENTITIES: tuple[tuple[Role, Identity], ...] = (
    ("client", "client"),
    ("credential", "credential"),
    ("proxy", "proxy"),
)


def _identity(facts: Facts, rule: Rule, parts: tuple[Part, ...]) -> Identity:
    roles = {part.role for part in parts}
    found = next((identity for role, identity in _IDENTITIES if role in roles), None)
    if found is not None:
        return found
    if facts.addresses(rule).size() <= 1:
        return "one-client"
    said = [part for part in parts if part.role == "chosen"]
    return ("chosen" if any(part.free for part in said) else "few") if said else "everybody"
