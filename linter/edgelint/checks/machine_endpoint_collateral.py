"""Rules that refuse or challenge clients that are no browsers and can do nothing about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from edgelint.evidence import witness
from edgelint.facts import Facts, subject
from edgelint.finding import Confidence, Finding, Severity
from edgelint.keys import identity
from edgelint.knowledge.machines import BY_HABIT, CALLS, PREFLIGHTS, Caught, Machines, catches, declared
from edgelint.knowledge.scope import accuses
from edgelint.model.durations import lasting
from edgelint.model.policy import Rule
from edgelint.path_classes import programs


def check(facts: Facts) -> Iterator[Finding]:
    """Report blocks, captchas and limits that catch declared machines, and blocks and captchas that catch likely ones."""
    known = declared(facts)
    for rule in facts.subjects("block", "challenge", "limit"):
        judges = accuses(rule)
        found = [one for one in catches(facts, rule, known) if _stopped(facts, rule, one.machines)]
        if judges or rule.outcome.kind == "block":
            found = [one for one in found if one.certain]
        if not known and not judges:
            found = list(catches(facts, rule, _likely(facts, rule)))
        if found:
            yield _finding(facts, rule, sorted(found, key=lambda one: not _proven(facts, rule, one)))


def _stopped(facts: Facts, rule: Rule, machines: Machines) -> bool:
    """Whether machines that keep their pace come to be refused: for ever, or when they ask more often than a limit allows."""
    if rule.outcome.kind != "limit":
        return True
    every = machines.endpoint.every if machines.endpoint else None
    addresses = {("address", ""), *(("header", name) for name in facts.topology.trusted_headers)}
    if every is None or every > facts.policy.platform.limiting.idle or not identity(rule) <= addresses:
        return False
    return _asked(rule, every) > float(_limit(rule))


def _limit(rule: Rule) -> str:
    return str(rule.settings["limit"])


def _asked(rule: Rule, every: float) -> int:
    """How often machines ask in the window of a limit at least."""
    return int(float(str(rule.settings["window"])) / every)


def _likely(facts: Facts, rule: Rule) -> tuple[Machines, ...]:
    """The habits to look for: all where there is a captcha, preflights where a block spares the calls they are for."""
    if rule.outcome.kind != "block":
        return BY_HABIT if rule.outcome.kind == "challenge" and not facts.within_paths(rule, programs()) else ()
    spares = all(one.request.method not in ("GET", "POST") for one in catches(facts, rule, (CALLS,)))
    return (PREFLIGHTS,) if spares else ()


def _proven(facts: Facts, rule: Rule, one: Caught) -> bool:
    """Whether nothing but what is declared has to be true: for a limit, that all requests of the machines share a bucket."""
    kinds = {kind for kind, _ in identity(rule)}
    shared = rule.outcome.kind != "limit" or not kinds or (kinds == {"address"} and bool(facts.fronted(rule)))
    return one.machines.endpoint is not None and one.certain and shared


def _finding(facts: Facts, rule: Rule, found: Sequence[Caught]) -> Finding:
    first, *others = found
    proven = _proven(facts, rule, first)
    severity = Severity.LOW if first.machines.endpoint is None else Severity.MEDIUM
    return Finding(
        check="machine-endpoint-collateral",
        severity=Severity.HIGH if proven and not rule.conditional else severity,
        confidence=Confidence.PROVEN if proven else Confidence.LIKELY,
        message=_message(rule, found),
        subject=subject(rule),
        place=rule.at("limit") if rule.outcome.kind == "limit" else rule.match.place,
        witness=witness(facts, first.request, [rule]),
        detail=(
            *(f"for {one.machines.name}: {one.request.curl()}" for one in others),
            *(() if proven else (_assumption(rule, first),)),
            *(("this happens while the rule is active",) if rule.conditional else ()),
        ),
        advice=_advice(rule),
    )


def _message(rule: Rule, found: Sequence[Caught]) -> str:
    first, names = found[0].machines, ", ".join(one.machines.name for one in found)
    if rule.outcome.kind == "limit" and first.endpoint and first.endpoint.every:
        window = lasting(float(str(rule.settings["window"])))
        return f"{rule} grants {_limit(rule)} requests in {window}, but {first.name} is asked for {_asked(rule, first.endpoint.every)} times"
    if rule.outcome.kind == "challenge" and first.endpoint:
        return f"{rule} asks the clients of {names} for a captcha, but they are programs and cannot solve it"
    if rule.outcome.kind == "challenge":
        return f"{rule} asks for a captcha on requests behind which nobody sits: {names}"
    return (
        f"{rule} refuses the clients of {names}"
        if first.endpoint
        else f"{rule} refuses {names}, but not the calls they are for"
    )


def _assumption(rule: Rule, first: Caught) -> str:
    endpoint = first.machines.endpoint
    if endpoint is None:
        return "assumes that such requests come; where `topology.machine_endpoints` says which do, only those are looked at"
    if rule.outcome.kind == "limit":
        return f"assumes that {first.machines.name} of `topology.machine_endpoints` is asked for from one address"
    return f"assumes that its clients send a request such as this one to {first.machines.name} of `topology.machine_endpoints`"


def _advice(rule: Rule) -> str:
    if rule.outcome.kind == "limit":
        return "leave these paths out of the limit, or raise it well above their pace"
    return "leave these requests out of the condition, and protect them with a rate limit"
