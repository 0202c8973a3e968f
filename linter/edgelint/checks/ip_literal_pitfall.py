"""Conditions on the client's address that take in strangers, or leave out every client of one IP version."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Interface, IPv6Interface, ip_interface

from edgelint.evidence import reached, witness
from edgelint.facts import Facts, subject
from edgelint.finding import Confidence, Finding, Severity, Witness
from edgelint.knowledge.families import V4, V6, arriving, spoken_of
from edgelint.knowledge.strictness import in_either_family, longer_addresses, whole_numbers
from edgelint.knowledge.variants import Variant, escapes, surplus, tried, variants
from edgelint.model.expression import ADDRESS, And, InNetwork
from edgelint.model.policy import Rule
from edgelint.model.request import Request
from edgelint.model.walk import literal_atoms

_NETWORK = re.compile(r"[0-9a-fA-F.:]+/[0-9]+")


def check(facts: Facts) -> Iterator[Finding]:
    """Report the gravest slip in each rule's conditions on the address, with a client that shows it."""
    for rule in facts.subjects():
        if any(atom.field == ADDRESS for atom, _, _ in literal_atoms(rule.match.expression)):
            found = [
                finding for slips in (_as_text, _one_family, _only_listed, _host_bits) for finding in slips(facts, rule)
            ]
            if found:
                yield max(found, key=lambda finding: finding.severity)


def _as_text(facts: Facts, rule: Rule) -> Iterator[Finding]:
    """Texts and patterns that fit longer numbers, too."""
    for variant in variants(rule, whole_numbers):
        request, does, severity = _stranger(facts, rule, variant), "also catches", Severity.MEDIUM
        if not variant.positive:
            does, severity = "spares", Severity.HIGH
        if request is not None:
            message = f"{rule} {does} client {request.address}: it compares addresses as text, not by whole numbers"
            advice = "compare with a network in CIDR notation"
            yield _finding(rule, severity, message, variant.atom.span, advice, witness(facts, request, [rule]))


def _stranger(facts: Facts, rule: Rule, variant: Variant) -> Request | None:
    """A request of a client that a comparison by whole numbers would not take for another one."""
    if not variant.positive:
        found = next(escapes(facts, rule, variant.expression), None) if rule.outcome.protects else None
        return found.request if found else None
    found = next(surplus(facts, rule, variant.expression), None)
    return found.request if found else tried(facts, rule, variant, longer_addresses(variant.instead))


def _one_family(facts: Facts, rule: Rule) -> Iterator[Finding]:
    """Rules for most of one IP version and nothing of the other."""
    caught = facts.addresses(rule)
    for family, other in ((V4, V6), (V6, V4)):
        most = 2 * (caught & family.addresses).size() >= family.addresses.size()
        if not rule.outcome.protects or not most or caught & other.addresses:
            continue
        for variant in variants(rule, in_either_family):
            wider = And((variant.expression, arriving(facts, other)))
            landed = next(escapes(facts, rule, wider), None) if variant.positive else None
            if landed is not None:
                severity = Severity.HIGH if rule.outcome.denies else Severity.MEDIUM
                message = f"{rule} catches {family.name} clients only: client {landed.request.address} passes"
                advice = f"add the networks of {other.name}, such as `{other.network}`"
                yield _finding(
                    rule, severity, message, variant.atom.span, advice, witness(facts, landed.request, [rule])
                )


def _only_listed(facts: Facts, rule: Rule) -> Iterator[Finding]:
    """Rules that refuse everybody but some networks, all of one IP version, where networks of the other are known, too."""
    listed = [
        (atom, literal)
        for atom, literal, positive in literal_atoms(rule.match.expression)
        if isinstance(literal, InNetwork) and not positive
    ]
    for family, other in ((V4, V6), (V6, V4)):
        one_sided = bool(listed) and all(family.has(literal.network) for _, literal in listed)
        if not one_sided or not rule.outcome.denies or other.addresses - facts.addresses(rule):
            continue
        if not spoken_of(facts, other):
            continue
        request = reached(facts, rule, facts.both(facts.live(rule), facts.matching(arriving(facts, other))))
        if request is not None:
            message = f"{rule} spares networks of {family.name} only, and refuses every {other.name} client"
            advice = f"add the {other.name} networks of those it is to spare"
            yield _finding(rule, Severity.LOW, message, listed[0][0].span, advice, witness(facts, request, [rule]))


def _host_bits(_facts: Facts, rule: Rule) -> Iterator[Finding]:
    """Networks written as an address inside of them, which may be all that is meant."""
    for atom, literal, _ in literal_atoms(rule.match.expression):
        if not isinstance(literal, InNetwork) or atom.span is None:
            continue
        for written in _NETWORK.finditer(rule.match.text, *atom.span):
            found = _interface(written[0])
            if found and found.ip != found.network.network_address and str(found.network) == literal.network:
                message = f"{rule} says `{written[0]}`, and that means all of `{found.network}`"
                yield _finding(
                    rule, Severity.LOW, message, written.span(), f"write `{found.network}`, or the one address"
                )


def _interface(text: str) -> IPv4Interface | IPv6Interface | None:
    try:
        return ip_interface(text)
    except ValueError:
        return None


def _finding(
    rule: Rule,
    severity: Severity,
    message: str,
    span: tuple[int, int] | None,
    advice: str,
    shown: Witness | None = None,
) -> Finding:
    return Finding(
        check="ip-literal-pitfall",
        severity=severity,
        confidence=Confidence.PROVEN,
        message=message,
        subject=subject(rule),
        place=rule.match.at(span),
        witness=shown,
        advice=advice,
    )
