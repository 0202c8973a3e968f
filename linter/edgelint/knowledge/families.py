"""The two versions of IP as clients use them: which addresses are of one, and where they can come in."""

from __future__ import annotations

from edgelint.facts import Facts
from edgelint.model.expression import ADDRESS, LISTENER, And, Equals, Expression, InNetwork, Or, Test
from edgelint.model.walk import literal_atoms
from edgelint.record import record
from edgelint.space.addresses import EVERY_V4, EVERY_V6, Addresses


@record
class Family:
    """A version of IP: its name, its addresses, and the network that is all of them."""

    name: str
    addresses: Addresses
    network: str

    def has(self, network: str) -> bool:
        """Whether a network in CIDR notation is of this version."""
        return (":" in network) == (":" in self.network)


V4, V6 = Family("IPv4", EVERY_V4, "0.0.0.0/0"), Family("IPv6", EVERY_V6, "::/0")


def arriving(facts: Facts, family: Family) -> Expression:
    """That a client comes in under its own address of a family, by a listener that takes such connections."""
    listeners = (
        Test(LISTENER, Equals(listener.id))
        for listener in facts.listeners.values()
        if not facts.topology.hides_clients(listener.name)
        and (family.has(listener.address) or listener.address in ("", "::"))
    )
    return And((Test(ADDRESS, InNetwork(family.network)), Or(tuple(listeners))))


def spoken_of(facts: Facts, family: Family) -> bool:
    """Whether some rule names networks of a family, other than all of it: its addresses are in use here."""
    return any(
        isinstance(literal, InNetwork) and family.has(literal.network) and literal.network != family.network
        for rule in facts.active()
        for _, literal, _ in literal_atoms(rule.match.expression)
    )
