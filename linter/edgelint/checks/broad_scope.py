"""Rules that catch requests meant for services their author never named."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from edgelint.evidence import witness
from edgelint.facts import Facts, related_routes, subject
from edgelint.finding import Confidence, Finding, Severity
from edgelint.keys import counts_by_address, counts_by_trusted_header
from edgelint.knowledge.machines import touches
from edgelint.knowledge.scope import accuses, bounds, caught, named, only_assets, touched
from edgelint.model.expression import Constant
from edgelint.model.policy import Rule
from edgelint.model.request import Request
from edgelint.routing import Service

_SHOWN = 4
_MIB = 1 << 20


def check(facts: Facts) -> Iterator[Finding]:
    """Report rules that leave open what their kind must say, and so reach services they do not name."""
    if sum(1 for service in facts.routing.services if any(route.targets for route in service.routes)) < 2:
        return
    for rule in facts.subjects():
        clause = _OBLIGATIONS[rule.outcome.kind](facts, rule)
        met = touched(facts, rule) if clause else ()
        meant = named(rule, met)
        incidental = [service for service in met if service not in meant]
        proofs = {service: request for service in incidental[:_SHOWN] if (request := caught(facts, rule, service))}
        if proofs:
            yield _finding(facts, rule, clause, incidental, proofs, named(rule, facts.routing.services))


def _finding(
    facts: Facts,
    rule: Rule,
    clause: str,
    incidental: Sequence[Service],
    proofs: Mapping[Service, Request],
    meant: Sequence[Service],
) -> Finding:
    first, *others = proofs.items()
    catch_all = isinstance(rule.match.expression, Constant) and rule.outcome.kind == "limit"
    return Finding(
        check="broad-scope",
        severity=_severity(facts, rule, incidental),
        confidence=Confidence.LIKELY if catch_all else Confidence.PROVEN,
        message=_message(rule, incidental, bool(meant)),
        subject=subject(rule),
        place=rule.match.place,
        related=related_routes(incidental),
        witness=witness(facts, first[1], [rule]),
        detail=(clause, *(f"for `{service.name}`: {request.curl()}" for service, request in others)),
        advice=_advice(meant),
    )


def _message(rule: Rule, incidental: Sequence[Service], names_some: bool) -> str:
    names = ", ".join(f"`{service.name}`" for service in incidental[:_SHOWN])
    more = f" and {len(incidental) - _SHOWN} more" if len(incidental) > _SHOWN else ""
    if names_some:
        return f"{rule} also catches requests for {names}{more}, which it does not name"
    return f"{rule} names no service, yet catches requests for {len(incidental)} of them: {names}{more}"


def _severity(facts: Facts, rule: Rule, incidental: Sequence[Service]) -> Severity:
    machines = touches(facts, rule, incidental)
    if rule.outcome.denies:
        return Severity.CRITICAL if machines or 2 * len(incidental) > len(facts.routing.services) else Severity.HIGH
    return Severity.HIGH if machines or rule.outcome.kind == "cache" else Severity.MEDIUM


def _advice(meant: Sequence[Service]) -> str:
    if meant:
        return f"add a condition on the host: {', '.join(f'`{service.name}`' for service in meant)}"
    return "add a condition on the host it is meant for; if every service is meant, record that with an ignore entry"


def _block(_facts: Facts, rule: Rule) -> str:
    if bounds(rule, "host", "path") or accuses(rule):
        return ""
    return "a block has to say which host or path it closes, or what speaks against the client"


def _challenge(_facts: Facts, rule: Rule) -> str:
    return "" if bounds(rule, "host") and bounds(rule, "path", "method") else "a captcha has to name its host and page"


def _queue(_facts: Facts, _rule: Rule) -> str:
    return "a waiting room is for one host"


def _limit(facts: Facts, rule: Rule) -> str:
    """Which clause a limiter without a host fails that would make it a backstop; empty when it is one."""
    if bounds(rule, "host"):
        return ""
    limiters = facts.active("limit")
    rate = float(str(rule.settings.get("limit", 0))) / float(str(rule.settings.get("window", 60)) or 1)
    trusted = counts_by_trusted_header(rule, facts.topology)
    clauses = {
        "a limit for all services has to count by client": trusted or counts_by_address(rule),
        "a limit for all services has to be the last one": rule is limiters[-1],
        f"a limit for all services has to leave room: 10 requests a second, not {rate:.3g}": rate >= 10,
        "a limit for all services has to answer 429": rule.settings.get("status", 429) == 429,
        "behind a proxy all clients share one bucket": trusted or not facts.fronted(rule),
    }
    return next((clause for clause, met in clauses.items() if not met), "")


def _shape(facts: Facts, rule: Rule) -> str:
    if bounds(rule, "host", "path"):
        return ""
    rates = [int(str(rule.settings[name])) for name in ("download", "upload") if rule.settings.get(name)]
    backstop = rule is facts.active("shape")[-1] and min(rates, default=0) >= _MIB
    return "" if backstop else "a shaper has to name its host or path, unless it is the last one and leaves 1 MiB/s"


def _cache(facts: Facts, rule: Rule) -> str:
    return "" if only_assets(facts, rule) else "what may be cached depends on the path: name the paths of static files"


_OBLIGATIONS: dict[str, Callable[[Facts, Rule], str]] = {
    "block": _block,
    "challenge": _challenge,
    "queue": _queue,
    "limit": _limit,
    "shape": _shape,
    "cache": _cache,
}
