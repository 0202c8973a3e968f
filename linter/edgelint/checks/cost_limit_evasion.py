"""Protective rules that a client switches off by making its request so long that evaluating them costs too much."""

from __future__ import annotations

from collections.abc import Iterator

from edgelint.evidence import witness
from edgelint.facts import Facts, subject
from edgelint.finding import Confidence, Finding, Severity
from edgelint.knowledge.addressees import upstream_of
from edgelint.knowledge.padding import Evasion, evasion
from edgelint.model.expression import PATH
from edgelint.model.policy import Rule
from edgelint.model.request import Request
from edgelint.model.topology import Upstream
from edgelint.model.walk import atoms
from edgelint.replay import route_of

_EASY, _POSSIBLE = 16 << 10, 64 << 10
"""Bytes that most servers take in a request's line and headers, and that few do."""

_PATIENT = "go"
"""The stack whose servers take a megabyte of headers in any number of lines (`http.DefaultMaxHeaderBytes`)."""


def check(facts: Facts) -> Iterator[Finding]:
    """Report protective rules over the cost limit, with the request they catch and the padding that makes them miss it."""
    costs = facts.policy.platform.costs
    for rule in facts.subjects("block", "challenge", "queue", "limit") if costs else ():
        found = evasion(facts, rule)
        if found is not None and costs is not None and _taken(facts, found):
            yield _finding(facts, rule, found, costs.limit)


def _finding(facts: Facts, rule: Rule, found: Evasion, limit: int) -> Finding:
    field = found.way.field
    span = next(atom.span for atom, _ in atoms(rule.match.expression) if getattr(atom, "field", None) == field)
    what = "the path" if field == PATH else str(field)
    severity, told = _severity(facts, found)
    return Finding(
        check="cost-limit-evasion",
        severity=severity,
        confidence=Confidence.PROVEN,
        message=f"{rule} no longer applies once {what} {_padded(found)}: it then costs too much to evaluate",
        subject=subject(rule),
        place=rule.match.at(span),
        witness=witness(facts, found.request, [rule]),
        detail=(
            f"for example this request with {_padding(found)}; one less costs no more than {limit:,}, the most it may",
            told,
        ),
        advice="block what is longer than you expect in a rule before it, and put prefixes, host patterns and lists first",
    )


def _padded(found: Evasion) -> str:
    if found.way.repeated:
        return f"comes {found.times:,} times ({found.size:,} bytes)"
    return f"has {found.size:,} bytes"


def _padding(found: Evasion) -> str:
    if found.way.repeated:
        return f"{found.count:,} values `a` before what is there"
    return f"{found.count:,} times `a` added"


def _severity(facts: Facts, found: Evasion) -> tuple[Severity, str]:
    """How easily the padded request arrives, and what that rests on."""
    listener = facts.listeners.get(found.request.listener)
    bound = facts.topology.front(listener.name if listener else "*").longest_header
    if bound is not None and bound < found.size:
        return (
            Severity.INFO,
            f"what stands before the edge lets {bound:,} bytes of headers through, so it does not arrive",
        )
    told = 'if something before the edge refuses that, say so with `topology.listeners."*".longest_header`'
    if found.crowded or found.size > _POSSIBLE:
        if _upstream(facts, found.request).stack == _PATIENT:
            return Severity.MEDIUM, f"servers written in Go take a megabyte of headers; {told}"
        return Severity.LOW, f"few servers take so long or so many headers, those written in Go do; {told}"
    return (Severity.HIGH if found.size <= _EASY else Severity.MEDIUM), told


def _taken(facts: Facts, found: Evasion) -> bool:
    """Whether the application may take the padded request."""
    upstream = _upstream(facts, found.request)
    modest = found.size <= _POSSIBLE and not found.crowded
    return modest or (upstream.stack in (None, _PATIENT) and not upstream.static)


def _upstream(facts: Facts, request: Request) -> Upstream:
    route = route_of(facts.policy, request)
    return upstream_of(facts, request.host, route) if route else Upstream()
