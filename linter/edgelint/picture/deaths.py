"""Why a rule never takes effect."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from edgelint.facts import Facts
from edgelint.knowledge.addressees import for_strangers
from edgelint.knowledge.caching import Cache
from edgelint.knowledge.landings import Landings
from edgelint.knowledge.stages import Stages
from edgelint.model.policy import Rule
from edgelint.record import record
from edgelint.space.questions import member

Cause = Literal[
    "disabled",
    "contradiction",
    "not-routed",
    "not-arriving",
    "shadowed",
    "blocked-before",
    "never-active",
    "cache-off",
    "never-stored",
    "not-served",
]


@record(eq=False)
class Death:
    """Why a rule never takes effect, and the rules that see to that, where there are such."""

    cause: Cause
    by: tuple[Rule, ...] = ()


def death(facts: Facts, rule: Rule) -> Death | None:
    """Why a rule never takes effect; None where it does, or where that is not decided."""
    return next(_causes(facts, rule), None)


def _causes(facts: Facts, rule: Rule) -> Iterator[Death]:
    if not rule.enabled:
        yield Death("disabled")
        return
    if facts.effective(rule).answer.no:
        yield _without_requests(facts, rule)
        return
    if rule.conditional and not any(_switches_on(rule)):
        yield Death("never-active")
    blocks = facts.once(Stages).refused(rule)
    if blocks:
        yield Death("blocked-before", blocks)
    if rule.outcome.kind == "cache":
        yield from _unkept(facts, rule)
    if facts.routing.routes and not for_strangers(facts, rule) and facts.once(Landings).unserved(facts.live(rule)):
        yield Death("not-served")


def _without_requests(facts: Facts, rule: Rule) -> Death:
    if facts.effective(rule).used:
        return Death("shadowed", facts.shadows(rule))
    if facts.never(rule.match.expression):
        return Death("contradiction")
    return Death("not-routed" if member(facts.region(rule)).no else "not-arriving")


def _switches_on(rule: Rule) -> Iterator[bool]:
    """For each signal that can switch an automatic rule on, whether it is looked at."""
    for setting, value in rule.settings.items():
        if setting.startswith("trigger_") and setting not in ("trigger_window", "trigger_delay", "trigger_quiet"):
            yield isinstance(value, int | float) and value > 0


def _unkept(facts: Facts, rule: Rule) -> Iterator[Death]:
    store = facts.policy.store
    if store is not None and not store.enabled:
        yield Death("cache-off")
    if member(facts.once(Cache).storable(rule)).no:
        yield Death("never-stored")
