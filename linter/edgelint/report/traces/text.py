"""The account of one request for people, phase by phase."""

from __future__ import annotations

from collections.abc import Iterator

from edgelint.model.policy import Rule
from edgelint.model.reason import Reason, Seen
from edgelint.replay import route_name
from edgelint.report._places import Places
from edgelint.report._safe import visible
from edgelint.report.text import STRONG
from edgelint.report.traces.words import outcome
from edgelint.tracing.account import CACHE, Account
from edgelint.tracing.landing import Landing, Storing
from edgelint.tracing.stages import KeyValue, Look, Stage

_LONGEST = 160
"""How much of one value, or of one part of a condition, is shown."""


def render(account: Account, *, colour: bool = False, everything: bool = False) -> str:
    """The account, a line or more for each step; with rules that do not match where everything is to be told."""
    return "\n".join(_Teller(account, colour, everything).lines()) + "\n"


class _Teller:
    """One account on its way to text. All text of others goes through `visible`."""

    def __init__(self, account: Account, colour: bool, everything: bool) -> None:
        self.account = account
        self.colour = colour
        self.everything = everything
        self.places = Places()

    def strong(self, text: str) -> str:
        return f"\x1b[{STRONG}m{text}\x1b[0m" if self.colour else text

    def lines(self) -> Iterator[str]:
        account = self.account
        yield from self._head()
        for stage in account.stages:
            if stage.phase.name == CACHE and account.landing is not None:
                yield from self._route(account.landing)
            yield from self._stage(stage)
        decision = account.decision
        status = f" ({decision.status})" if decision.status else ""
        yield self.strong(f"decision: {decision.kind}{status}") + f", {_short(decision.words)}"
        if decision.unless:
            names = ", ".join(_named(rule) for rule in decision.unless)
            yield f"  unless {names} takes it, which is not known"

    def _head(self) -> Iterator[str]:
        arrival, sent = self.account.arrival, self.account.arrival.sent
        yield self.strong(_short(f"{sent.method} {sent.url}")) + f" from {sent.address}"
        yield f"  policy: {visible(self.account.policy.name)}"
        if arrival.listener:
            listener = arrival.listener
            yield f"  listener: {visible(listener.name)} ({listener.protocol}, port {listener.port})"
        for line in arrival.assumed:
            yield f"  assumed: {_short(line)}"
        for rule in self.account.held:
            yield f"  assumed: a cookie with a valid pass of {_named(rule)}"
        for line in arrival.notes:
            yield f"  note: {_short(line)}"

    def _stage(self, stage: Stage) -> Iterator[str]:
        name = self.strong(stage.phase.title)
        if stage.idle:
            yield f"{name}: not asked, {stage.idle}"
        elif not stage.rules:
            yield f"{name}: no rules in force"
        else:
            noun = "rule" if stage.rules == 1 else "rules"
            yield f"{name}: {len(stage.looks)} of {stage.rules} {noun} looked at" + self._none(stage)
        for look in stage.looks:
            if self.everything or look.standing != "differs":
                yield from self._look(look)
        for storing in self.account.storing:
            if stage.phase.name == storing.rule.phase:
                yield from _stored(storing)
        if stage.skipped:
            names = ", ".join(_named(rule) for rule in stage.skipped)
            yield f"  not looked at any more, although it would match: {names}"

    def _none(self, stage: Stage) -> str:
        return ", none matches" if all(look.standing == "differs" for look in stage.looks) else ""

    def _look(self, look: Look) -> Iterator[str]:
        yield f"  {_named(look.rule)} {_short(outcome(self.account.policy, look))} ({self._where(look.rule)})"
        for reason in look.reasons:
            yield f"    {because(reason)}"
        if not look.rule.match.text and look.standing != "unknown":
            yield "    it has no condition and matches every request"
        if look.key:
            yield f"    key: {', '.join(map(_part, look.key))}"

    def _where(self, rule: Rule) -> str:
        location = self.places.location(rule.place)
        return visible(f"{location.path}:{location.line}" if location.line else location.logical)

    def _route(self, landing: Landing) -> Iterator[str]:
        name = self.strong("route")
        if landing.route is None:
            yield f"{name}: none, and no default route"
            return
        text = f"{name}: {visible(route_name(landing.route))}"
        yield f"{text}, redirects to {_short(landing.location)}" if landing.location else text
        for position, group in enumerate(landing.groups):
            targets = " or ".join(visible(target.origin or "a static answer") for target in group)
            yield f"  {'if none of these is healthy, ' if position else ''}to {targets}"


def because(reason: Reason) -> str:
    """Why a part of a condition comes to what it comes to."""
    seen = " and ".join(map(_value, reason.seen))
    if reason.verdict is None:
        absent = [one for one in reason.seen if one.value is None]
        how = "the request has none" if absent and reason.error == "no such key" else reason.error
        return f"{_short(reason.text)} fails: {_short(how)}"
    truth = "true" if reason.verdict else "false"
    return f"{_short(reason.text)} is {truth}" + (f": {seen}" if seen else "")


def _value(seen: Seen) -> str:
    match seen.value:
        case None:
            return f"{_short(seen.part)} is absent"
        case str(text):
            return f'{_short(seen.part)} is "{_short(text)}"'
        case texts:
            return f"{_short(seen.part)} is " + _short("[" + ", ".join(f'"{text}"' for text in texts) + "]")


def _part(part: KeyValue) -> str:
    value = f"{part.field} "
    if part.missing:
        return visible(f"{value}{part.value} (the request has none, and shares this with all that have none)")
    return _short(f'{value}"{part.value}"') + (" (cut)" if part.cut else "")


def _stored(storing: Storing) -> Iterator[str]:
    if storing.bypass:
        yield f"    passed by all the same: {_short(storing.bypass)}"
        return
    if not storing.kept:
        yield "    an answer is only looked for, none to this method is kept"
    yield "    cache key: " + ", ".join(f'{visible(name)} "{_short(value)}"' for name, value in storing.key)


def _named(rule: Rule) -> str:
    return f"`{visible(rule.name)}`"


def _short(text: str) -> str:
    shown = visible(text)
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 3]}..."
