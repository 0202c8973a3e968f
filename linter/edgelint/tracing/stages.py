"""What the phases of a policy make of a request: the rules that are looked at, what each of them comes to, and why.

It rests on the plain interpretation of conditions, as `replay` does, and tells in addition what that one passes over: rules
that fail, that are inactive in quiet times, or whose condition has no model.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import Literal

from edgelint.model.expression import Field, Opaque
from edgelint.model.parts import values_of
from edgelint.model.policy import Phase, Policy, Rule, Target
from edgelint.model.reason import Reason
from edgelint.model.request import Request
from edgelint.record import record, replace
from edgelint.space.limits import Unbounded

Standing = Literal["applies", "passed", "partly", "inactive", "elsewhere", "differs", "fails", "unknown"]
"""What a look at a rule comes to.

`applies`: it takes effect; `passed`: it would stop the visitor, who holds its pass; `partly`: it takes effect for some of the
targets that may serve; `inactive`: its condition holds, but it is not in force; `elsewhere`: its condition holds, but it is
for other routes or targets; `differs`: its condition is false; `fails`: the evaluation ends in an error, so that the rule does
not match; `unknown`: there is no model for what it asks.
"""


@record
class KeyValue:
    """One part of a key: what it is for a request. `missing` says that the request has none, `cut` that it was longer."""

    field: Field
    value: str
    missing: bool
    cut: bool


@record
class Look:
    """One rule that was looked at. `why` says what is not in the condition; `key` is what a rule counts the request by."""

    rule: Rule
    standing: Standing
    reasons: tuple[Reason, ...] = ()
    why: str = ""
    key: tuple[KeyValue, ...] = ()
    targets: tuple[Target, ...] = ()


@record
class Stage:
    """What one phase did: the rules it looked at, in order, and how many enabled ones it has.

    `idle` says why it was not asked at all. `skipped` are rules that would match and that a pass keeps from being looked at.
    """

    phase: Phase
    looks: tuple[Look, ...] = ()
    rules: int = 0
    idle: str = ""
    skipped: tuple[Rule, ...] = ()

    @property
    def effective(self) -> tuple[Look, ...]:
        """The looks at rules that take effect."""
        return tuple(look for look in self.looks if look.standing in ("applies", "partly"))

    @property
    def doubts(self) -> tuple[Look, ...]:
        """The looks at rules of which it is not known whether they take effect."""
        return tuple(look for look in self.looks if look.standing == "unknown")


Detail = Literal["none", "effective", "all"]
"""For which rules reasons are looked for: for none, for those that do not simply differ, or for all."""


@record
class Wishes:
    """How requests are traced: the conditional rules in force, whether the visitor holds every pass, and how much is told."""

    active: frozenset[Rule] = frozenset()
    passes: bool = False
    detail: Detail = "effective"


class Tracer:
    """One request on its way through the phases of a policy."""

    def __init__(self, policy: Policy, request: Request, unreadable: Collection[str], wishes: Wishes) -> None:
        self.policy = policy
        self.request = request
        self.wishes = wishes
        self._unreadable = re.compile("|".join(rf"\b{name}\b" for name in sorted(unreadable))) if unreadable else None

    def stage(self, phase: Phase, route: str | None = None, targets: Iterable[Target] = ()) -> Stage:
        """What a phase does with the request; where its rules are bound to routes and targets, with those it goes to."""
        rules, looks = phase.active, []
        serving = tuple(targets)
        for position, rule in enumerate(rules):
            look = self._look(rule, route, serving)
            looks.append(look)
            if phase.algorithm != "first_match":
                continue
            if look.standing == "passed":
                return Stage(phase, tuple(looks), len(rules), skipped=tuple(self._skipped(rules[position + 1 :])))
            if look.standing == "applies":
                break
            if look.standing == "partly":
                serving = tuple(one for one in serving if one not in look.targets)
        return Stage(phase, tuple(looks), len(rules))

    def _skipped(self, rules: Iterable[Rule]) -> Iterator[Rule]:
        in_force = (rule for rule in rules if not rule.conditional or rule in self.wishes.active)
        return islice((rule for rule in in_force if self._standing(rule)[0] == "applies"), 20)

    def _look(self, rule: Rule, route: str | None, serving: tuple[Target, ...]) -> Look:
        standing, why = self._standing(rule)
        look = Look(rule, standing, (), why, (), ())
        if standing != "applies":
            return self._explained(look)
        look = self._bound(look, route, serving)
        if look.standing == "applies" and rule.conditional and rule not in self.wishes.active:
            look = replace(look, standing="inactive", why="it is automatic, and taken to be inactive as in quiet times")
        if look.standing == "applies" and rule.outcome.passable and self.wishes.passes:
            look = replace(look, standing="passed")
        if look.standing in ("applies", "partly") and rule.key is not None:
            look = self._counted(look)
        return self._explained(look)

    def _standing(self, rule: Rule) -> tuple[Standing, str]:
        """What the condition of a rule comes to, and why where the condition does not say it."""
        match = rule.match
        if isinstance(match.expression, Opaque) and match.language is None:
            return "unknown", "its condition could not be read"
        if self._unreadable and (part := self._unreadable.search(match.text)):
            return "unknown", f"`{part[0]}` of this request is no UTF-8, for which there is no model"
        try:
            verdict = match.evaluate(self.request)
            costs = self.policy.platform.costs
            if verdict and costs and match.cost(self.request, costs.limit) > costs.limit:
                return "fails", f"evaluating it costs more than {costs.limit}, so the edge gives up"
        except Unbounded as limit:
            return "unknown", f"there is no model for its condition: {limit.reason}"
        return ("fails" if verdict is None else "applies" if verdict else "differs"), ""

    def _bound(self, look: Look, route: str | None, serving: tuple[Target, ...]) -> Look:
        """The look at a rule whose condition holds, with regard to the routes and targets it is for."""
        wanted = {kind: {one.id for one in look.rule.references if one.kind == kind} for kind in ("route", "target")}
        if wanted["route"] and route not in wanted["route"]:
            return replace(look, standing="elsewhere", why="it is for other routes")
        if not wanted["target"]:
            return look
        fitting = tuple(target for target in serving if target.id in wanted["target"])
        if not fitting:
            return replace(look, standing="elsewhere", why="it is for other targets")
        return look if len(fitting) == len(serving) else replace(look, standing="partly", targets=fitting)

    def _explained(self, look: Look) -> Look:
        detail, language = self.wishes.detail, look.rule.match.language
        told = detail == "all" or (detail == "effective" and look.standing != "differs")
        if not told or language is None or look.standing == "unknown":
            return look
        try:
            return replace(look, reasons=language.explain(look.rule.match.text, self.request))
        except Unbounded:
            return look

    def _counted(self, look: Look) -> Look:
        """The look at a rule that counts, with what it counts the request by."""
        from edgelint.keys import fields, key  # late: it brings the engine along, which most requests do without

        values = key(look.rule, self.request, self.policy.platform)
        if values is None:
            return replace(look, standing="elsewhere", why="it counts no request without a part of its key")
        parts = zip(fields(look.rule), values, strict=True)
        return replace(look, key=tuple(self._key_value(field, value) for field, value in parts))

    def _key_value(self, field: Field, value: bytes) -> KeyValue:
        sent = next(iter(values_of(self.request, field)), "")
        most = self.policy.platform.limiting.value_bytes
        cut = most is not None and len(sent.encode("utf-8", "surrogatepass")) > most
        return KeyValue(field, value.decode("utf-8", "replace"), missing=not sent, cut=cut)
