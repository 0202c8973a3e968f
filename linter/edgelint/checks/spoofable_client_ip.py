"""Rules that take a forwarding header at its word, where clients write that header themselves."""

from __future__ import annotations

from collections.abc import Iterator

from edgelint.evidence import witness
from edgelint.facts import Facts, subject
from edgelint.finding import Confidence, Finding, Severity
from edgelint.knowledge.pairs import Pair, escape, guards
from edgelint.knowledge.trust import FORWARDING, chosen, forwarding, mentions, strangers
from edgelint.model.expression import Field, Spanned
from edgelint.model.policy import Rule
from edgelint.space.limits import Unbounded

_IDENTITY = ("the client's address", "the client's country")


def check(facts: Facts) -> Iterator[Finding]:
    """Report rules that a client without a proxy before it escapes by writing what only a proxy should write."""
    for rule in facts.subjects():
        spans: dict[Field, Spanned] = {}
        for field, span in mentions(rule):
            if forwarding(field) and chosen(field, facts.topology):
                spans.setdefault(field, span)
        for certain in (True, False) if spans else ():
            pair = _forged(facts, rule, list(spans), certain)
            if pair is not None:
                field = next((one for one in spans if _differs(pair, one)), next(iter(spans)))
                yield _finding(facts, rule, field, spans[field], pair, certain)
                break


def _forged(facts: Facts, rule: Rule, fields: list[Field], certain: bool) -> Pair | None:
    try:
        return escape(facts, rule, fields, guards(facts, rule, fields), within=strangers(facts, rule, certain))
    except Unbounded:
        return None


def _differs(pair: Pair, field: Field) -> bool:
    return pair.caught.values(field.name) != pair.spared.values(field.name)


def _finding(facts: Facts, rule: Rule, field: Field, span: Spanned, pair: Pair, certain: bool) -> Finding:
    claim = FORWARDING[field.name]
    assumption = (
        "assumes that clients can reach the edge without a proxy; say `topology.trusted_headers:"
        f" [{field.name}]` if only a proxy can set it, or `behind: edge` if there is none"
    )
    return Finding(
        check="spoofable-client-ip",
        severity=_severity(rule, claim),
        confidence=Confidence.PROVEN if certain else Confidence.LIKELY,
        message=f"{rule} trusts {field} to tell {claim}, but a client that comes directly writes it as it likes",
        subject=subject(rule),
        place=rule.match.at(span),
        witness=witness(facts, pair.spared, [rule]),
        detail=(
            f"the rule takes the same request with another value: {pair.caught.curl()}",
            *(() if certain else (assumption,)),
        ),
        advice=(
            "test the address of the connection; behind a proxy that sets the header, block every other address and"
            f" declare `topology.trusted_headers: [{field.name}]`"
        ),
    )


def _severity(rule: Rule, claim: str) -> Severity:
    if claim not in _IDENTITY or not rule.outcome.protects:
        return Severity.MEDIUM
    return Severity.CRITICAL if rule.outcome.denies else Severity.HIGH
