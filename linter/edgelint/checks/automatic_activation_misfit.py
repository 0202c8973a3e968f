"""Automatic rules that never come on, come on without need or too late, or because of somebody else's traffic."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from edgelint.facts import Facts, related_routes, subject
from edgelint.finding import Confidence, Finding, Severity
from edgelint.knowledge.scope import touched
from edgelint.model.durations import lasting
from edgelint.model.policy import Rule
from edgelint.record import record
from edgelint.routing import Service, served
from edgelint.simulation.baseline import steepest

_SHARES = ("trigger_server_cpu", "trigger_agent_cpu")
_FOREIGN = ("trigger_requests", "trigger_target_requests", "trigger_agent_requests", *_SHARES)
_LATE = 300
"""From how many seconds of delay on a rush has come and gone before the rule is there."""


@record
class _Misfit:
    """What is wrong with a rule's activation, at which setting; `others` are the services whose traffic switches it on."""

    setting: str
    severity: Severity
    message: str
    advice: str
    detail: tuple[str, ...] = ()
    others: tuple[Service, ...] = ()


def check(facts: Facts) -> Iterator[Finding]:
    """Report for each automatic rule the gravest misfit between what is to switch it on and what it is for."""
    for rule in facts.subjects("block", "challenge", "queue"):
        if rule.conditional and not facts.effective(rule).answer.no:
            found = _never(facts, rule) or _steady(facts, rule) or _late(facts, rule) or _foreign(facts, rule)
            if found:
                yield Finding(
                    check="automatic-activation-misfit",
                    severity=found.severity,
                    confidence=Confidence.LIKELY if found.others else Confidence.PROVEN,
                    message=f"{rule} {found.message}",
                    subject=subject(rule),
                    place=rule.at(found.setting),
                    related=related_routes(found.others, "has traffic that switches it on"),
                    detail=found.detail,
                    advice=found.advice,
                )


def _number(rule: Rule, setting: str) -> float:
    return float(str(rule.settings.get(setting, 0)))


def _term(facts: Facts, rule: Rule, setting: str) -> str:
    return f"`{facts.policy.platform.term(rule.phase, setting)}`"


def _never(facts: Facts, rule: Rule) -> _Misfit | None:
    rise = steepest(facts.policy.platform.challenges.gain)
    most = {"trigger_rate": inf, "trigger_spike": rise} | dict.fromkeys(_FOREIGN, inf) | dict.fromkeys(_SHARES, 100.0)
    on = {setting: number for setting in most if (number := _number(rule, setting)) > 0}
    if any(number <= most[setting] for setting, number in on.items()):
        return None
    reasons = " and ".join(
        f"{_term(facts, rule, setting)} {number:g} is never reached" for setting, number in on.items()
    )
    advice = "set the signal it is meant for, or let the rule apply always"
    detail = (
        f"the average that traffic is measured against follows it with every request: traffic is at most {rise:.3g} times"
        " as much, however fast it rises",
    )
    return _Misfit(
        setting=next(iter(on), "activation"),
        severity=Severity.HIGH,
        message=f"never comes on: {reasons or 'all its signals are switched off'}",
        advice=advice,
        detail=detail if "trigger_spike" in on else (),
    )


def _steady(facts: Facts, rule: Rule) -> _Misfit | None:
    spike, word = _number(rule, "trigger_spike"), _term(facts, rule, "trigger_spike")
    if not 0 < spike <= 1:
        return None
    message = f"comes on with steady traffic: {word} {spike:g} is no rise above the average"
    return _Misfit(
        "trigger_spike", Severity.MEDIUM, message, f"set {word} to 2 or more, or to 0 to switch the signal off"
    )


def _late(facts: Facts, rule: Rule) -> _Misfit | None:
    delay, word = _number(rule, "trigger_delay"), _term(facts, rule, "trigger_delay")
    if delay <= _LATE:
        return None
    return _Misfit(
        setting="trigger_delay",
        severity=Severity.LOW,
        message=f"comes on only after {lasting(delay)} of pressure without a pause",
        advice=f"set {word} to some seconds",
        detail=(f"{word} is how long pressure lasts before the rule applies, not how long the rule stays on",),
    )


def _foreign(facts: Facts, rule: Rule) -> _Misfit | None:
    signals = [setting for setting in _FOREIGN if _number(rule, setting) > 0]
    others = _others(facts, rule) if signals else ()
    if not others:
        return None
    chatty = tuple(service for service in others if _keeps_connections(facts, service))
    names = ", ".join(_term(facts, rule, setting) for setting in signals)
    return _Misfit(
        setting=signals[0],
        severity=Severity.MEDIUM if chatty else Severity.LOW,
        message=f"also comes on because of traffic it does not match, such as that for `{(chatty or others)[0].name}`",
        advice="switch these signals off with 0, and go by the rate of the requests that the rule matches",
        detail=(
            f"{names} look at the whole edge, where open WebSocket connections count as active requests",
            "assumes that others get so busy; `websockets: true` in `topology.upstreams` says who keeps connections open",
        ),
        others=chatty or others,
    )


def _others(facts: Facts, rule: Rule) -> tuple[Service, ...]:
    """The services with origins of their own that the rule catches nothing of, none where it catches nothing of any."""
    mine = touched(facts, rule)
    services = (service for service in facts.routing.services if any(map(served, service.routes)))
    return tuple(service for service in services if mine and service not in mine)


def _keeps_connections(facts: Facts, service: Service) -> bool:
    return any(facts.topology.upstream(route.host).websockets is True for route in service.routes)
