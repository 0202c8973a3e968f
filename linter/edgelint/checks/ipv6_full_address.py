"""Keys that take each IPv6 address for a client of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import IPv6Address

from edgelint.budgets import budget_of, counted
from edgelint.evidence import witness
from edgelint.facts import Facts, related, subject
from edgelint.finding import Confidence, Finding, Severity
from edgelint.keys import counts_by_address, key
from edgelint.knowledge.quotas import ROTATION, arriving, bursts, takes
from edgelint.model.expression import ADDRESS, InNetwork, Test
from edgelint.model.parts import with_values
from edgelint.model.policy import Listener, Rule
from edgelint.model.request import Request
from edgelint.space.addresses import network

_NETWORK = 64
"""The bits that a network of one client has in common: the smallest that is given out (RFC 7421)."""

_UNICAST = "2000::/3"
"""The IPv6 addresses that clients on the internet have (RFC 4291, section 2.4)."""


def check(facts: Facts) -> Iterator[Finding]:
    """Report, once for a policy, that its limits by address can be escaped from within one IPv6 network."""
    if facts.policy.platform.limiting.ipv6_prefix <= _NETWORK:
        return
    rules = [
        rule
        for rule in facts.subjects("limit", "shape")
        if counts_by_address(rule) and (facts.addresses(rule) & network(_UNICAST)).size() > 1
    ]
    listeners = [one for one in facts.listeners.values() if _hears(one) and not facts.topology.hides_clients(one.name)]
    for listener in sorted(listeners, key=lambda one: not one.address):
        for rule in rules:
            requests = _neighbours(facts, rule, listener)
            if len(requests) > 1:
                yield _finding(facts, rule, [other for other in rules if other is not rule], listener, requests)
                return


def _hears(listener: Listener) -> bool:
    """Whether a listener may be reached over IPv6: it is bound to such an address, or to all there are."""
    return not listener.address or ":" in listener.address


def _neighbours(facts: Facts, rule: Rule, listener: Listener) -> list[Request]:
    """The same request from several addresses of one network, each of which a rule takes."""
    unicast = facts.matching(Test(ADDRESS, InNetwork(_UNICAST)))
    arrived = (arriving(facts, rule, facts.both(here, unicast)) for here in facts.entrances(rule, listener))
    first = next(filter(None, arrived), None)
    if first is None:
        return []
    base = int(IPv6Address(first.address)) >> 128 - _NETWORK << 128 - _NETWORK
    found = (with_values(first, ADDRESS, (str(IPv6Address(base + number)),)) for number in range(1, ROTATION + 1))
    return [request for request in found if takes(facts, rule, request)]


def _finding(
    facts: Facts, rule: Rule, others: Sequence[Rule], listener: Listener, requests: Sequence[Request]
) -> Finding:
    counts = "it counts" if not others else f"{len(others) + 1} rules count"
    assumption = (
        f"assumes that the host of `{listener.name}` has an IPv6 address; if not, bind the listener to 0.0.0.0,"
        " or record it with an ignore entry"
    )
    return Finding(
        check="ipv6-full-address",
        severity=Severity.MEDIUM,
        confidence=Confidence.PROVEN if listener.address else Confidence.LIKELY,
        message=(
            f"{rule} is escaped by changing the IPv6 address within a network: {counts} by all"
            f" {facts.policy.platform.limiting.ipv6_prefix} bits, and the smallest network has 2^{128 - _NETWORK} addresses"
        ),
        subject=subject(rule),
        place=rule.at("key"),
        related=related(others, "counts by address, too"),
        witness=witness(facts, requests[0]),
        detail=(*_replay(facts, rule, requests), *(() if listener.address else (assumption,))),
        advice="let something in front hide or group IPv6 clients, or block networks that misuse it; the key cannot be shortened",
    )


def _replay(facts: Facts, rule: Rule, requests: Sequence[Request]) -> Iterator[str]:
    budget, keys = budget_of(rule), [key(rule, request, facts.policy.platform) for request in requests]
    if budget:
        passed = bursts(budget, facts, keys)
        yield (
            f"from {requests[0].address} {counted(passed[0], 'request')} are admitted at once,"
            f" with {len(keys) - 1} other addresses of its network {sum(passed)}"
        )
