"""What a test of the client's address comes to on a listener where a proxy's address is all that arrives."""

from __future__ import annotations

from typing import Literal

from edgelint.evidence import reached
from edgelint.facts import Facts
from edgelint.knowledge.pairs import escape, loosened
from edgelint.knowledge.scope import bounds
from edgelint.knowledge.trust import address_literals, arriving
from edgelint.model.expression import ADDRESS
from edgelint.model.policy import Listener, Rule
from edgelint.model.request import Request
from edgelint.record import record
from edgelint.space.addresses import Addresses, every, network
from edgelint.space.limits import Unbounded
from edgelint.space.questions import member, outside
from edgelint.space.region import Region
from edgelint.space.theory import Axis

PRIVATE = every(map(network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")))
"""The addresses of RFC 1918 and RFC 4193, which container bridges and proxies nearby have."""

_EVERYWHERE = ("", "0.0.0.0", "::")  # noqa: S104 - compared with, nothing is bound


@record
class Fate:
    """What becomes of the requests that come through a proxy: the rule takes them `all`, takes `none`, or it is `unknown` which.

    `request` comes through the proxy, as far as its addresses are known; `other` is the same from a client's own address, and
    the rule treats it differently.
    """

    taken: Literal["all", "none", "unknown"]
    request: Request
    other: Request | None = None


def fate(facts: Facts, rule: Rule, listener: Listener) -> Fate | None:
    """What a rule that tests addresses does to all requests through a listener's proxy; None when it names the proxy itself."""
    try:
        here = facts.both(facts.live(rule), arriving(facts, listener))
        peers = every(map(network, facts.topology.networks(listener.name)))
        if not peers:
            return _unlisted(facts, rule, here)
        literals = (*address_literals(rule, True), *address_literals(rule, False))
        return None if any(one and not one - peers for one in literals) else _listed(facts, rule, here, peers)
    except Unbounded:
        return None


def _listed(facts: Facts, rule: Rule, here: Region, peers: Addresses) -> Fate | None:
    through = facts.meaning.space.region(Axis("address"), peers)
    inside = here & through
    if member(inside).no:
        pair = escape(facts, rule, [ADDRESS], within=here, to=through)
        return None if pair is None else Fate("none", pair.spared, pair.caught)
    if not outside(loosened(here, [Axis("address")]) & through, [facts.region(rule)]).answer.no:
        return None
    pair = escape(facts, rule, [ADDRESS], within=inside, to=~through)
    return None if pair is None else Fate("all", pair.caught, pair.spared)


def _unlisted(facts: Facts, rule: Rule, here: Region) -> Fate | None:
    """A rule that lists whom to let in for the whole of a service may list the proxy: only one for some paths counts."""
    if address_literals(rule, False) and not bounds(rule, "path"):
        return None
    request = reached(facts, rule, here)
    return None if request is None else Fate("unknown", request)


def lets_in_private(facts: Facts, rule: Rule) -> Listener | None:
    """A listener open to everybody, nothing being declared about it, on which a protective rule lets private addresses in."""
    if not rule.outcome.protects or not any(one and not one - PRIVATE for one in address_literals(rule, False)):
        return None
    for listener in facts.listeners.values():
        open_to_all = listener.address in _EVERYWHERE and not facts.topology.declared(listener.name)
        if open_to_all and member(facts.both(facts.live(rule), arriving(facts, listener))).yes:
            return listener
    return None
