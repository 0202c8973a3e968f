"""Lists of addresses on listeners where every request comes from the address of a proxy."""

from __future__ import annotations

from collections.abc import Iterator

from edgelint.evidence import witness
from edgelint.facts import Facts, subject
from edgelint.finding import Confidence, Finding, Severity
from edgelint.knowledge.fronts import Fate, fate, lets_in_private
from edgelint.knowledge.scope import bounds
from edgelint.knowledge.trust import address_literals
from edgelint.model.expression import ADDRESS, Spanned, Test
from edgelint.model.policy import Listener, Rule
from edgelint.model.walk import atoms

_VERBS = {"block": "blocks", "challenge": "challenges", "queue": "holds", "limit": "limits", "shape": "shapes"}
_ADVICE = (
    "move the list to the proxy; or test a header that only the proxy can set (topology.trusted_headers), or declare"
    " preserves_client_ip if the addresses of clients do arrive"
)

_WIDE = "assumes that its networks are those of clients; where they are to let in the proxy alone, list the proxy's own networks"
_UNKNOWN = "assumes that the list is one of clients and not of the proxy; say `behind: [network, ...]` with the proxy's networks"


def check(facts: Facts) -> Iterator[Finding]:
    """Report rules that tell clients apart by address where they see that of a proxy instead."""
    for rule in facts.subjects():
        tests = (atom for atom, _ in atoms(rule.match.expression) if isinstance(atom, Test))
        spans = [atom.span for atom in tests if atom.field == ADDRESS]
        if not spans:
            continue
        fates = ((listener, fate(facts, rule, listener)) for listener in facts.fronted(rule))
        found = next(((listener, one) for listener, one in fates if one is not None), None)
        if found is not None:
            yield _finding(facts, rule, spans[0], *found)
        elif (listener := lets_in_private(facts, rule)) is not None:
            yield _private(rule, spans[0], listener)


def _finding(facts: Facts, rule: Rule, span: Spanned, listener: Listener, found: Fate) -> Finding:
    behind = facts.topology.behind(listener.name)
    admits = rule.outcome.protects and bool(address_literals(rule, False))
    effect = {
        "all": f" and {_VERBS.get(rule.outcome.kind, 'caches')} every one",
        "none": " and lets in every one" if admits else " and takes none",
        "unknown": "",
    }[found.taken]
    sure = found.taken == "all" or (found.taken == "none" and (not admits or bounds(rule, "path")))
    known = found.taken != "unknown"
    return Finding(
        check="ip-list-behind-proxy",
        severity=_severity(rule, found, admits),
        confidence=Confidence.PROVEN if sure else Confidence.LIKELY,
        message=(
            f"{rule} cannot tell clients apart behind {behind}{effect}:"
            f" listener `{listener.name}` sees the proxy's address, never the client's"
        ),
        subject=subject(rule),
        place=rule.match.at(span),
        witness=witness(facts, found.request, [rule]),
        detail=() if sure else (_WIDE if known else _UNKNOWN,),
        advice=_ADVICE,
    )


def _severity(rule: Rule, found: Fate, admits: bool) -> Severity:
    if not rule.outcome.protects:
        return Severity.MEDIUM
    everybody = found.taken == "all" or admits
    return Severity.CRITICAL if everybody and rule.outcome.denies else Severity.HIGH


def _private(rule: Rule, span: Spanned, listener: Listener) -> Finding:
    return Finding(
        check="ip-list-behind-proxy",
        severity=Severity.LOW,
        confidence=Confidence.SUSPICION,
        message=f"{rule} spares private addresses, and a proxy or container bridge before listener `{listener.name}` has one",
        subject=subject(rule),
        place=rule.match.at(span),
        detail=(
            "assumes that something stands there; say `topology.listeners` with `behind: edge` if clients reach it directly",
        ),
        advice="declare what stands before the listener, or look in the access log whether clients appear under their own addresses",
    )
