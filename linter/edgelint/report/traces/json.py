"""Accounts of requests for scripts: a stable, versioned JSON document."""

from __future__ import annotations

from collections.abc import Iterable

from edgelint import __version__
from edgelint.model.policy import Policy, Rule, Target
from edgelint.model.reason import Reason
from edgelint.record import record
from edgelint.replay import route_name
from edgelint.report._places import Places
from edgelint.report._safe import Object, dump
from edgelint.report.traces.words import outcome
from edgelint.tracing.account import Account
from edgelint.tracing.arrival import Arrival
from edgelint.tracing.landing import Landing, Storing
from edgelint.tracing.stages import KeyValue, Look, Stage

VERSION = 1
"""Grows when a key changes its meaning or goes away; keys may be added at any time."""


@record
class Unread:
    """A request that could not be traced: its place in the file, and why."""

    place: str
    message: str


def render(
    policy: Policy, accounts: Iterable[tuple[str, Account]], unread: Iterable[Unread] = (), *, everything: bool = False
) -> str:
    """The document; with rules that do not match where everything is to be told."""
    teller = _Teller(policy, everything)
    document: Object = {
        "version": VERSION,
        "tool": {"name": "edgelint", "version": __version__},
        "policy": {"name": policy.name, "platform": policy.platform.name, "problems": len(policy.problems)},
        "traces": [teller.account(place, account) for place, account in accounts],
        "unread": [{"place": one.place, "message": one.message} for one in unread],
    }
    return dump(document)


class _Teller:
    """What turns accounts of one policy into objects."""

    def __init__(self, policy: Policy, everything: bool) -> None:
        self.policy = policy
        self.everything = everything
        self.places = Places()

    def account(self, place: str, account: Account) -> Object:
        decision = account.decision
        return {
            "place": place,
            "request": _sent(account.arrival),
            "assumed": list(account.arrival.assumed),
            "notes": list(account.arrival.notes),
            "listener": account.arrival.listener.name if account.arrival.listener else None,
            "passes": [rule.name for rule in account.held],
            "seen": _seen(account.arrival),
            "phases": [self._stage(stage) for stage in account.stages],
            "route": _landing(account.landing) if account.landing else None,
            "cache": [_storing(storing) for storing in account.storing],
            "decision": {
                "kind": decision.kind,
                "status": decision.status or None,
                "location": decision.location or None,
                "text": decision.words,
                "rule": decision.rule.name if decision.rule else None,
                "unless": [rule.name for rule in decision.unless],
            },
        }

    def _stage(self, stage: Stage) -> Object:
        shown = (look for look in stage.looks if self.everything or look.standing != "differs")
        return {
            "phase": stage.phase.name,
            "algorithm": stage.phase.algorithm,
            "not_asked": stage.idle or None,
            "rules": stage.rules,
            "looked_at": len(stage.looks),
            "looks": [self._look(look) for look in shown],
            "skipped": [rule.name for rule in stage.skipped],
        }

    def _look(self, look: Look) -> Object:
        return {
            "rule": self._rule(look.rule),
            "standing": look.standing,
            "text": outcome(self.policy, look),
            "reasons": [_reason(reason) for reason in look.reasons],
            "key": [_part(part) for part in look.key],
            "targets": [target.name or target.id for target in look.targets],
        }

    def _rule(self, rule: Rule) -> Object:
        location = self.places.location(rule.place)
        return {
            "phase": rule.phase,
            "id": rule.id,
            "name": rule.name,
            "path": location.path,
            "line": location.line,
            "column": location.column,
            "pointer": location.logical,
        }


def _sent(arrival: Arrival) -> Object:
    sent = arrival.sent
    return {
        "method": sent.method,
        "url": sent.url,
        "headers": [[name, value] for name, value in sent.headers],
        "ip": sent.address,
    }


def _seen(arrival: Arrival) -> Object | None:
    """The request as the rules see it."""
    request = arrival.request
    if request is None or arrival.early is not None:
        return None
    return {
        "method": request.method,
        "protocol": request.protocol,
        "host": request.host,
        "path": request.path,
        "remote_ip": request.address,
        "headers": [[name, value] for name, value in request.headers],
        "cookies": request.cookies(),
        "query": [[name, value] for name, value in request.query],
    }


def _reason(reason: Reason) -> Object:
    return {
        "text": reason.text,
        "start": reason.span[0],
        "end": reason.span[1],
        "result": reason.verdict,
        "values": [
            {"part": seen.part, "value": list(seen.value) if isinstance(seen.value, tuple) else seen.value}
            for seen in reason.seen
        ],
        "error": reason.error or None,
    }


def _part(part: KeyValue) -> Object:
    return {
        "source": part.field.kind,
        "name": part.field.name or None,
        "value": part.value,
        "missing": part.missing,
        "cut": part.cut,
    }


def _landing(landing: Landing) -> Object | None:
    route = landing.route
    if route is None:
        return None
    return {
        "id": route.id,
        "name": route_name(route).strip("`"),
        "default": route.default,
        "action": route.action,
        "location": landing.location or None,
        "targets": [_target(target) for target in landing.targets],
    }


def _target(target: Target) -> Object:
    return {
        "id": target.id,
        "name": target.name,
        "origin": target.origin or None,
        "priority_group": target.group,
        "weight": target.weight,
    }


def _storing(storing: Storing) -> Object:
    return {
        "rule": storing.rule.name,
        "bypass": storing.bypass or None,
        "kept": storing.kept and not storing.bypass,
        "key": [[name, value] for name, value in storing.key],
    }
