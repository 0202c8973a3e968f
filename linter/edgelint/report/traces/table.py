"""The accounts of many requests in a table: a line for each, with what every phase does and what it comes to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from edgelint.model.policy import Policy
from edgelint.replay import route_name
from edgelint.report._safe import visible, width
from edgelint.tracing.account import CACHE, Account
from edgelint.tracing.stages import Look, Stage

_WIDEST = 60
"""The greatest width of a column but the last."""

_MARKS = {"applies": "", "partly": " (some targets)", "passed": " (passed)", "unknown": "?"}


def render(policy: Policy, accounts: Iterable[tuple[str, Account]]) -> str:
    """A table of accounts, each with what it is called."""
    phases = [phase.name for phase in policy.phases if phase.name != CACHE]
    behind = [phase.name for phase in policy.phases if phase.name == CACHE]
    head = ("place", "request", *phases, "route", *behind, "decision")
    rows = [head, *(_row(place, one, phases, behind) for place, one in accounts)]
    widths = [min(_WIDEST, max(width(row[column]) for row in rows)) for column in range(len(head) - 1)]
    return "".join(_line(row, widths) for row in rows)


def _row(place: str, account: Account, phases: Sequence[str], behind: Sequence[str]) -> tuple[str, ...]:
    stages = {stage.phase.name: stage for stage in account.stages}
    route = account.landing.route if account.landing else None
    decision = account.decision
    words = f"{decision.kind} {decision.status}" if decision.status else decision.kind
    if decision.unless:
        words += f" unless {', '.join(rule.name for rule in decision.unless)}"
    sent = account.arrival.sent
    cells = (
        place,
        f"{sent.method} {sent.url}",
        *(_cell(stages.get(name)) for name in phases),
        route_name(route).strip("`") if route else "-",
        *(_cell(stages.get(name)) + _by(account) for name in behind),
        words + (f" to {decision.location}" if decision.location else ""),
    )
    return tuple(map(visible, cells))


def _by(account: Account) -> str:
    return " (passed by)" if any(one.bypass for one in account.storing) else ""


def _cell(stage: Stage | None) -> str:
    looks = [look for look in stage.looks if look.standing in _MARKS] if stage else []
    return ", ".join(map(_named, looks)) or "-"


def _named(look: Look) -> str:
    return f"{look.rule.name}{_MARKS[look.standing]}"


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = [_fitted(cell, size) for cell, size in zip(row, widths, strict=False)]
    return "  ".join([*cells, row[-1]]).rstrip(" ") + "\n"


def _fitted(text: str, size: int) -> str:
    while width(text) > size:
        text = f"{text.removesuffix('...')[:-1]}..." if len(text) > 3 else text[:-1]
    return text + " " * (size - width(text))
